"""The Department's side of the messages: the conversation of one dossier, and where an answer is awaited."""

from django.contrib import messages as notices
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import require
from core.errors import Refused
from dossiers import talk
from dossiers.models import Dossier, Stage
from dossiers.talk_form import MessageForm
from dossiers.views.desk import words
from dossiers.views.desk.ground import REFUSED, Way, dossier_of

PER_PAGE = 50


@never_cache
@require_safe
def desk_inbox(request: HttpRequest) -> HttpResponse:
    """Dossiers whose enterprise wrote something that nobody at the desk has read, the one waiting longest first."""
    require(request.user, "dossiers.work_list")
    new = Q(messages__read_at=None, messages__is_from_department=False)
    pks = talk.waiting_for_department(request.user).values("pk")
    found = (
        Dossier.objects.open_to(request.user)
        .filter(pk__in=pks)
        .select_related("enterprise", "product", "officer", "season")
        .annotate(new=Count("messages", filter=new), since=Max("messages__written_at", filter=new))
        .order_by("since", "pk")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "dossiers/desk/inbox.html", {"page_obj": page})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk_messages(request: HttpRequest, pk: int) -> HttpResponse:
    """Read and answer. Reading by an officer marks as read; the secretary only watches."""
    dossier, at = dossier_of(request, pk), timezone.now()
    way = Way.of(request.POST or request.GET)
    form = MessageForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        require(request.user, "dossiers.write_message", dossier)
        if form.is_valid():
            try:
                talk.write(dossier=dossier, text=form.cleaned_data["text"], by=request.user, at=at)
            except Refused as refused:
                form.add_error(None, refused.reasons)
            else:
                notices.success(request, _("The message is sent."))
                return redirect(f"{reverse('dossiers:desk_messages', kwargs={'pk': dossier.pk})}?{way.query}#last")
        status = REFUSED
    lines = talk.conversation(dossier, for_department=True)
    if request.method == "GET":
        talk.mark_read(dossier=dossier, by=request.user, at=at)
    stage, kind = words.STAGES[Stage(dossier.stage)]
    context = {
        "dossier": dossier,
        "stage": str(stage),
        "kind": kind,
        "way": way,
        "lines": lines,
        "form": form,
        "may_write": talk.may_write(request.user, dossier),
        "check_url": f"{reverse('dossiers:check', args=[dossier.pk])}?{way.query}",
    }
    return render(request, "dossiers/desk/messages.html", context, status=status)
