"""The demonstration's mailbox: every message that would have gone out, for anybody. Absent everywhere else."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mail import queries
from mail.models import DemoMessage
from mail.views.common import locked

SHOWN = 200


def _only_here() -> None:
    if not settings.LOAD_DEMO:
        raise Http404


def _message(request: HttpRequest, pk: int) -> tuple[DemoMessage, EmailMessage]:
    _only_here()
    row = queries.demo_messages(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404
    parsed = message_from_bytes(bytes(row.raw), policy=default)
    assert isinstance(parsed, EmailMessage)  # what this policy makes
    return row, parsed


@login_not_required
@require_safe
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    _only_here()
    search = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    rows = queries.demo_messages(request.user).defer("raw")
    if search:
        rows = rows.filter(Q(to__icontains=search) | Q(subject__icontains=search))
    return render(request, "mail/mailbox.html", {"rows": rows[:SHOWN], "search": search, "shown": SHOWN})


@login_not_required
@require_safe
@never_cache
def message(request: HttpRequest, pk: int) -> HttpResponse:
    row, parsed = _message(request, pk)
    text = _face(parsed, "plain")
    context: dict[str, Any] = {
        "row": row,
        "text": text,
        "has_html": bool(_face(parsed, "html")),
        "links": _links(text),
        "headers": [(name, str(parsed.get(name, ""))) for name in ("From", "To", "Reply-To", "Message-ID")],
        "attachments": [part.get_filename() or "" for part in parsed.iter_attachments()],
    }
    return render(request, "mail/mailbox_message.html", context)


@login_not_required
@require_safe
def message_html(request: HttpRequest, pk: int) -> HttpResponse:
    html = _face(_message(request, pk)[1], "html")
    if not html:
        raise Http404
    return locked(html)


@login_not_required
@require_safe
def attachment(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    parts = list(_message(request, pk)[1].iter_attachments())
    if not 1 <= number <= len(parts):
        raise Http404
    part = parts[number - 1]
    content = part.get_payload(decode=True)
    response = HttpResponse(content, content_type="application/octet-stream")
    name = re.sub(r"[^\w.-]", "_", part.get_filename() or "attachment", flags=re.ASCII)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _face(message: EmailMessage, subtype: str) -> str:
    body = message.get_body(preferencelist=(subtype,))
    return str(body.get_content()) if body is not None else ""


def _links(text: str) -> list[dict[str, str]]:
    """Addresses of this site, each with the words of its button (the line above it)."""
    lines = text.splitlines()
    found: list[dict[str, str]] = []
    for position, line in enumerate(lines):
        if line.startswith(f"{settings.SITE_URL}/") and not any(one["url"] == line for one in found):
            above = lines[position - 1].rstrip(":") if position else ""
            found.append({"url": line.strip(), "words": above or line})
    return found
