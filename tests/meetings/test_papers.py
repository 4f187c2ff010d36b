"""Minutes, submission and draft decision: made by themselves from the newest result, with the same numbers in PDF and
DOCX as in the database, in the layout of Decree 30/2020; what is missing is named and nothing is made."""

import io
import re
import subprocess
import time

import pytest
from django.db import IntegrityError, transaction
from docx import Document
from docx.shared import Mm

from core import files, jobs
from core.errors import Refused
from core.models import Job
from evaluations.models import Result, ResultRun, ScoreSheet, SheetVoid
from evaluations.scoring import rounded
from meetings import actions, collecting
from meetings.kinds import BY_CODE, KINDS
from meetings.models import PaperOrder, SessionDocument
from meetings.papers_job import JOB
from onestop import markup
from onestop.actions import change_text
from onestop.queries import text_of
from tests.meetings.conftest import voting_rubric
from tests.remembered import remembered

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def pdf_text(document: SessionDocument, tmp_path, *, first_page: bool = False) -> str:
    path = tmp_path / f"{document.pk}.pdf"
    path.write_bytes(files.read(document.pdf_id))
    pages = ["-l", "1"] if first_page else []
    return subprocess.run(
        ["pdftotext", "-raw", *pages, str(path), "-"], capture_output=True, text=True, check=True
    ).stdout


def docx_texts(document: SessionDocument) -> list[str]:
    found = []
    for item in Document(io.BytesIO(files.read(document.docx_id))).iter_inner_content():
        if hasattr(item, "rows"):
            found += [p.text for row in item.rows for cell in row.cells for p in cell.paragraphs]
        else:
            found.append(item.text)
    return [text for text in found if text]


def tables(document: SessionDocument) -> list[list[list[str]]]:
    """The tables of the DOCX with more than two columns: those with rows of data."""
    found = Document(io.BytesIO(files.read(document.docx_id))).tables
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in found if len(table.columns) > 2]


@pytest.fixture
def finished(held):
    ended(held)
    return held


@remembered
def ended(held):
    """A meeting with conflicts, conclusions and a vote, closed; one dossier does not pass; the papers are made."""
    held.council(dossiers=3, conflicts={1: [0]})
    held.result([45, 40, 20])
    held.plan()
    held.open()
    held.treat(held.item(1), votes=["for", "for", "for", "against", "abstain"], conclusion="Thống nhất kết quả.")
    held.treat(held.item(0))
    held.treat(held.item(2))
    held.close(leaves_items=False)
    held.make_papers()


# --- the same numbers everywhere ----------------------------------------------------------------------
def expected_rows(held) -> list[tuple[str, str, str, str]]:
    """Rank, number, product and points as the database has them."""
    return [
        (
            str(result.rank),
            result.dossier.number,
            result.dossier.product.name_vi,
            str(rounded(result.total_exact, 2)).replace(".", ","),
        )
        for result in Result.objects.filter(run=held.run).order_by("rank", "dossier__number")
    ]


def test_the_numbers_read_back_from_pdf_and_docx_are_those_of_the_database(finished, tmp_path):
    """The ranking in the minutes, the lists of the submission and the decision, the counts in all three."""
    rows = next(t for t in tables(finished.paper("BB")) if t[0][0] == "Hạng")
    assert [(row[0], row[1], row[2], row[4]) for row in rows[1:]] == expected_rows(finished)
    assert [row[5] for row in rows[1:]] == ["Đạt", "Đạt", "Không đạt"]

    on_paper = bare(pdf_text(finished.paper("BB"), tmp_path))
    for rank, number, product, points in expected_rows(finished):
        company = Result.objects.get(run=finished.run, dossier__number=number).dossier.enterprise.name_vi
        assert bare(f"{rank}{number}{product}{company}{points}") in on_paper

    passed = list(Result.objects.filter(run=finished.run, passes=True).order_by("rank", "dossier__number"))
    names = [result.dossier.product.name_vi for result in passed]
    submission, decision = tables(finished.paper("TT")), tables(finished.paper("QD"))
    assert [row[2] for row in submission[0][1:]] == names == [row[1] for row in decision[0][1:]]
    assert [row[4] for row in submission[0][1:]] == [row[3] for row in expected_rows(finished)[: len(passed)]]
    assert [row[2] for row in submission[1][1:]] == names == [row[1] for row in decision[1][1:]]  # all are top
    assert [row[2] for row in submission[2][1:]] == [finished.dossiers[2].product.name_vi]

    counts = bare("2 sản phẩm của 2 doanh nghiệp")
    for kind in ("BB", "TT", "QD"):
        document = finished.paper(kind)
        assert (document.fields["số đạt"], document.fields["số top"]) == ("2", "2")
        assert document.result_digest == finished.run.result_digest
        assert counts in bare(pdf_text(document, tmp_path))
        assert counts in bare(" ".join(docx_texts(document)))
    decided = pdf_text(finished.paper("QD"), tmp_path)
    assert "Điểm" not in decided  # the decision is public, the points are not
    assert not any(row[3] in decided for row in expected_rows(finished))


def test_pdf_and_docx_say_the_same_block_by_block_in_the_layout_of_the_decree(finished, tmp_path):
    for kind in ("BB", "TT", "QD"):
        document = finished.paper(kind)
        said = markup.texts(markup.fill(markup.parse(text_of(BY_CODE[kind]).body), document.fields))
        assert [bare(text) for text in docx_texts(document)] == [bare(text) for text in said]
        on_paper = bare(pdf_text(document, tmp_path))
        assert [text for text in said if bare(text) not in on_paper] == []
        assert not re.search(r"[{}]", on_paper)

        written = Document(io.BytesIO(files.read(document.docx_id)))
        section = written.sections[0]
        sides = [section.left_margin, section.right_margin, section.top_margin, section.bottom_margin]
        assert [round(side / Mm(1)) for side in sides] == [30, 15, 20, 20]
        assert written.styles["Normal"].font.name == "Times New Roman"
        first = pdf_text(document, tmp_path, first_page=True)
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in first
        assert "Độc lập - Tự do - Hạnh phúc" in first
        assert "PHỤ LỤC I" not in first  # lists begin on a page of their own

    bases = [row["nội dung"] for row in finished.paper("QD").fields["căn cứ"]]
    assert all(line.endswith(";") for line in bases[:-1])
    assert bases[-1].startswith("Theo đề nghị của Giám đốc Sở Công Thương")
    assert bases[-1].endswith(".")
    assert any("0001/QĐ-UBND" in line for line in bases)
    assert "PHỤ LỤC I" in pdf_text(finished.paper("QD"), tmp_path)


# --- the first page and the story of the meeting ------------------------------------------------------
def test_the_minutes_bear_the_digests_on_their_first_page_and_tell_the_meeting(finished, tmp_path):
    first = bare(pdf_text(finished.paper("BB"), tmp_path, first_page=True))
    assert finished.run.rubric_digest in first
    assert finished.run.result_digest in first
    assert finished.season.rubric.digest == finished.run.rubric_digest

    text = " ".join(docx_texts(finished.paper("BB")))
    assert f"Rời phòng vì xung đột lợi ích: {finished.seats[1]} (ra " in text
    assert "3 tán thành, 1 không tán thành, 1 không có ý kiến, trên 5 thành viên biểu quyết" in text
    assert "có mặt 4/4 thành viên không bị loại trừ, cần ít nhất 3" in text
    assert "Chưa xét tại phiên họp này" not in text
    assert "Thống nhất kết quả." in text


def test_what_must_be_remembered_stands_in_the_minutes(held):
    """A raised hand entered by the secretary, a sheet that no longer counts, every computation with its digest."""
    held.council(dossiers=1)
    held.result()
    sheet = ScoreSheet.objects.filter(seat=held.seats[2]).get()
    SheetVoid.objects.create(sheet=sheet, reason="Xung đột phát hiện sau", voided_by_name="x", voided_at=held.now)
    held.plan()
    held.open()
    item = held.item(0)
    held.act("call_item", item)
    held.act("start_item", item)
    held.act("open_vote", item)
    for seat in held.seats:
        held.act("enter_vote", item, seat=seat, choice="for")
    held.act("close_vote", item)
    held.act("end_item", item)
    held.close()
    run = held.run
    ResultRun.objects.create(
        season=run.season,
        number=run.number + 1,
        method=run.method,
        leaves=run.leaves,
        places=run.places,
        rubric_digest=run.rubric_digest,
        input_digest="0" * 64,
        result_digest="f" * 64,
        computed_at=held.now,
    )
    order = PaperOrder.objects.filter(kind="BB", run=run).latest("id")

    values = collecting.collect(BY_CODE["BB"], order).values

    assert f"thư ký ghi theo giơ tay: {', '.join(str(seat) for seat in held.seats)}" in values["mục"][0]["biểu quyết"]
    assert "Xung đột phát hiện sau" in values["phiếu hủy"][0]["phiếu"]
    assert [run.result_digest in values["các lần tính"][0]["lần"], "f" * 64 in values["các lần tính"][1]["lần"]] == [
        True,
        True,
    ]


# --- made by themselves, in time ----------------------------------------------------------------------
def test_a_computed_result_orders_the_papers_by_itself(held):
    held.council()
    held.result()

    orders = PaperOrder.objects.all()
    assert {(order.kind, order.run, order.reason, order.ordered_by) for order in orders} == {
        (kind, held.run, "result", None) for kind in ("BB", "TT", "QD")
    }
    assert jobs.progress(orders[0].batch).total == 3


def test_all_three_papers_are_made_within_five_minutes_of_closing(held):
    """Five minutes are the bar for a person who waits; here it is the three jobs after the last act."""
    held.council(dossiers=3)
    held.result()
    held.plan()
    held.open()
    held.treat_all()
    begun = time.monotonic()
    held.close()
    held.make_papers()

    assert time.monotonic() - begun < 120
    assert {document.kind for document in SessionDocument.objects.filter(run=held.run)} == {"BB", "TT", "QD"}


def test_what_is_missing_is_named_and_nothing_is_made(held):
    """Before any meeting there is nothing that the papers could speak of; an open one has no end yet."""
    held.council()
    held.result()
    held.make_papers()

    assert not SessionDocument.objects.exists()
    missing = {order.kind: {one["name"] for one in order.missing} for order in PaperOrder.objects.all()}
    assert missing == {kind: {"phiên họp"} for kind in ("BB", "TT", "QD")}

    held.plan()
    held.open()
    actions.order_papers(
        season=held.season, run=held.run, reason="button", kinds=["BB"], by=held.secretary, at=held.now
    )
    held.make_papers()
    assert {one["name"] for one in PaperOrder.objects.latest("id").missing} == {"kết thúc"}


def test_nothing_is_submitted_before_every_ranked_dossier_was_taken_up(held, tmp_path):
    """The submission cites the minutes: what these call untreated it must not propose."""
    held.council(dossiers=2)
    held.result([45, 40])
    held.plan()
    held.open()
    held.treat(held.item(0))
    with pytest.raises(Refused, match="1 nội dung chưa xét"):
        held.close(leaves_items=False)
    held.close(leaves_items=True)
    held.make_papers()

    orders = {order.kind: order for order in PaperOrder.objects.order_by("id")}
    for kind in ("TT", "QD"):
        assert [one["name"] for one in orders[kind].missing] == [held.dossiers[1].number]
    assert {document.kind for document in SessionDocument.objects.all()} == {"BB"}
    text = " ".join(pdf_text(held.paper("BB"), tmp_path).split())
    assert f"Chưa xét tại phiên họp này: Hồ sơ {held.dossiers[1].number}" in text


def test_no_submission_while_the_last_place_waits_for_the_vote(held):
    held.story.season(voting_rubric())
    type(held.season).objects.filter(pk=held.season.pk).update(top_places=1)
    held.council(dossiers=2)
    held.result([45, 45])
    held.plan()
    held.open()
    held.close()
    held.make_papers()

    orders = {order.kind: order for order in PaperOrder.objects.order_by("id")}
    assert "kết quả biểu quyết" in {one["name"] for one in orders["TT"].missing}
    assert {document.kind for document in SessionDocument.objects.all()} == {"BB"}


def test_a_new_version_takes_the_place_of_the_old_which_never_changes(finished, second_secretary):
    old = finished.paper("TT")
    actions.change_facts(
        season=finished.season,
        values={"số tờ trình": "77", "ngày tờ trình": "ngày 12 tháng 11 năm 2026"},
        seen=0,
        by=finished.secretary,
        at=finished.now,
    )
    actions.order_by_button(season=finished.season, by=finished.secretary, at=finished.now)
    finished.make_papers()

    new = finished.paper("TT")
    assert (new.version, new.fields["số tờ trình"]) == (old.version + 1, "77")
    assert old.fields["số tờ trình"] == "……"
    with pytest.raises(Refused, match=str(finished.secretary)):
        actions.change_facts(
            season=finished.season, values={"số tờ trình": "2"}, seen=0, by=second_secretary, at=finished.now
        )
    order = PaperOrder.objects.filter(kind="BB").latest("id")
    job, kind, count = Job.objects.get(kind=JOB, key=str(order.pk)), jobs.kinds[JOB], SessionDocument.objects.count()
    kind.finish(job.payload, kind.work(job.payload), finished.now)
    assert SessionDocument.objects.count() == count  # the same order made twice is one paper
    for change in (
        lambda: SessionDocument.objects.update(made_by_name="x"),
        lambda: SessionDocument.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


# --- the words are staff's ----------------------------------------------------------------------------
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_the_standard_texts_are_sound_and_use_known_fields(kind):
    template = markup.parse(kind.standard())

    assert template.faults == ()
    assert markup.unknown_names(template, kind.names, kind.list_names()) == []


def test_staff_edit_the_words_like_those_of_the_forms(finished):
    body = BY_CODE["BB"].standard().replace("Cuộc họp kết thúc vào", "Cuộc họp bế mạc vào")
    change_text(form="BB", body=body, seen_version=0, by=finished.secretary, at=finished.now)
    actions.order_by_button(season=finished.season, by=finished.secretary, at=finished.now)
    finished.make_papers()

    made = finished.paper("BB")
    assert "bế mạc" in " ".join(docx_texts(made))
    assert made.text_version == 1
