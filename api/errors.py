"""Every refusal of the API has one shape (RFC 9457): type, title, status, detail, errors."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

MEDIA_TYPE = "application/problem+json"


class CodedNotFound(exceptions.NotFound):
    """A 404 whose `code` tells why, for example `mistyped` from `unknown`."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail, code)
        self.code = code


def problem(
    *, status: int, code: str, title: str, detail: str, errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """The body. `type` is an address of the documentation; clients branch on `code`."""
    return {
        "type": f"{settings.SITE_URL}/api/docs/#problem-{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": errors or [],
    }


def titles() -> dict[int, tuple[str, str]]:
    """Status to code and title."""
    return {
        400: ("invalid", _("The request was not understood")),
        404: ("unknown", _("Not found")),
        405: ("method", _("This method is not offered")),
        406: ("not_acceptable", _("This format is not offered")),
        429: ("throttled", _("Too many requests")),
    }


def handle(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what DRF answers into a problem; what it does not know stays an error of the server."""
    response = exception_handler(exception, context)
    if response is None:
        return None
    code, title = titles().get(response.status_code, ("refused", _("The request was refused")))
    code = getattr(exception, "code", code)
    errors = _errors(exception.detail) if isinstance(exception, exceptions.ValidationError) else []
    response.data = problem(
        status=response.status_code, code=code, title=title, detail=_detail(exception, title, errors), errors=errors
    )
    response.content_type = MEDIA_TYPE
    return response


def _detail(exception: Exception, title: str, errors: list[dict[str, str]]) -> str:
    if errors:
        return " ".join(error["detail"] for error in errors)
    if isinstance(exception, Http404 | PermissionDenied):
        return title
    detail = getattr(exception, "detail", "")
    return str(detail) if isinstance(detail, str) else title


def _errors(detail: Any) -> list[dict[str, str]]:
    """One entry per parameter and reason."""
    fields = detail if isinstance(detail, Mapping) else {"": detail}
    return [
        {"parameter": str(name), "code": str(getattr(reason, "code", "invalid")), "detail": str(reason)}
        for name, reasons in fields.items()
        for reason in (reasons if isinstance(reasons, list) else [reasons])
    ]


def nothing_here(request: HttpRequest) -> JsonResponse:
    """The answer to any address under /api/v1/ that is not a resource."""
    code, title = titles()[404]
    body = problem(status=404, code=code, title=title, detail=_("See /api/v1/ for everything that is offered."))
    response = JsonResponse(body, status=404, content_type=MEDIA_TYPE)
    response["Access-Control-Allow-Origin"] = "*"
    return response
