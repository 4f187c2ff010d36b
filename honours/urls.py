from django.urls import path
from django.utils.translation import pgettext_lazy

from honours.views import pages

app_name = "honours"
urlpatterns = [
    path(pgettext_lazy("url", "my-enterprises/<int:pk>/recognitions/"), pages.recognitions, name="recognitions"),
    path(pgettext_lazy("url", "my-enterprises/<int:pk>/recognitions/<int:recognition>/"), pages.use, name="use"),
    path(
        pgettext_lazy("url", "my-enterprises/<int:pk>/recognitions/<int:recognition>/kit.zip"), pages.kit, name="kit"
    ),
    path(
        pgettext_lazy("url", "my-enterprises/<int:pk>/recognitions/<int:recognition>/press-<str:language>.txt"),
        pages.press_text,
        name="press",
    ),
    path(
        pgettext_lazy("url", "my-enterprises/<int:pk>/recognitions/<int:recognition>/qr-<str:serial>.svg"),
        pages.qr,
        name="qr",
    ),
    path(
        pgettext_lazy("url", "my-enterprises/<int:pk>/recognitions/<int:recognition>/logo-<slug:name>.svg"),
        pages.lockup,
        name="lockup",
    ),
]
