"""The enterprise writes to the officer inside its dossier, and reads the answers."""

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Refused
from dossiers import talk
from dossiers.models import Dossier
from dossiers.talk_form import MessageForm
from dossiers.views.applicant.stages import stage_tag
from dossiers.views.applicant.whose import own_dossier


@require_http_methods(["GET", "HEAD", "POST"])
@own_dossier
def messages(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The conversation, oldest first; what is opened here counts as read."""
    at = timezone.now()
    form = MessageForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        if form.is_valid():
            try:
                talk.write(dossier=dossier, text=form.cleaned_data["text"], by=request.user, at=at)
            except Refused as refused:
                form.add_error(None, refused.reasons)
            else:
                notices.success(request, _("Your message is sent."))
                return redirect(f"{reverse('dossiers:messages', kwargs={'pk': dossier.pk})}#last")
        status = 409
    lines = talk.conversation(dossier, for_department=False)
    if request.method == "GET":
        talk.mark_read(dossier=dossier, by=request.user, at=at)
    context = {
        "dossier": dossier,
        "tag": stage_tag(dossier, timezone.localdate(at)),
        "lines": lines,
        "form": form,
        "may_write": talk.may_write(request.user, dossier),
        "most": talk.MAX_LETTERS,
    }
    return render(request, "dossiers/messages.html", context, status=status)
