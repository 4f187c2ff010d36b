"""Acts on many dossiers: the dry run that lists every effect, the act, and its undoing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import require
from accounts.models import Role, User
from core.errors import Refused
from dossiers import bulk
from dossiers.models import BulkAct, Stage
from dossiers.views.desk import words
from dossiers.views.desk.checking import Way


def officers() -> list[User]:
    """Who can be given a dossier."""
    held = {"grants__role": Role.OFFICER, "grants__withdrawn_at": None, "is_active": True}
    return list(User.objects.filter(**held).order_by("full_name"))


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The act, the dossiers and the officer that a form names; what is no number is nobody."""
    pks = [int(pk) for pk in request.POST.getlist("dossier") if pk.isascii() and pk.isdigit() and len(pk) < 18]
    wanted = request.POST.get("officer", "")
    officer = next((person for person in officers() if str(person.pk) == wanted), None)
    return {"act": request.POST.get("act", ""), "pks": pks, "officer": officer}


@require_POST
def bulk_plan(request: HttpRequest) -> HttpResponse:
    """The dry run: nothing is written."""
    require(request.user, "accounts.officer")
    way = Way.of(request.POST)
    try:
        plan = bulk.plan(**_asked(request), by=request.user, at=timezone.now())
    except Refused as refused:
        return _page(request, None, way, reasons=refused.reasons, status=409)
    return _page(request, plan, way)


@require_POST
def bulk_do(request: HttpRequest) -> HttpResponse:
    """The act, bound to the dry run that was shown."""
    require(request.user, "accounts.officer")
    way, asked, at = Way.of(request.POST), _asked(request), timezone.now()
    try:
        done = bulk.do(**asked, mark=request.POST.get("mark", ""), by=request.user, at=at)
    except Refused as refused:
        try:
            plan = bulk.plan(**asked, by=request.user, at=at)
        except Refused:
            plan = None
        return _page(request, plan, way, reasons=refused.reasons, status=409)
    separator = "&" if "?" in way.back else "?"
    return redirect(f"{way.back}{separator}done={done.pk}")


@require_POST
def bulk_undo(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, "accounts.officer")
    found = BulkAct.objects.filter(pk=pk, done_by=request.user.pk).first()
    if found is None or bulk.touches_barred(found, request.user):
        raise Http404
    bulk.undo(bulk=found, by=request.user, at=timezone.now())
    n = len(found.effects)
    told = ngettext("Taken back for %(n)s dossier.", "Taken back for %(n)s dossiers.", n)
    messages.success(request, told % {"n": n})
    return redirect(Way.of(request.POST).back)


def _page(
    request: HttpRequest, plan: bulk.Plan | None, way: Way, *, reasons: Any = (), status: int = 200
) -> HttpResponse:
    context = {"plan": plan, "way": way, "reasons": reasons, "title": _("Act on several dossiers")}
    if plan is not None:
        context |= {
            "sentence": sentence(plan.act, len(plan.possible), plan.officer),
            "lines": [_line(effect) for effect in plan.effects],
            "button": str(ACT_WORDS[plan.act]),
        }
    return render(request, "dossiers/desk/bulk.html", context, status=status)


def _line(effect: bulk.Effect) -> dict[str, Any]:
    before, kind_before = words.STAGES[Stage(effect.dossier.stage)]
    after, kind_after = words.STAGES[Stage(effect.stage)]
    return {
        "effect": effect,
        "before": before,
        "kind_before": kind_before,
        "after": after,
        "kind_after": kind_after,
        "check_url": reverse("dossiers:check", args=[effect.dossier.pk]),
    }


ACT_WORDS = {
    bulk.TAKE: pgettext_lazy("bulk", "Take in hand"),
    bulk.GIVE: pgettext_lazy("bulk", "Give to an officer"),
    bulk.ADMIT: pgettext_lazy("bulk", "Find eligible"),
}


def sentence(act: str, n: int, officer: User | None) -> str:
    """What the act does, before or after it was done."""
    facts = {"n": n, "officer": officer or ""}
    sentences = {
        bulk.TAKE: ngettext("%(n)s dossier is taken in your hands.", "%(n)s dossiers are taken in your hands.", n),
        bulk.GIVE: ngettext("%(n)s dossier goes to %(officer)s.", "%(n)s dossiers go to %(officer)s.", n),
        bulk.ADMIT: ngettext("%(n)s dossier is found eligible.", "%(n)s dossiers are found eligible.", n),
    }
    return sentences[act] % facts
