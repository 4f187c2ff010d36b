"""The secretary's pages of the assignment: trial, matrix, gaps and seats."""

import io

import pytest
from django.db import transaction
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.models import Role
from dossiers.actions import put_apart
from evaluations import actions
from evaluations.models import Assignment, AssignmentRun, Council
from reference.models import Sector


def at(name, *args, year=2026):
    return reverse(f"evaluations:{name}", args=[year, *args])


@pytest.fixture
def secretary(story, client):
    story.season()
    client.force_login(story.secretary)
    return client


def panel(story, seats: int = 4, dossiers: int = 3):
    found = [story.eligible(f"clerk-{n}") for n in range(dossiers)]
    story.seats(seats)
    story.declared()
    return found


def held() -> set[tuple[int, int, str]]:
    return set(Assignment.objects.values_list("seat_id", "dossier_id", "criterion__code"))


def tried(secretary, **settings):
    return secretary.post(at("assignment"), {"do": "try", "per_criterion": "2"} | settings)


# --- trial --------------------------------------------------------------------------------------------
def test_a_trial_shows_what_would_change_the_solver_and_the_goals(secretary, story):
    panel(story)

    answer = tried(secretary, most="3", seed="5")

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Bản thử: chưa ghi gì" in text
    assert "6 ô của bảng sẽ thay đổi" in text
    assert answer.context["trial"]["solver"].startswith("HiGHS, scipy")
    assert answer.context["trial"]["solver"] in text
    assert not held()
    changed = [cell.is_changed for row in answer.context["rows"] for cell in row.cells]
    assert sum(changed) == 6


def test_keeping_a_trial_writes_it_and_the_next_form_remembers_the_settings(secretary, story):
    panel(story)
    token = tried(secretary, most="3", seed="5", bridges="must").context["trial"]["token"]

    answer = secretary.post(at("assignment"), {"do": "keep", "trial": token}, follow=True)

    assert len(held()) == 3 * 3 * 2
    assert answer.context["form"].initial["seed"] == 5
    assert answer.context["form"].initial["bridges"] == "must"
    assert AssignmentRun.objects.get().input_digest[:12] in answer.content.decode()


@pytest.mark.parametrize("token", ["", "invented", "eyJ:1:abc"])
def test_a_trial_that_was_not_made_here_is_refused_in_words(secretary, story, token):
    panel(story)

    answer = secretary.post(at("assignment"), {"do": "keep", "trial": token})

    assert answer.status_code == 409
    assert "Bản thử đã quá cũ hoặc không phải của bạn" in answer.content.decode()


def test_a_trial_of_somebody_else_cannot_be_kept(secretary, story, client):
    panel(story)
    token = tried(secretary).context["trial"]["token"]
    client.force_login(story.person("secretary-2", Role.SECRETARY))

    assert client.post(at("assignment"), {"do": "keep", "trial": token}).status_code == 409
    assert not held()


def test_a_trial_older_than_the_panel_is_told_what_changed(secretary, story):
    first, *_others = panel(story)
    token = tried(secretary).context["trial"]["token"]
    seat = story.seats()[0]
    second = story.person("secretary-2", Role.SECRETARY)
    actions.set_assignment(seat=seat, dossier=first, codes=["1"], by=second, at=story.tick())

    answer = secretary.post(at("assignment"), {"do": "keep", "trial": token})

    assert answer.status_code == 409
    assert f"{second}: {seat} nay chấm của {first.number}: 1." in answer.content.decode()
    assert held() == {(seat.pk, first.pk, "1")}


SENSELESS = (
    {"per_criterion": "99"},
    {"per_criterion": "x"},
    {"most": "0"},
    {"most": "nhiều"},
    {"seed": "-1"},
    {"seed": "9" * 30},
    {"bridges": "maybe"},
    {"least": "1" * 12},
)


def test_settings_that_make_no_sense_come_back_with_words(secretary, story):
    panel(story)

    for wrong in SENSELESS:
        answer = tried(secretary, **wrong)
        assert answer.status_code == 200, wrong
        assert answer.context["form"].errors, wrong
        assert answer.context["trial"] is None, wrong


def test_an_impossible_wish_names_reason_and_ways_out(secretary, story):
    panel(story)

    answer = tried(secretary, per_criterion="3", most="2")

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Tất cả thành viên chỉ còn được nhận thêm tối đa 8 phiếu, trong khi cần 9 phiếu." in text
    assert "nâng hạn mức mỗi thành viên lên 3 hồ sơ" in text
    assert "phân công được tối đa 2 thành viên cho mỗi tiêu chí" in text


def test_in_english_the_same_is_said_in_english(secretary, story):
    from django.utils.translation import override

    panel(story)
    with override("en"):
        address = at("assignment")

    text = secretary.post(address, {"do": "try", "per_criterion": "9"}).content.decode()

    assert "only 4 of 4 members are free of conflict, 9 required" in text


# --- matrix -------------------------------------------------------------------------------------------
def test_the_matrix_is_filtered_by_sector_and_marks_experts(secretary, story):
    panel(story)
    seat = story.seats()[1]
    seat.sectors.set(Sector.objects.filter(code="electrical"))

    answer = secretary.get(at("assignment"), {"sector": "electrical"})
    assert len(answer.context["rows"]) == 3
    assert [cell.is_expert for cell in answer.context["rows"][0].cells] == [False, True, False, False]
    # a sector without dossiers, or an invented one, filters nothing away
    assert len(secretary.get(at("assignment"), {"sector": "<script>"}).context["rows"]) == 3


def test_a_cell_changed_by_somebody_else_meanwhile_answers_409_with_the_difference(secretary, story):
    first, *_others = panel(story)
    one, two, *_rest = story.seats()
    version = secretary.get(at("assignment_cell", first.pk, one.pk)).context["version"]
    second = story.person("secretary-2", Role.SECRETARY)
    actions.set_assignment(seat=two, dossier=first, codes=["2"], by=second, at=story.tick())

    answer = secretary.post(at("assignment_cell", first.pk, one.pk), {"codes": ["1"], "version": version})

    assert answer.status_code == 409
    assert f"{two} nay chấm của {first.number}: 2." in answer.content.decode()
    assert held() == {(two.pk, first.pk, "2")}


def test_a_criterion_that_lost_its_scorer_is_offered_to_who_can_take_it(secretary, story):
    (dossier,) = story.scoring(1)
    chair, second, third = story.seats()
    for seat, codes in ((chair, ["1", "2"]), (second, ["3"]), (third, [])):
        actions.set_assignment(seat=seat, dossier=dossier, codes=codes, by=story.secretary, at=story.tick())
    statement = actions.Statement(dossier, True, "Mới biết")
    actions.declare_interests(seat=chair, statements=[statement], by=chair.user, at=story.tick())

    answer = secretary.get(at("assignment"))

    (gap,) = answer.context["gaps"]
    assert (gap["dossier"], gap["criteria"]) == (dossier, ("1", "2"))
    # who scores the dossier anyway comes first; the conflicted chair does not come at all
    assert [one["seat"] for one in gap["takers"]] == [second, third]
    assert f"Giao cho {second}" in answer.content.decode()
    given = {"codes": gap["takers"][0]["codes"], "version": answer.context["version"]}
    assert secretary.post(at("assignment_cell", dossier.pk, second.pk), given).status_code == 302
    assert {c for s, _d, c in held() if s == second.pk} == {"1", "2", "3"}
    assert secretary.get(at("assignment")).context["gaps"] == []


def test_a_gap_that_nobody_can_take_says_so(secretary, story):
    (dossier,) = story.scoring(1)
    for seat in story.seats():
        statement = actions.Statement(dossier, True, "Mới biết")
        actions.declare_interests(seat=seat, statements=[statement], by=seat.user, at=story.tick())
    other = story.eligible("clerk-9")
    story.declared()
    seat = story.seats()[0]
    actions.set_assignment(seat=seat, dossier=other, codes=["1", "2", "3"], by=story.secretary, at=story.tick())

    answer = secretary.get(at("assignment"))

    assert [gap["takers"] for gap in answer.context["gaps"]] == [[]]
    assert "mời dự khuyết" in answer.content.decode()


# --- the wall -----------------------------------------------------------------------------------------
def test_no_page_and_no_workbook_tells_a_barred_secretary_of_the_dossier(story, client):
    hidden, *others = panel(story)
    actions.assign(season=story.season(), by=story.secretary, at=story.tick())
    second = story.person("secretary-2", Role.SECRETARY)
    with transaction.atomic():
        put_apart(user=second, dossier=hidden, kind="family", words="", by=second, at=story.tick())
    client.force_login(second)

    pages = {
        "matrix": client.get(at("assignment")),
        "trial": client.post(at("assignment"), {"do": "try", "per_criterion": "2"}),
        "council": client.get(at("council")),
    }
    for name, answer in pages.items():
        text = answer.content.decode()
        assert answer.status_code == 200
        assert hidden.number not in text, name
        assert hidden.product.name_vi not in text, name
    assert pages["matrix"].context["all_rows"] == 2
    assert pages["matrix"].context["run"] is None
    seat = story.seats()[0]
    assert client.get(at("assignment_cell", hidden.pk, seat.pk)).status_code == 404
    assert client.post(at("assignment_cell", hidden.pk, seat.pk), {"codes": ["1"]}).status_code == 404
    cells = CalamineWorkbook.from_filelike(io.BytesIO(client.get(at("assignment_xlsx")).content))
    everything = str([cells.get_sheet_by_index(n).to_python() for n in range(len(cells.sheet_names))])
    assert hidden.number not in everything
    assert others[0].number in everything


# --- seats --------------------------------------------------------------------------------------------
def test_a_seat_is_changed_on_its_page_and_shown_in_the_council(secretary, story):
    panel(story)
    seat = story.seats()[1]
    page = secretary.get(at("seat", seat.pk))
    given = {
        "position": "member",
        "unit": "Viện Cơ điện",
        "sectors": ["electrical"],
        "max_dossiers": "9",
        "term_from": "01/08/2026",
        "term_until": "31/12/2026",
        "version": page.context["version"],
    }

    answer = secretary.post(at("seat", seat.pk), given, follow=True)

    text = answer.content.decode()
    assert "Viện Cơ điện" in text
    assert "nhiều nhất 9 hồ sơ" in text
    assert "đến 31/12/2026" in text
    again = secretary.post(at("seat", seat.pk), given)
    assert again.status_code == 409
    assert "đã sửa thông tin thành viên" in again.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"max_dossiers": "0"}, {"sectors": ["magic"]}, {"term_from": "31/12/2026", "term_until": "01/01/2026"}],
)
def test_a_seat_with_mistakes_comes_back_with_words(secretary, story, wrong):
    panel(story)
    seat = story.seats()[1]

    answer = secretary.post(at("seat", seat.pk), {"position": "member", "unit": ""} | wrong)

    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_the_council_page_tells_the_quorum_of_each_dossier(secretary, story):
    first, *_others = panel(story)
    for seat in story.seats()[1:3]:
        statement = actions.Statement(first, True, "Cổ đông")
        actions.declare_interests(seat=seat, statements=[statement], by=seat.user, at=story.tick())

    text = secretary.get(at("council")).content.decode()

    assert "một số hồ sơ có ít thành viên hơn số tối thiểu của cả Hội đồng" in text
    assert "2 trong 4, tối thiểu 2" in text
    assert Council.objects.get().quorum_of(4) == 3
