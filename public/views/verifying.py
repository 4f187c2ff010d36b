"""Checking: a number that was typed, a file that was received, a question that wants a signed answer."""

import hashlib
import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from certificates import answers, signed_answers
from certificates.models import Certificate
from certificates.queries import FACTS
from certificates.signed_answers import scope_words
from core.errors import Refused
from public.client import A_MINUTE, ANSWERS, may_try_numbers, within_limit
from public.forms import EXAMPLE, QuestionForm, SerialForm
from public.views.certificate import refused, verdict_of
from signing import keys, verdict

FILES, FILE_SECONDS = 20, 600


@login_not_required
@csrf_exempt  # it changes nothing, and must work for a visitor without cookies
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Type the number of a certificate, or give its file. What fits its check character leads to its page."""
    if request.method == "POST":
        return _check_file(request)
    asked = "serial" in request.GET
    form = SerialForm(request.GET if asked else None)
    if asked and form.is_valid():
        return redirect("public:certificate", serial=form.cleaned_data["serial"])
    return _page(request, form=form)


def _page(request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
    shown = {"form": SerialForm(), "example": EXAMPLE, "question": QuestionForm(initial={"on": timezone.localdate()})}
    return render(request, "public/verify.html", shown | context, status=status)


@never_cache
def _check_file(request: HttpRequest) -> HttpResponse:
    """What the file says of itself and what the register says of it. Nothing of it is kept."""
    if not within_limit(request, "check-file", limit=FILES, seconds=FILE_SECONDS):
        return render(request, "429.html", status=429)
    given = request.FILES.get("file")
    if not isinstance(given, UploadedFile) or not given.size:
        return _page(request, status=400, file_error=_("Choose the PDF file of a certificate."))
    if given.size > verdict.LARGEST_BYTES:
        return _page(request, status=400, file_error=_("The file is larger than 10 MB; no certificate of ours is."))
    content = given.read()
    found = verdict.judge(content, at=timezone.now(), apart=True)
    sha256 = hashlib.sha256(content).hexdigest()
    certificate = Certificate.objects.select_related(*FACTS).filter(file_id=sha256).first()
    context = {
        "verdict": found,
        "certificate": certificate,
        "standing": verdict_of(certificate) if certificate else "",
        "sha256": sha256,
        "name": given.name,
        "now": timezone.now(),
    }
    return render(request, "public/checked.html", context)


@login_not_required
@never_cache
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Was it recognised on that day? The answer in words; its signed form is one press away."""
    if not request.GET:
        return redirect("public:verify")
    form = QuestionForm(request.GET)
    if not form.is_valid():
        return _page(request, question=form, status=400)
    said = answers.answer(form.question(), today=timezone.localdate())
    if _tries_numbers(request, said):
        return render(request, "429.html", status=429)
    context = {
        "said": said,
        "scope_words": scope_words(said.scope),
        "question": form,
        "now": timezone.now(),
        "query": request.GET.urlencode(),
    }
    return render(request, "public/answer.html", context)


@login_not_required
@never_cache
@require_safe
def signed_answer(request: HttpRequest) -> HttpResponse:
    """The same answer as a signed file that can be kept and shown. A question that is not whole gets its reasons, in
    the form in which the API gives them."""
    if not request.GET:
        return redirect("public:verify")
    form = QuestionForm(request.GET)
    if not form.is_valid():
        return _not_understood(form)
    at = timezone.now()
    said = answers.answer(form.question(), today=timezone.localdate(at))
    if _tries_numbers(request, said) or not within_limit(request, "answer", limit=ANSWERS, seconds=A_MINUTE):
        return render(request, "429.html", status=429)
    try:
        signed = signed_answers.signed_answer(said, key=keys.current("credential", at), at=at)
    except Refused as refusal:
        return refused(request, refusal)
    response = HttpResponse(json.dumps(signed, ensure_ascii=False, indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="tra-loi-{timezone.localdate(at):%Y%m%d}.json"'
    return response


def _tries_numbers(request: HttpRequest, said: answers.Answer) -> bool:
    return bool(said.question.number) and not said.found and not may_try_numbers(request)


def _not_understood(form: QuestionForm) -> HttpResponse:
    errors = [
        {"parameter": name, "code": one.code or "invalid", "detail": " ".join(one.messages)}
        for name, found in form.errors.as_data().items()
        for one in found
    ]
    title = _("The question was not understood.")
    problem = {"title": title, "status": 400, "code": "invalid", "detail": title, "errors": errors}
    return HttpResponse(json.dumps(problem, ensure_ascii=False), status=400, content_type="application/problem+json")
