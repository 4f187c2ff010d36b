"""The two ways to read how the API works: for machines and for people."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from api.errors import titles
from api.schema import endpoints, schema

LANGUAGES = ("vi", "en")


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """OpenAPI 3.1, always in English, so that it can be compared from release to release."""
    response = JsonResponse(schema("en"), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Access-Control-Allow-Origin"] = "*"
    return response


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The documentation, without a script or an outside host. `?lang=` chooses the language, else the browser's."""
    asked = request.GET.get("lang")
    language = asked if asked in LANGUAGES else translation.get_language_from_request(request)
    translation.activate(language)
    context = {
        "endpoints": endpoints(language),
        "problems": [(status, code, title) for status, (code, title) in titles().items()],
        "language": language,
    }
    return render(request, "api/docs.html", context)
