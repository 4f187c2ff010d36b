"""The words of the letters: the list of kinds, and the editor of one kind in one language."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import require
from core.errors import Refused
from mail import actions, merge, queries, registry, rendering
from mail.forms import WordsForm
from mail.kinds import LetterKind
from mail.views.common import locked, refused


@require_safe
@never_cache
def texts(request: HttpRequest) -> HttpResponse:
    require(request.user, "mail.change_words")
    return render(request, "mail/texts.html", {"rows": queries.kind_lines(request.user)})


def _kind(request: HttpRequest, code: str, language: str) -> LetterKind:
    require(request.user, "mail.change_words")
    try:
        kind = registry.kind_named(code)
    except LookupError:
        raise Http404 from None
    if language not in rendering.LANGUAGES or not queries.may_see_kind(request.user, kind):
        raise Http404
    return kind


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, code: str, language: str) -> HttpResponse:
    kind = _kind(request, code, language)
    versions = queries.history(kind, language)
    version = versions[0].version if versions else 0
    subject, body = queries.words_of(kind)[language]
    if request.method != "POST":
        form = WordsForm(initial={"subject": subject, "body": body, "seen_version": version})
        return render(request, "mail/text.html", _facts(kind, language, form, versions))
    form = WordsForm(request.POST)
    context = _facts(kind, language, form, versions)
    if not form.is_valid():
        return render(request, "mail/text.html", context, status=409)
    try:
        actions.change_words(kind=code, language=language, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        return refused(request, "mail/text.html", context, refusal.reasons)
    messages.success(request, _("The words are kept. Letters from now on use them."))
    return redirect("mail:text", code=code, language=language)


@require_POST
def restore(request: HttpRequest, code: str, language: str) -> HttpResponse:
    kind = _kind(request, code, language)
    seen = request.POST.get("seen_version", "")
    number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1
    try:
        actions.restore_words(kind=code, language=language, seen_version=number, by=request.user, at=timezone.now())
    except Refused as refusal:
        versions = queries.history(kind, language)
        subject, body = queries.words_of(kind)[language]
        initial = {"subject": subject, "body": body, "seen_version": versions[0].version if versions else 0}
        context = _facts(kind, language, WordsForm(initial=initial), versions)
        return refused(request, "mail/text.html", context, refusal.reasons)
    messages.success(request, _("The standard words are back."))
    return redirect("mail:text", code=code, language=language)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """The letter with example values, for the frame beside the form: kept words, or those just typed."""
    kind = _kind(request, code, language)
    subject, body = queries.words_of(kind)[language]
    if request.method == "POST":
        subject = merge.one_line(request.POST.get("subject", ""))[:200]
        body = merge.plain(request.POST.get("body", ""))[:8000]
        found = merge.faults(subject, body, kind.field_names, kind.addresses)
        if found:
            sentences = [queries.words_for_fault(fault) for fault in found]
            return locked(render(request, "mail/preview_refused.html", {"reasons": sentences}).content.decode())
    return locked(rendering.example(kind, language, subject, body).html)


def _facts(kind: LetterKind, language: str, form: WordsForm, versions: list[Any]) -> dict[str, Any]:
    bound = form.data if form.is_bound else form.initial
    subject, body = str(bound.get("subject", "")), str(bound.get("body", ""))
    whole = not merge.faults(merge.one_line(subject), body, kind.field_names, kind.addresses)
    return {
        "kind": kind,
        "language": language,
        "other": "en" if language == "vi" else "vi",
        "form": form,
        "versions": versions,
        "version": versions[0].version if versions else 0,
        "is_changed": bool(versions) and not versions[0].is_standard,
        "shown": rendering.example(kind, language, subject, body) if whole else None,
    }
