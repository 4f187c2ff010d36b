"""Addresses of the API have no slash at the end; one that was typed is forgiven."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from api import docs, errors, views

app_name = "api"

Answer = Callable[..., HttpResponse]
RESOURCES: list[tuple[str, Answer, str]] = [
    ("recognitions", views.Recognitions.as_view(), "recognitions"),
    ("recognitions/<int:pk>", views.OneRecognition.as_view(), "recognition"),
    ("products", views.Products.as_view(), "products"),
    ("products/<int:pk>", views.OneProduct.as_view(), "product"),
    ("enterprises", views.Enterprises.as_view(), "enterprises"),
    ("enterprises/<int:pk>", views.OneEnterprise.as_view(), "enterprise"),
    ("seasons", views.Seasons.as_view(), "seasons"),
    ("sectors", views.Sectors.as_view(), "sectors"),
    ("wards", views.Wards.as_view(), "wards"),
    ("certificates/<str:serial>", views.OneCertificate.as_view(), "certificate"),
]


def forgiving(view: Answer) -> Answer:
    """The same answer at a second address that the description does not list."""

    def answer(request: HttpRequest, **values: object) -> HttpResponse:
        return view(request, **values)

    return csrf_exempt(login_not_required(answer))


urlpatterns = [
    path("v1/", views.Root.as_view(), name="root"),
    path("v1", forgiving(views.Root.as_view())),
    path("v1/openapi.json", docs.openapi, name="openapi"),
    path("docs/", docs.docs, name="docs"),
]
urlpatterns += [path(f"v1/{route}", view, name=name) for route, view, name in RESOURCES]
urlpatterns += [path(f"v1/{route}/", forgiving(view)) for route, view, _name in RESOURCES]
urlpatterns += [re_path(r"^v1/.*$", csrf_exempt(login_not_required(errors.nothing_here)))]
