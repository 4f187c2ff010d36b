"""The letter of reasons as a paper, laid out like the office's other papers (onestop), and the job that makes its file
after the approval, releases it and tells the enterprise."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from core import audit, files, jobs
from core.errors import Refused
from core.uploads import PDF
from decisions.models import ReasonsLetter
from decisions.reasons_queries import JOB
from decisions.reasons_words import QUARTERS
from dossiers.post import tell_enterprise
from mail.actions import send_now
from mail.models import Letter
from onestop import markup, writing_pdf
from onestop.kinds import FormKind
from onestop.sheet import Sheet, unprintable

HOME = Path(__file__).parent / "papers"
KIND = FormKind("LD", "Thông báo lý do không được công nhận", "Letter of reasons", ())
MAIL = "reasons_released"
DOTS = "……"
_HEADS = ("Tiêu chí", "Điểm bình quân", "Điểm tối đa", "Nhóm một phần tư")


@dataclass(frozen=True)
class ReasonsSheet(Sheet):
    """The letter on its way to PDF; its footer says of which record it is."""

    @property
    def foot(self) -> str:
        return f"{self.code} · {self.version}"


def sheet_of(letter: ReasonsLetter) -> ReasonsSheet:
    """Vietnamese, whatever the language of the page. The letter carries dossier, enterprise, season and run."""
    dossier = letter.dossier
    with translation.override("vi"):
        address = f"{settings.SITE_URL}{reverse('dossiers:follow', args=[dossier.pk])}"
    at = timezone.localtime(letter.approved_at) if letter.approved_at else None
    values = {
        "ngày": f"ngày {at:%d} tháng {at:%m} năm {at:%Y}" if at else f"ngày {DOTS} tháng {DOTS} năm {DOTS}",
        "dự thảo": "" if at else "DỰ THẢO",
        "kỳ xét chọn": str(dossier.season.year),
        "doanh nghiệp": dossier.enterprise.name_vi,
        "người duyệt": letter.approved_by_name or DOTS,
    }
    blocks = (*_filled("reasons_head", values), *_body(letter), *_filled("reasons_tail", values))
    version = f"Kết quả lần {letter.run.number} · căn cứ {letter.record_digest[:12]} · bản {letter.revision}"
    return ReasonsSheet(KIND, blocks, dossier.number or "", address, version)


@cache
def _template(name: str) -> markup.Template:
    return markup.parse((HOME / f"{name}.txt").read_text(encoding="utf-8"))


def _filled(name: str, values: dict[str, str]) -> list[markup.Block]:
    return markup.fill(_template(name), values)


def _body(letter: ReasonsLetter) -> Iterator[markup.Block]:
    """The sentences as a person left them: those of a section run on, items stand apart."""
    for section in letter.content["sections"]:
        said = [(letter.words(one).strip(), one["is_item"]) for one in section["sentences"]]
        running = " ".join(text for text, is_item in said if text and not is_item)
        items = [text for text, is_item in said if text and is_item]
        titled = section["key"] not in ("opening", "closing") and (running or items)
        # The title runs in, so that none is left alone at the foot of a page.
        title = (markup.Piece(f"{section['vi']}. ", bold=True),) if titled else ()
        if running or title:
            yield markup.Line("text", (*title, *((markup.Piece(running),) if running else ())))
        yield from (_line("item", text) for text in items)
        if section["key"] == "result":
            yield _table(letter)
            yield from (_line("text", text) for text in letter.paragraph.splitlines() if text.strip())


def _line(kind: str, text: str) -> markup.Line:
    return markup.Line(kind, (markup.Piece(text),))


def rows_of(letter: ReasonsLetter) -> list[tuple[str, ...]]:
    """The table of the letter, cell by cell, without its head."""
    found: list[tuple[str, ...]] = []
    for row in letter.content["rows"]:
        quarter = QUARTERS[row["quarter"] - 1]["vi"] if row["quarter"] else markup.EMPTY_CELL
        found.append((f"{row['code']}. {row['vi']}", row["mean"]["vi"], row["most"]["vi"], quarter))
    return found


def _table(letter: ReasonsLetter) -> markup.Table:
    return markup.Table(_row(*_HEADS), tuple(_row(*cells) for cells in rows_of(letter)))


def _row(*cells: str) -> markup.Row:
    return markup.Row(tuple((markup.Piece(cell),) for cell in cells))


def write(letter: ReasonsLetter) -> bytes:
    """Raises Refused, in words, where the libraries for PDF are missing."""
    return writing_pdf.write(sheet_of(letter))


def strange_letters(letter: ReasonsLetter) -> list[str]:
    """What the font of the paper cannot print."""
    return unprintable(sheet_of(letter))


# --- the job --------------------------------------------------------------------------------------------------
def _whole(pk: int) -> ReasonsLetter:
    return ReasonsLetter.objects.select_related(
        "dossier__season", "dossier__enterprise", "dossier__product", "run", "approved_by"
    ).get(pk=pk)


def work(payload: dict[str, Any]) -> dict[str, Any] | None:
    """The bytes under their digest. None for a letter that was superseded or is made already."""
    letter = _whole(payload["letter"])
    if not letter.is_making:
        return None
    try:
        content = write(letter)
    except Refused as refused:
        raise jobs.Postponed(str(refused)) from refused
    return {"sha256": files.put(content), "size_bytes": len(content)}


def finish(payload: dict[str, Any], made: dict[str, Any] | None, at: datetime) -> None:
    """The file becomes the letter's, the enterprise may read it and is told of it: once."""
    ReasonsLetter.objects.select_for_update().get(pk=payload["letter"])
    letter = _whole(payload["letter"])
    if not letter.is_making or made is None:
        return
    letter.file = files.name(made["sha256"], size_bytes=made["size_bytes"], media_type=PDF, at=at)
    letter.released_at = at
    letter.save(update_fields=["file", "released_at"])
    written = tell(letter, at=at)
    # A letter with a decision is held until a person sends it: here the person who approved the reasons.
    for held in Letter.objects.filter(kind=MAIL, key__startswith=f"{_key(letter)}:", state=Letter.State.HELD):
        send_now(letter=held, by=letter.approved_by, at=at)
    audit.record("reasons.released", letter, by=None, at=at, sha256=made["sha256"], told=written)


def tell(letter: ReasonsLetter, *, at: datetime) -> int:
    """Write to the people of the enterprise that the reasons are there, once; how many they are."""
    by = letter.approved_by
    return tell_enterprise(MAIL, letter.dossier, key=_key(letter), page="dossiers:follow", by=by, at=at)


def told(letter: ReasonsLetter) -> int:
    """How many people of the enterprise were written to."""
    return Letter.objects.filter(kind=MAIL, key__startswith=f"{_key(letter)}:").count()


def _key(letter: ReasonsLetter) -> str:
    return f"{MAIL}:{letter.pk}"


def register() -> None:
    jobs.register(JOB, jobs.Kind(work=work, finish=finish))
