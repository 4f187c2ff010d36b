"""The minutes as a viewer may read them, and why they cannot be signed yet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.canonical import digest
from dossiers.actions import put_apart
from dossiers.models import Conflict, Dossier
from dossiers.models.conflicts import Ground
from dossiers.wall import barred_ids, forget
from evaluations.actions import Statement, state_before_minutes
from evaluations.models import Interest
from evaluations.queries import latest_run, seat_of
from meetings import collecting, queries
from meetings.models import Meeting, MinutesStatement, PaperKind, SessionDocument

# What of the minutes does not depend on any dossier, and the lists that are cut for a barred viewer.
OPEN_FIELDS = (
    "kỳ xét chọn", "phiên họp số", "ngày họp", "bắt đầu", "kết thúc", "địa điểm", "chủ trì phiên",
    "chức danh chủ trì", "thư ký", "số thành viên", "số có mặt", "quy tắc túc số", "hình thức biểu quyết",
    "có mặt", "vắng mặt", "mã bộ tiêu chí",
)  # fmt: skip
CUT_LISTS = {
    "mục": "tên mục",
    "chưa xét": "tên mục",
    "phiếu nhập thay": "phiếu",
    "phiếu hủy": "phiếu",
    "tuyên bố": "lời",
}
BY_OTHERS = ("hạng", "ghi chú")


def newest(meeting: Meeting) -> SessionDocument | None:
    """The version of the minutes that counts."""
    found = SessionDocument.objects.filter(
        season=meeting.season, kind=PaperKind.MINUTES, meeting_number=meeting.number
    ).select_related("run", "season", "meeting__season", "pdf", "docx")
    return found.order_by("-version").first()


def seen_by(user: Any, document: SessionDocument) -> dict[str, Any]:
    """The values of the minutes. Whoever is barred from a dossier reads them without it and without everything that
    depends on it: ranks, remarks about ties, sums, digests of the result."""
    barred = barred_ids(user, document.season) & set(document.dossiers)
    if not barred:
        return dict(document.fields)
    hidden = [number for number in Dossier.objects.filter(pk__in=barred).values_list("number", flat=True) if number]
    fields = {name: document.fields[name] for name in OPEN_FIELDS if name in document.fields}
    for name, column in CUT_LISTS.items():
        rows = document.fields.get(name, [])
        fields[name] = [row for row in rows if not any(number in row[column] for number in hidden)]
    fields["xếp hạng"] = sorted(
        (
            {name: text for name, text in row.items() if name not in BY_OTHERS}
            for row in document.fields.get("xếp hạng", [])
            if row["mã hồ sơ"] not in hidden
        ),
        key=lambda row: row["mã hồ sơ"],
    )
    return fields


def digest_seen_by(user: Any, document: SessionDocument) -> str:
    return digest(seen_by(user, document))


def silent(meeting: Meeting) -> list[Any]:
    """Whoever signs and has not stated anything before signing."""
    said = set(MinutesStatement.objects.filter(meeting=meeting).values_list("person_id", flat=True))
    return [person for person, _seat in queries.signers_of(meeting) if person.pk not in said]


def decided_despite(meeting: Meeting, person: Any) -> bool:
    """Is a conflict of this person on record with an item in which the person nevertheless took part?"""
    voted = meeting.items.filter(votes__seat__user=person).values("dossier_id")
    known = Interest.objects.filter(seat__user=person, has_conflict=True, dossier_id__in=voted).exists()
    return known or Conflict.objects.filter(user=person, lifted_at=None, dossier_id__in=voted).exists()


def why_not_signed(meeting: Meeting, document: SessionDocument) -> list[str]:
    """The reasons for which this version cannot be signed now, in words."""
    if meeting.closed_at is None:
        return [_("The meeting is still open.")]
    reasons = []
    waiting = silent(meeting)
    if waiting:
        names = ", ".join(str(person) for person in waiting)
        reasons.append(_("The statement before signing is missing from: %(names)s.") % {"names": names})
    last = newest(meeting)
    if last is None or last.pk != document.pk:
        reasons.append(_("There is a newer version of the minutes. Read that one."))
    run = latest_run(meeting.season)
    if run is not None and run.pk != document.run_id:
        reasons.append(_("The result was computed anew; the minutes have to be made from it first."))
    if collecting.stated(meeting) != document.fields.get("tuyên bố"):
        reasons.append(_("Statements were made since; the minutes are being made anew."))
    said = MinutesStatement.objects.filter(meeting=meeting, has_conflict=True)
    late = [one for one in said if one.run_number >= document.run.number]
    if late:
        names = ", ".join(one.person_name for one in late)
        reasons.append(
            _("%(names)s stated a conflict before signing: the result has to be computed anew first.")
            % {"names": names}
        )
    return reasons


def record_statements(made: MinutesStatement, dossiers: Sequence[Dossier], *, at: datetime) -> None:
    """What was stated before signing counts like any statement about a dossier: "none" is dated for each one that was
    taken up, a conflict bars from now on and the person's sheet about it no longer counts."""
    person, season = made.person, made.meeting.season
    seat = seat_of(person, season)
    if seat is None:
        for dossier in dossiers:
            put_apart(user=person, dossier=dossier, kind=Ground.OTHER, words=made.words, by=person, at=at)
        forget(person)
        return
    apart = barred_ids(person, season)
    taken_up = Dossier.objects.filter(agenda_items__meeting=made.meeting).exclude(pk__in=apart).distinct()
    named = {dossier.pk for dossier in dossiers}
    statements = [
        Statement(one, True, made.words, Ground.OTHER) if one.pk in named else Statement(one, False)
        for one in taken_up.select_related("season", "enterprise").order_by("pk")
    ]
    state_before_minutes(seat=seat, statements=statements, by=person, at=at)


_ASCII = {
    "bắt đầu": "begun", "kết thúc": "ended", "địa điểm": "place", "chủ trì phiên": "chair", "thư ký": "secretary",
    "mã bộ tiêu chí": "rubric_digest", "mã kết quả": "result_digest", "có mặt": "present", "vắng mặt": "absent",
    "mục": "items", "chưa xét": "untreated", "xếp hạng": "ranking", "tuyên bố": "stated", "stt": "n",
    "họ tên": "name", "chức danh": "position", "thời gian": "time", "tên mục": "title", "túc số": "quorum",
    "rời phòng": "out", "biểu quyết": "vote", "kết luận mục": "conclusion", "hạng": "rank", "mã hồ sơ": "number",
    "sản phẩm": "product", "doanh nghiệp": "enterprise", "điểm": "points", "kết luận": "passes", "ghi chú": "remark",
    "lời": "words",
}  # fmt: skip


def readable(values: dict[str, Any]) -> dict[str, Any]:
    """The same values under names that a template can say."""
    return {
        _ASCII[name]: [readable(row) for row in value] if isinstance(value, list) else value
        for name, value in values.items()
        if name in _ASCII
    }
