"""The counter: a dossier that comes on paper."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import can, require
from core.errors import Refused
from dossiers import wall
from dossiers.models import Dossier
from enterprises import tax_code
from enterprises.models import Enterprise
from enterprises.queries import by_tax_code
from onestop import actions, queries
from onestop.counter_forms import NEW, CodeForm, CounterForm, Scans, ShortEnterpriseForm, read_scans, received_now
from onestop.models import PaperIntake
from onestop.views.common import REFUSED
from programme.doors import season_of
from programme.models import Season


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def receive(request: HttpRequest) -> HttpResponse:
    """First the tax code, then the dossier. What was typed stays; only files have to be chosen again."""
    require(request.user, "onestop.receive")
    given = request.POST if request.method == "POST" else request.GET
    code_form = CodeForm(given if "mst" in given else None)
    context: dict[str, Any] = {"code_form": code_form, "seasons": queries.open_seasons(timezone.now())}
    if not code_form.is_bound or not code_form.is_valid() or not context["seasons"]:
        refused = code_form.is_bound and bool(code_form.errors)
        return render(request, "onestop/receive.html", context, status=REFUSED if refused else 200)
    code = tax_code.legal_entity(code_form.cleaned_data["mst"])
    desk = _Desk(request, code, context["seasons"])
    if request.method == "POST":
        return desk.take(context)
    return desk.show(context)


class _Desk:
    """One visit at the counter: the forms of the page, and what they become."""

    def __init__(self, request: HttpRequest, code: str, seasons: list[Season]) -> None:
        self.request, self.code, self.seasons = request, code, seasons
        self.at = timezone.now()
        self.enterprise: Enterprise | None = by_tax_code(code)
        self.season = self._season()
        self.is_closed = self.enterprise is not None and self.enterprise.pk in wall.closed_enterprises(request.user)
        self.there: list[Dossier] = []
        if self.enterprise is not None and not self.is_closed:
            self.there = queries.dossiers_of(self.enterprise, self.season)
        data = request.POST if request.method == "POST" else None
        products = queries.products_at_counter(self.enterprise) if self.enterprise else []
        self.form = CounterForm(
            data,
            seasons=seasons,
            products=products,
            taken={dossier.product_id for dossier in self.there},
            initial=self._start(),
        )
        self.enterprise_form = None if self.enterprise else ShortEnterpriseForm(data, prefix="dn")
        self.alike: list[Enterprise] = []
        self.same_product: Any = None
        self.reasons: list[str] = []

    def _season(self) -> Season:
        """The one chosen on the page; else the running one, when it has begun."""
        chosen = self.request.POST.get("season", "")
        running = season_of(self.request)
        for season in self.seasons:
            if str(season.year) == chosen:
                return season
        return running if running in self.seasons and running is not None else self.seasons[0]

    def _start(self) -> dict[str, Any]:
        start: dict[str, Any] = {"season": str(self.season.year), "received_at": received_now(self.at)}
        if self.enterprise is not None:
            start |= {"contact_phone": self.enterprise.phone, "contact_email": self.enterprise.email}
        return start

    def show(self, context: dict[str, Any], status: int = 200) -> HttpResponse:
        enterprise = self.enterprise
        context |= {
            "code": self.code,
            "enterprise": enterprise,
            "is_own": enterprise is not None and can(self.request.user, "enterprises.represent", enterprise),
            "is_closed": self.is_closed,
            "form": self.form,
            "enterprise_form": self.enterprise_form,
            "forms": [self.enterprise_form] if self.enterprise_form else [],
            "there": self.there,
            "alike": self.alike,
            "same_product": self.same_product,
            "reasons": self.reasons,
            "rows": list(self.form.rows()),
            "new_product": NEW,
            "files_again": self.request.method == "POST" and bool(self.request.FILES),
            "season": self.season,
        }
        return render(self.request, "onestop/receive.html", context, status=status)

    def take(self, context: dict[str, Any]) -> HttpResponse:
        known = self._sent_before()
        if known is not None:
            return redirect("onestop:forms", pk=known.pk)
        scans, wrong = read_scans(self.request.FILES)
        self.form.scan_errors = wrong  # type: ignore[attr-defined]
        # Both are asked, so that every mistake shows at once.
        fine = [form.is_valid() for form in (self.form, self.enterprise_form) if form is not None]
        alone = [self._product_is_new(), self._enterprise_is_new()]
        if all(fine) and all(alone) and not wrong:
            done = self._received(scans)
            if done is not None:
                return done
        return self.show(context, REFUSED)

    def _sent_before(self) -> Dossier | None:
        """The second press of the same page."""
        try:
            token = uuid.UUID(self.request.POST.get("token", ""))
        except ValueError:
            return None
        found = PaperIntake.objects.filter(token=token, taken_by=self.request.user.pk)
        row = found.select_related("dossier").first()
        return row.dossier if row else None

    def _product_is_new(self) -> bool:
        if self.enterprise is None or not self.form.wants_new:
            return True
        self.same_product = queries.same_product(self.enterprise, self.form.data.get("name_vi", ""))
        if self.same_product is None or self.form.cleaned_data.get("is_other_product"):
            return True
        self.reasons.append(
            _("The enterprise has a product of nearly this name: %(name)s. Choose it, or confirm that it is another.")
            % {"name": self.same_product.name_vi}
        )
        return False

    def _enterprise_is_new(self) -> bool:
        asked = self.enterprise_form
        if asked is None:
            return True
        facts = asked.cleaned_data
        self.alike = queries.same_names(facts.get("name_vi", ""), facts.get("phone", ""))
        if not self.alike or facts.get("is_another"):
            return True
        self.reasons.append(_("An enterprise like this is registered under another tax code. Compare first."))
        return False

    def _received(self, scans: Scans) -> HttpResponse | None:
        data = self.form.cleaned_data
        counter = actions.Counter(
            season=self.form.seasons[data["season"]],
            track=data["track"],
            received_at=data["received_at"],
            enterprise=self.enterprise,
            tax_code=self.code,
            enterprise_facts=self.enterprise_form.facts() if self.enterprise_form else {},
            product=self.form.chosen_product(),
            product_facts=self.form.product_facts() if self.form.wants_new else {},
            contact=self.form.contact(),
            papers=self.form.papers(),
            scans=scans,
        )
        by = self.request.user
        try:
            dossier = actions.receive(counter=counter, token=data["token"], by=by, at=self.at)
        except Refused as refused:
            self.reasons += refused.reasons
            return None
        try:
            made = actions.make_form(form="01", dossier=dossier, by=by, at=timezone.now())
        except Refused as refused:
            messages.success(self.request, _("Received: %(number)s.") % {"number": dossier.number})
            for reason in refused.reasons:
                messages.warning(self.request, reason)
            return redirect("onestop:forms", pk=dossier.pk)
        messages.success(self.request, _("Received: %(number)s. Print the receipt.") % {"number": dossier.number})
        return redirect("onestop:made", pk=made.pk)
