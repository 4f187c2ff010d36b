"""Saving cell by cell, two windows, signing, corrections, and the sheet typed in for an absent member."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse

from core.errors import Refused
from core.models import StoredFile
from evaluations import actions, queries, sealing
from evaluations.answers import Answer
from evaluations.models import Assignment, Mark, ScoreSheet, StandingSheet, Tally
from tests.dossiers.test_uploads import pdf
from tests.evaluations.sheet_story import WHOLE, rich, sheet_of

SCAN = b"%PDF-1.4 signed on paper"
QUIET = {"X-Autosave": "1"}


def reasons(act):
    with pytest.raises(Refused) as error:
        act()
    return " ".join(error.value.reasons)


def points(value, **more):
    return Answer(points=Decimal(value), **more)


WHOLE_ANSWERS = {
    "G": points(30),
    "E": points(15),
    "C": points(25, option=1),
    "N": points("12.5"),
}


@pytest.fixture
def scoring(db):
    story, (dossier,), seat = rich()
    return story, dossier, seat


def fill(story, dossier, seat, *, sign=False, ballot=True, **changed):
    answers = {**WHOLE_ANSWERS, **changed}
    actions.save_sheet(dossier=dossier, answers=answers, cells={"ballot": ballot}, by=seat.user, at=story.tick())
    return actions.sign_sheet(dossier=dossier, by=seat.user, at=story.tick()) if sign else None


# --- two windows --------------------------------------------------------------------------------------
def test_a_stale_window_changes_nothing_silently_and_hears_it_criterion_by_criterion(client, scoring):
    _story, dossier, seat = scoring
    client.force_login(seat.user)
    first = client.post(sheet_of(dossier), {"points-G": "30", "base-G": ""}, headers=QUIET).json()

    stale = client.post(
        sheet_of(dossier), {"points-G": "12", "base-G": "", "points-E": "5", "base-E": ""}, headers=QUIET
    ).json()

    assert set(stale["conflicts"]) == {"G"}
    assert stale["conflicts"]["G"]["words"] == "30 điểm"
    assert stale["conflicts"]["G"]["theirs"]["base"] == first["cells"]["G"]["base"]
    assert dict(Mark.objects.values_list("criterion__code", "points")) == {"G": 30, "E": 5}
    # knowing of the other version, the member may overwrite it
    again = {"points-G": "12", "base-G": stale["conflicts"]["G"]["theirs"]["base"]}
    assert client.post(sheet_of(dossier), again, headers=QUIET).json()["conflicts"] == {}
    assert Mark.objects.get(criterion__code="G").points == 12


def test_a_window_that_did_not_change_a_criterion_takes_no_word_back(client, scoring):
    _story, dossier, seat = scoring
    client.force_login(seat.user)
    base = client.post(sheet_of(dossier), {"points-G": "30", "base-G": ""}, headers=QUIET).json()["cells"]["G"]["base"]
    client.post(sheet_of(dossier), {"points-G": "33", "base-G": base}, headers=QUIET)

    # the whole form of an old page, without script: only the comment was changed on it
    answer = client.post(sheet_of(dossier), {"points-G": "30", "base-G": base, "comment": "Tốt", "do": "save"})

    assert answer.status_code == 302
    assert Mark.objects.get().points == 33
    assert ScoreSheet.objects.get().council_comment == "Tốt"


def test_without_script_both_versions_stand_on_the_page(client, scoring):
    _story, dossier, seat = scoring
    client.force_login(seat.user)
    client.post(sheet_of(dossier), {"points-G": "30", "base-G": ""}, headers=QUIET)

    answer = client.post(sheet_of(dossier), {"points-G": "12", "base-G": "", "do": "save"})

    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="12"' in text
    assert "Ở cửa sổ khác:</b> 30 điểm" in text
    assert Mark.objects.get().points == 30


def test_the_same_change_from_two_windows_is_no_conflict(client, scoring):
    _story, dossier, seat = scoring
    client.force_login(seat.user)
    for _window in range(2):
        said = client.post(sheet_of(dossier), {"points-G": "30", "base-G": ""}, headers=QUIET).json()
        assert said["conflicts"] == {}
    assert said["revision"] == 1  # the second one had nothing to write


def test_a_window_that_comes_back_is_told_what_is_stored(client, scoring):
    _story, dossier, seat = scoring
    client.force_login(seat.user)
    client.post(sheet_of(dossier), {"points-G": "30", "base-G": "", "note": "nhớ", "base-note": ""}, headers=QUIET)

    state = client.get(sheet_of(dossier), headers=QUIET).json()

    assert (state["revision"], state["open"]) == (1, True)
    assert state["cells"]["G"]["points"] == "30"
    assert state["cells"]["note"]["text"] == "nhớ"


# --- what a sheet may ask -----------------------------------------------------------------------------
def test_every_kind_of_answer_is_kept_and_sealed(client, scoring):
    story, dossier, seat = scoring
    client.force_login(seat.user)

    client.post(sheet_of(dossier), WHOLE | {"out-E": "1", "comment": "Đáng chú ý", "why-E": "có thông báo"})
    sheet = actions.sign_sheet(dossier=dossier, by=seat.user, at=story.tick())

    marks = {mark.criterion.code: mark for mark in sheet.marks.select_related("criterion")}
    assert (marks["C"].option, marks["C"].points) == (1, 25)
    assert marks["E"].eliminates
    assert sheet.ballot is True
    assert sealing.is_intact(sheet, sealing.answers_of(sheet))
    standing = StandingSheet.objects.get(sheet=sheet)
    assert (standing.points, standing.eliminated, standing.ballot) == ([3000, 1500, 2500, 1250], [1], True)


def test_the_third_level_with_the_points_of_the_first_is_kept_as_chosen(client, scoring):
    _story, dossier, seat = scoring
    client.force_login(seat.user)

    client.post(sheet_of(dossier), {"option-C": "2", "base-C": ""}, headers=QUIET)

    assert Mark.objects.values_list("option", "points").get() == (2, 10)
    assert "Không có chứng nhận" in client.get(sheet_of(dossier)).content.decode()


@pytest.mark.parametrize("option", ["3", "-1", "x", "99999999999999999999"])
def test_a_level_that_is_not_there_is_not_kept(client, scoring, option):
    _story, dossier, seat = scoring
    client.force_login(seat.user)

    answer = client.post(sheet_of(dossier), {"option-C": option, "base-C": ""}, headers=QUIET)

    assert answer.status_code in (200, 400)
    assert not Mark.objects.exists()


def test_an_abstention_needs_its_reason_and_then_counts_for_nothing(client, scoring):
    story, dossier, seat = scoring
    client.force_login(seat.user)

    said = client.post(sheet_of(dossier), {"abstain-E": "1", "base-E": ""}, headers=QUIET)
    assert said.status_code == 400
    assert said.json()["errors"] == {"why-E": "Nêu lý do không chấm."}

    client.post(sheet_of(dossier), WHOLE | {"abstain-E": "1", "why-E": "Không đúng chuyên môn", "points-E": "20"})
    actions.sign_sheet(dossier=dossier, by=seat.user, at=story.tick())
    assert StandingSheet.objects.get().points[1] == -1
    assert Tally.objects.get().counts == [1, 0, 1, 1]


def test_a_condition_that_is_not_met_gives_zero_at_the_signature_without_asking(client, scoring):
    story, dossier, seat = scoring
    client.force_login(seat.user)
    text = client.get(sheet_of(dossier)).content.decode()
    assert "Chỉ chấm khi tiêu chí G đạt từ 20 điểm." in text

    client.post(sheet_of(dossier), {k: v for k, v in WHOLE.items() if k != "points-N"} | {"points-G": "19"})
    actions.sign_sheet(dossier=dossier, by=seat.user, at=story.tick())

    assert Mark.objects.get(criterion__code="N").points == 0
    assert StandingSheet.objects.get().points == [1900, 1500, 2500, 0]


def test_points_that_need_a_reason_are_not_signed_without_it(client, scoring):
    story, dossier, seat = scoring
    fill(story, dossier, seat, G=points(36))

    assert "lý do: tiêu chí G" in reasons(lambda: actions.sign_sheet(dossier=dossier, by=seat.user, at=story.tick()))
    client.force_login(seat.user)
    page = client.post(sheet_of(dossier), WHOLE | {"points-G": "36", "do": "sign"})
    assert page.status_code == 409
    assert "bộ tiêu chí yêu cầu lý do khi cho dưới 10 hoặc trên 35 điểm" in page.content.decode()
    client.post(sheet_of(dossier), WHOLE | {"points-G": "36", "why-G": "Dẫn đầu ngành"})
    assert actions.sign_sheet(dossier=dossier, by=seat.user, at=story.tick()).signed_at


def test_the_ballot_is_asked_before_signing(scoring):
    story, dossier, seat = scoring
    fill(story, dossier, seat, ballot=None)

    assert "biểu quyết" in reasons(lambda: actions.sign_sheet(dossier=dossier, by=seat.user, at=story.tick()))


def test_the_database_refuses_what_the_program_would_never_write(scoring):
    story, dossier, seat = scoring
    fill(story, dossier, seat)
    mark = Mark.objects.get(criterion__code="G")

    for broken in ({"points": 41}, {"points": -1}, {"points": None}, {"abstains": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mark.objects.filter(pk=mark.pk).update(**broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.filter(pk=mark.pk).update(points=None, abstains=True, justification="")


def test_the_seal_covers_every_part_of_the_sheet(scoring):
    story, dossier, seat = scoring
    sheet = fill(story, dossier, seat, sign=True)
    answers = sealing.answers_of(sheet)
    whole = sealing.seal(sheet, answers)

    assert whole == sheet.digest
    for code, other in (
        ("G", points("29.99")),
        ("G", points(30, why="thêm")),
        ("C", points(25, option=0)),
        ("E", points(15, eliminates=True)),
        ("E", Answer(abstains=True, why="x")),
    ):
        assert sealing.seal(sheet, answers | {code: other}) != whole
    for name, value in (("ballot", False), ("council_comment", "x"), ("version", 2), ("reason", "x")):
        before = getattr(sheet, name)
        setattr(sheet, name, value)
        assert sealing.seal(sheet, answers) != whole
        setattr(sheet, name, before)
    sheet.private_note = "của riêng tôi"
    assert sealing.seal(sheet, answers) == whole


# --- corrections --------------------------------------------------------------------------------------
def test_a_correction_is_a_new_version_and_the_old_one_counts_until_it_is_signed(scoring):
    story, dossier, seat = scoring
    old = fill(story, dossier, seat, sign=True)

    assert reasons(lambda: actions.begin_correction(dossier=dossier, reason="  ", by=seat.user, at=story.tick()))
    new = actions.begin_correction(dossier=dossier, reason="Gõ nhầm", by=seat.user, at=story.tick())
    actions.save_sheet(dossier=dossier, answers={"E": points(10)}, by=seat.user, at=story.tick())

    assert StandingSheet.objects.get().sheet_id == old.pk
    assert Tally.objects.get().sums[1] == 1500
    signed = actions.sign_sheet(dossier=dossier, by=seat.user, at=story.tick())
    assert (signed.pk, signed.version, signed.reason) == (new.pk, 2, "Gõ nhầm")
    assert StandingSheet.objects.get().sheet_id == new.pk
    assert Tally.objects.get().sums[1] == 1000
    assert dict(old.marks.values_list("criterion__code", "points"))["E"] == 15


def test_a_correction_can_be_given_up(client, scoring):
    story, dossier, seat = scoring
    old = fill(story, dossier, seat, sign=True)
    client.force_login(seat.user)
    address = reverse("evaluations:correct_sheet", args=[dossier.pk])

    assert client.post(address, {"reason": ""}).status_code == 409
    assert client.post(address, {"reason": "Gõ nhầm"})["Location"] == sheet_of(dossier)
    assert "Bản sửa: bản số 2" in client.get(sheet_of(dossier)).content.decode()
    client.post(reverse("evaluations:give_up_correction", args=[dossier.pk]))

    assert list(ScoreSheet.objects.filter(seat=seat)) == [old]
    assert StandingSheet.objects.get().sheet_id == old.pk


def test_after_closing_a_correction_is_refused_in_words(story, client):
    dossier = story.scored()[0]
    seat = story.seats()[0]

    words = reasons(lambda: actions.begin_correction(dossier=dossier, reason="x", by=seat.user, at=story.tick()))

    assert "khiếu nại" in words
    client.force_login(seat.user)
    assert client.get(reverse("evaluations:correct_sheet", args=[dossier.pk]))["Location"] == sheet_of(dossier)
    assert "Trung bình của Hội đồng" in client.get(sheet_of(dossier)).content.decode()


def test_means_of_the_council_stay_hidden_while_the_session_is_open(client, scoring):
    story, dossier, seat = scoring
    for one in story.seats():
        fill(story, dossier, one, sign=True)
    client.force_login(seat.user)

    assert "Trung bình của Hội đồng" not in client.get(sheet_of(dossier)).content.decode()
    assert queries.council_means(queries.desk_of(seat, dossier)) == {}


# --- a conflict while the sheet is open ---------------------------------------------------------------
def test_a_conflict_declared_while_the_sheet_is_open_answers_in_words_and_writes_nothing(client, scoring):
    story, dossier, seat = scoring
    fill(story, dossier, seat)
    client.force_login(seat.user)
    statement = actions.Statement(dossier, True, "Em ruột vừa vào làm ở đó")
    actions.declare_interests(seat=seat, statements=[statement], by=seat.user, at=story.tick())

    quiet = client.post(sheet_of(dossier), {"points-G": "1", "base-G": ""}, headers=QUIET)
    loud = client.post(sheet_of(dossier), {"points-G": "1", "base-G": "", "do": "save"})

    assert (quiet.status_code, loud.status_code) == (409, 409)
    assert quiet.json()["reasons"] == ["Đã có khai báo xung đột lợi ích với hồ sơ này. Không có gì được ghi."]
    assert dossier.number not in loud.content.decode()
    assert client.get(sheet_of(dossier)).status_code == 404
    assert not Mark.objects.filter(sheet__seat=seat).exists()


def test_an_assignment_taken_away_while_the_sheet_is_open_is_a_404(client, scoring):
    _story, dossier, seat = scoring
    Assignment.objects.filter(seat=seat).delete()
    client.force_login(seat.user)

    assert client.post(sheet_of(dossier), {"points-G": "1", "base-G": ""}, headers=QUIET).status_code == 404


# --- typed in for an absent member --------------------------------------------------------------------
def enter(story, dossier, seat, by, **changed):
    facts = {"answers": WHOLE_ANSWERS, "ballot": True, "scan": SCAN, "media_type": "application/pdf"} | changed
    return actions.enter_sheet(seat=seat, dossier=dossier, by=by, at=story.tick(), **facts)


def test_a_sheet_typed_in_counts_only_after_a_second_person_has_confirmed_it(scoring):
    story, dossier, seat = scoring
    entered = enter(story, dossier, seat, story.secretary)
    desk = queries.desk_of(seat, dossier)

    assert not StandingSheet.objects.exists()
    assert StoredFile.objects.filter(sha256=entered.scan_sha256).exists()
    confirm = {"sheet": entered, "shown": desk.shown}
    assert "người thứ hai" in reasons(lambda: actions.confirm_entry(**confirm, by=story.secretary, at=story.tick()))
    with pytest.raises(Http404):
        actions.confirm_entry(**confirm, by=story.seats()[1].user, at=story.tick())
    signed = actions.confirm_entry(**confirm, by=story.officer, at=story.tick())

    assert StandingSheet.objects.get().sheet_id == signed.pk
    assert signed.entered_by_name.startswith("Người secretary")
    assert signed.confirmed_by_name.startswith("Người officer")
    assert sealing.is_intact(signed, sealing.answers_of(signed))


def test_an_entry_is_refused_where_the_member_has_begun_or_something_is_missing(scoring):
    story, dossier, seat = scoring
    other = story.seats()[1]
    fill(story, dossier, seat)

    assert "đã bắt đầu chấm" in reasons(lambda: enter(story, dossier, seat, story.secretary))
    assert reasons(lambda: enter(story, dossier, other, story.secretary, answers={"G": points(30)}))
    assert reasons(lambda: enter(story, dossier, other, story.secretary, scan=b""))
    with pytest.raises(Http404):
        enter(story, dossier, other, story.officer)
    assert ScoreSheet.objects.count() == 1


def test_the_member_sees_the_entry_and_cannot_write_over_it(client, scoring):
    story, dossier, seat = scoring
    enter(story, dossier, seat, story.secretary)
    client.force_login(seat.user)

    text = client.get(sheet_of(dossier)).content.decode()
    assert "Nhập từ phiếu giấy bạn ký" in text
    assert 'name="points-G"' not in text
    assert client.post(sheet_of(dossier), {"points-G": "1", "base-G": ""}, headers=QUIET).status_code == 409


def test_the_entry_goes_through_the_pages_of_two_people(client, scoring):
    from django.core.files.uploadedfile import SimpleUploadedFile

    story, dossier, seat = scoring
    address = reverse("evaluations:enter_sheet", args=[2026, seat.pk, dossier.pk])
    client.force_login(story.secretary)
    assert client.get(address).status_code == 200
    assert client.post(address, WHOLE).status_code == 409  # no scan
    content = pdf()
    scan = SimpleUploadedFile("phieu.pdf", content, "application/pdf")
    assert client.post(address, WHOLE | {"scan": scan}).status_code == 302
    sheet = ScoreSheet.objects.get()
    confirm = reverse("evaluations:confirm_entry", args=[2026, sheet.pk])

    client.force_login(story.officer)
    page = client.get(confirm)
    assert "12,5" in page.content.decode()
    assert client.get(reverse("evaluations:entry_scan", args=[2026, sheet.pk])).content == content
    assert client.post(confirm, {"shown": "0" * 64}).status_code == 409
    client.post(confirm, {"shown": page.context["desk"].shown})
    sheet.refresh_from_db()
    assert sheet.signed_at is not None
    assert client.get(confirm).status_code == 404  # nobody reads a sheet here once it counts


def test_an_entry_that_does_not_agree_is_dropped_and_leaves_its_trace(client, scoring):
    from core.models import AuditEvent

    story, dossier, seat = scoring
    sheet = enter(story, dossier, seat, story.secretary)
    client.force_login(story.officer)

    client.post(reverse("evaluations:confirm_entry", args=[2026, sheet.pk]), {"do": "drop"})

    assert not ScoreSheet.objects.exists()
    assert AuditEvent.objects.filter(act="sheet.entry_dropped").exists()
