"""The job that makes one paper of a session, and who orders it without being asked: every computed result."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef
from django.db.models.signals import post_save
from django.utils.translation import override

from core import audit, files, jobs
from core.errors import Refused
from core.uploads import DOCX, PDF
from evaluations.models import Result, ResultRun
from meetings import collecting
from meetings.kinds import BY_CODE, MEETING, PaperForm, SessionSheet
from meetings.models import AgendaItem, PaperKind, PaperOrder, SessionDocument
from onestop import markup, sheet, writing_pdf
from onestop.queries import text_of
from programme.models import Season

JOB = "session.paper"
NOT_TAKEN_UP = "not taken up"
NAMED = 5
VOTE_FIELD = "kết quả biểu quyết"


def register() -> None:
    jobs.register(JOB, jobs.Kind(work=work, finish=finish))


def listen() -> None:
    post_save.connect(_result_computed, sender=ResultRun, dispatch_uid="meetings.papers")


def _not_taken_up(order: PaperOrder) -> list[str]:
    """The first ranked dossiers that no closed meeting has taken up: what is submitted rests on the minutes."""
    treated = AgendaItem.objects.filter(
        dossier=OuterRef("dossier"), ended_at__isnull=False, meeting__closed_at__isnull=False
    )
    rows = Result.objects.filter(~Exists(treated), run=order.run).order_by("dossier__number")
    numbers = [str(number) for number in rows.values_list("dossier__number", flat=True)[: NAMED + 1]]
    return numbers if len(numbers) <= NAMED else [*numbers[:NAMED], "…"]


def _result_computed(instance: ResultRun, created: bool, **_: Any) -> None:
    from meetings.actions.papers import order_papers

    if created:
        season = Season.objects.get(pk=instance.season_id)
        order_papers(season=season, run=instance, reason="result", by=None, at=instance.computed_at)


def work(payload: dict[str, Any]) -> dict[str, Any]:
    """Collect, lay out, write both faces. Runs outside a transaction and may run twice: equal input, equal bytes."""
    order = PaperOrder.objects.select_related("season__rubric", "meeting__chair__user", "meeting__secretary", "run")
    return made_of(order.get(pk=payload["order"]))


def made_of(order: PaperOrder) -> dict[str, Any]:
    """The paper as bytes under their digests, or what is missing."""
    kind = BY_CODE[order.kind]
    text = text_of(kind)
    collected = collecting.collect(kind, order)
    found = [asdict(one) for one in sheet.missing(kind, text, collected.values)]
    if order.meeting is None or order.meeting.opened_at is None:
        found = [{"name": "phiên họp", "where": MEETING, "row": 0}]
    elif order.kind != PaperKind.MINUTES and (waiting := _not_taken_up(order)):
        found.append({"name": ", ".join(waiting), "where": NOT_TAKEN_UP, "row": 0})
    if order.kind != PaperKind.MINUTES and Result.objects.filter(run=order.run, is_referred=True).exists():
        found.append({"name": VOTE_FIELD, "where": MEETING, "row": 0})
    if found:
        return {"missing": found}
    paper = sheet_of(kind, order, text, collected.values)
    strange = sheet.unprintable(paper)
    if strange:
        return {"missing": [{"name": " ".join(strange), "where": "letters", "row": 0}]}
    try:
        pdf = writing_pdf.write(paper)
    except Refused as refused:
        raise jobs.Postponed(str(refused)) from refused
    from onestop import writing_docx  # its library is loaded by the process that writes, not by every one

    docx = writing_docx.write(paper, at=order.ordered_at)
    return {
        "values": collected.values,
        "dossiers": list(collected.dossiers),
        "text": (text.version, text.digest),
        "pdf": (files.put(pdf), len(pdf)),
        "docx": (files.put(docx), len(docx)),
    }


def sheet_of(kind: PaperForm, order: PaperOrder, text: sheet.Text, values: dict[str, Any]) -> SessionSheet:
    blocks = tuple(markup.fill(markup.parse(text.body), values))
    number = f"{order.season.year}/{order.meeting.number}" if order.meeting is not None else f"{order.season.year}"
    version = f"kết quả lần {order.run.number} · lệnh {order.pk} · mẫu {text.version} ({text.digest[:12]})"
    return SessionSheet(kind, blocks, number, collecting.address_of(order.season), version)


def finish(payload: dict[str, Any], made: dict[str, Any], at: datetime) -> None:
    """Keep the paper as the next version, or write down what was missing."""
    order = PaperOrder.objects.select_related("season", "meeting", "run", "ordered_by").get(pk=payload["order"])
    if order.done_at is not None:
        return
    order.done_at, order.missing = at, made.get("missing", [])
    order.save(update_fields=["done_at", "missing"])
    if order.missing:
        return
    Season.objects.select_for_update().get(pk=order.season_id)  # two papers at once: one version after the other
    is_minutes = order.kind == PaperKind.MINUTES
    number = order.meeting.number if is_minutes and order.meeting is not None else 0
    earlier = SessionDocument.objects.filter(season=order.season, kind=order.kind, meeting_number=number)
    with override("vi"):
        maker = str(order.ordered_by) if order.ordered_by is not None else audit.SYSTEM
    document = SessionDocument.objects.create(
        season=order.season,
        meeting=order.meeting,
        meeting_number=number,
        kind=order.kind,
        version=(earlier.aggregate(last=Max("version"))["last"] or 0) + 1,
        order=order,
        run=order.run,
        rubric_digest=order.run.rubric_digest,
        result_digest=order.run.result_digest,
        text_version=made["text"][0],
        text_digest=made["text"][1],
        fields=made["values"],
        dossiers=made["dossiers"],
        pdf=files.name(made["pdf"][0], size_bytes=made["pdf"][1], media_type=PDF, at=at),
        docx=files.name(made["docx"][0], size_bytes=made["docx"][1], media_type=DOCX, at=at),
        made_at=at,
        made_by_name=maker[:200],
    )
    audit.record(
        "paper.made",
        document,
        by=order.ordered_by,
        at=at,
        kind=order.kind,
        version=document.version,
        run=order.run.number,
        result=order.run.result_digest,
        pdf=document.pdf_id,
        docx=document.docx_id,
    )
