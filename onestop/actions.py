"""A form is made, its text is changed, a dossier comes in over the counter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import can, require
from core import audit, files
from core.canonical import digest
from core.errors import Refused
from core.numbers import next_number
from core.uploads import DOCX, PDF, CheckedFile
from dossiers import actions as dossiers
from dossiers import queries as dossier_queries
from dossiers import wall
from dossiers.actions.scans import attach_scan
from dossiers.models import Dossier
from dossiers.papers import BY_CODE as PAPERS
from enterprises.actions import record_enterprise
from enterprises.models import Enterprise
from onestop import collecting, markup, possible, queries, sheet, writing_pdf
from onestop.faults import in_words, not_printable, still_missing
from onestop.kinds import BY_CODE, FormKind
from onestop.models import FormText, OfficeForm, PaperIntake
from products.actions import add_product
from products.models import Product
from programme.models import Season

# Facts of the paper, not of the matter: another day or number alone makes no other paper.
_OF_THE_DAY = ("số", "ngày lập")


class Missing(Refused):
    """A required field has no value; `found` names them and where they are filled in."""

    def __init__(self, kind: FormKind, found: list[sheet.Missing]) -> None:
        super().__init__([still_missing(kind, one) for one in found])
        self.found = found


# --- making a form ------------------------------------------------------------------------------------
@transaction.atomic
def make_form(
    *, form: str, dossier: Dossier, typed: Mapping[str, str] | None = None, by: Any, at: datetime
) -> OfficeForm:
    """Write the form in both faces and keep them by their digest. Pressed twice, it is one paper.

    Raises Missing when a required field has no value, Refused when the stage does not allow the form.
    """
    kind = BY_CODE[form]
    Dossier.objects.select_for_update().get(pk=dossier.pk)
    locked = dossier_queries.whole().get(pk=dossier.pk)
    if not (form == "01" and can(by, "onestop.have_receipt", locked)):
        require(by, "onestop.make", locked)
    reasons = possible.obstacles(kind, locked, at)
    if reasons:
        raise Refused(reasons)
    text = queries.text_of(kind)
    values = collecting.collect(kind, locked, by=by, at=at, typed=dict(typed or {}))
    found = [one for one in sheet.missing(kind, text, values) if one.name != "số"]
    if found:
        raise Missing(kind, found)
    template = markup.parse(text.body)
    used = (template.fields() | set(template.lists())) - set(_OF_THE_DAY)
    same = digest([form, text.digest, {name: value for name, value in values.items() if name in used}])
    twin = locked.office_forms.filter(form=form).order_by("-made_at", "-pk").first()
    if twin is not None and twin.content_digest == same:
        return twin
    return _made(kind, locked, text, values, same, by, at)


def _made(
    kind: FormKind, dossier: Dossier, text: sheet.Text, values: Any, content: str, by: Any, at: datetime
) -> OfficeForm:
    year = timezone.localdate(at).year
    number = next_number(f"form-{kind.code}-{year}")
    values = values | {"số": str(number)}
    paper = paper_of(kind, dossier, text, values)
    strange = sheet.unprintable(paper)
    if strange:
        raise Refused(not_printable(kind, strange))
    from onestop import writing_docx  # its library is loaded by the process that writes, not by every one

    pdf, docx = writing_pdf.write(paper), writing_docx.write(paper, at=at)
    made = OfficeForm.objects.create(
        form=kind.code,
        dossier=dossier,
        year=year,
        number=number,
        text_version=text.version,
        text_digest=text.digest,
        fields=values,
        content_digest=content,
        pdf=files.name(files.put(pdf), size_bytes=len(pdf), media_type=PDF, at=at),
        docx=files.name(files.put(docx), size_bytes=len(docx), media_type=DOCX, at=at),
        made_at=at,
        made_by=by,
        made_by_name=str(by)[:200],
    )
    audit.record(
        "form.made",
        made,
        by=by,
        at=at,
        dossier=dossier.pk,
        form=kind.code,
        number=number,
        text_version=text.version,
        pdf=made.pdf_id,
        docx=made.docx_id,
    )
    return made


def paper_of(kind: FormKind, dossier: Dossier, text: sheet.Text, values: Any) -> sheet.Sheet:
    """The sheet of a dossier's form. Its code leads to the tracking page."""
    address = collecting.tracking_address(dossier)
    return sheet.sheet_of(kind, text, values, code=dossier.number or "", address=address)


# --- the text of a form -------------------------------------------------------------------------------
@transaction.atomic
def change_text(*, form: str, body: str, seen_version: int, by: Any, at: datetime) -> FormText:
    """The words of a form from now on; papers already made keep theirs. Raises Refused with every fault."""
    kind = BY_CODE[form]
    reasons = in_words(kind, body)
    if reasons:
        raise Refused(reasons)
    return _new_version(kind, seen_version, by, at, body=body)


@transaction.atomic
def restore_text(*, form: str, seen_version: int, by: Any, at: datetime) -> FormText:
    """Back to the standard words; the changed ones stay in the history."""
    return _new_version(BY_CODE[form], seen_version, by, at, is_standard=True)


def _new_version(kind: FormKind, seen: int, by: Any, at: datetime, **words: Any) -> FormText:
    require(by, "onestop.change_texts")
    with connection.cursor() as cursor:  # two editors at once: one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"onestop-text-{kind.code}"])
    latest = FormText.objects.filter(form=kind.code).order_by("-version").first()
    version = latest.version if latest else 0
    if seen != version:
        name = latest.changed_by_name if latest else ""
        raise Refused(_("%(name)s changed this form meanwhile. Look at the new text first.") % {"name": name})
    made = FormText.objects.create(
        form=kind.code, version=version + 1, changed_by_name=str(by)[:200], changed_at=at, **words
    )
    audit.record("form_text.changed", made, by=by, at=at, version=made.version, standard=made.is_standard)
    return made


# --- the counter --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Counter:
    """What lies on the counter: whose it is, which product, which papers, and the scans of them.

    `enterprise` or the facts of a new one with its `tax_code`; `product` or the facts of a new one.
    """

    season: Season
    track: str
    received_at: datetime
    enterprise: Enterprise | None = None
    tax_code: str = ""
    enterprise_facts: Mapping[str, Any] = field(default_factory=dict)
    product: Product | None = None
    product_facts: Mapping[str, Any] = field(default_factory=dict)
    contact: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, int] = field(default_factory=dict)
    scans: Sequence[tuple[str, CheckedFile]] = ()


@transaction.atomic
def receive(*, counter: Counter, token: UUID, by: Any, at: datetime) -> Dossier:
    """Everything of one visit at the counter in one act. The same page sent twice finds the same dossier."""
    require(by, "onestop.receive")
    with connection.cursor() as cursor:  # the second press waits here for the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"onestop-intake-{token}"])
    known = PaperIntake.objects.filter(token=token).select_related("dossier").first()
    if known is not None and known.taken_by_id == by.pk:
        return known.dossier
    if known is not None:
        raise Refused(_("This page was sent by somebody else already. Open it anew."))
    if not counter.papers:
        raise Refused(_("Tick the papers that were received."))
    enterprise = counter.enterprise or record_enterprise(
        code=counter.tax_code, by=by, at=at, **counter.enterprise_facts
    )
    if can(by, "enterprises.represent", enterprise):
        raise Refused(_("You represent this enterprise. A colleague receives its dossier."))
    if enterprise.pk in wall.closed_enterprises(by):
        raise Refused(_("You have a conflict of interest with this enterprise. A colleague receives its dossier."))
    product = counter.product or add_product(enterprise=enterprise, by=by, at=at, **counter.product_facts)
    if product.enterprise_id != enterprise.pk:
        raise Refused(_("This product belongs to another enterprise."))
    dossier = dossiers.receive_on_paper(
        season=counter.season,
        product=product,
        track=counter.track,
        received_at=counter.received_at,
        by=by,
        at=at,
        **counter.contact,
    )
    listed = [{"paper": code, "copies": counter.papers[code]} for code in PAPERS if code in counter.papers]
    PaperIntake.objects.create(dossier=dossier, token=token, papers=listed, taken_at=at, taken_by=by)
    for paper, scan in counter.scans:
        attach_scan(
            dossier=dossier,
            paper=paper,
            name=scan.name,
            content=scan.content,
            media_type=scan.media_type,
            by=by,
            at=at,
        )
    return dossier


@transaction.atomic
def add_scans(*, dossier: Dossier, scans: Sequence[tuple[str, CheckedFile]], by: Any, at: datetime) -> None:
    """Scans of papers that lie at the counter, all or none."""
    for paper, scan in scans:
        attach_scan(
            dossier=dossier,
            paper=paper,
            name=scan.name,
            content=scan.content,
            media_type=scan.media_type,
            by=by,
            at=at,
        )
