"""Trying, keeping and changing an assignment: by its actions, on the real database."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils import timezone, translation

from accounts.models import Role
from core.errors import Refused
from core.models import AuditEvent
from dossiers.actions import put_apart
from evaluations import actions, queries
from evaluations.assigning.problem import Rule, Settings
from evaluations.models import Assignment, AssignmentRun, Council, Seat
from reference.models import Sector


def reasons(act) -> list[str]:
    with pytest.raises(Refused) as error:
        act()
    return error.value.reasons


def held() -> set[tuple[int, int, str]]:
    return set(Assignment.objects.values_list("seat_id", "dossier_id", "criterion__code"))


def trial(story, **settings):
    return actions.try_assignment(
        season=story.season(), settings=Settings(**settings), by=story.secretary, at=story.tick()
    )


def keep(story, tried, by=None):
    return actions.keep_assignment(season=story.season(), kept=tried.kept, by=by or story.secretary, at=story.tick())


def panel(story, seats: int = 4, dossiers: int = 3):
    found = [story.eligible(f"clerk-{n}") for n in range(dossiers)]
    story.seats(seats)
    story.declared()
    return found


def change(story, seat: Seat, **facts):
    facts = {
        "position": seat.position,
        "unit": seat.unit,
        "sectors": [],
        "scorer_labels": [],
        "max_dossiers": None,
        "is_alternate": False,
        "term_from": None,
        "term_until": None,
    } | facts
    return actions.change_seat(seat=seat, by=story.secretary, at=story.tick(), **facts)


# --- try and keep -------------------------------------------------------------------------------------
def test_a_trial_writes_nothing_and_keeping_it_writes_exactly_what_was_shown(story):
    panel(story)
    before = AuditEvent.objects.count()

    tried = trial(story, per_criterion=2, seed=7)

    assert not held()
    assert AuditEvent.objects.count() == before
    assert len(tried.changes) == 3 * 2

    keep(story, tried)

    assert {(str(s), str(d), c) for s, d, c in held()} == tried.solution.chosen


def test_a_kept_assignment_records_solver_seed_settings_goals_and_digests(story):
    panel(story)
    tried = trial(story, per_criterion=2, most=3, seed=7, bridges=Rule.MUST)

    keep(story, tried)

    run = AssignmentRun.objects.get()
    assert run.solver.startswith("HiGHS")
    assert run.solver_version[0].isdigit()
    assert (run.seed, run.settings["most"], run.settings["bridges"]) == (7, 3, "must")
    assert (run.input_digest, run.result_digest) == (tried.solution.input_digest, tried.solution.result_digest)
    assert {g["name"] for g in run.objective["goals"]} >= {"loads", "lot", "parts"}
    assert run.assignments == Assignment.objects.count() == 3 * 3 * 2
    assert run.made_by_name == str(story.secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        AssignmentRun.objects.filter(pk=run.pk).update(seed=8)


def test_a_trial_survives_the_way_through_the_page(story):
    panel(story)
    kept = trial(story, per_criterion=2, organisations=Rule.OFF).kept

    from django.core import signing

    from evaluations.actions.assigning import Kept

    assert Kept.from_dict(signing.loads(signing.dumps(kept.as_dict(), compress=True))) == kept


def test_the_same_facts_and_seed_give_the_same_assignment_again(story):
    panel(story)

    assert trial(story, per_criterion=2).solution == trial(story, per_criterion=2).solution


def test_a_conflict_declared_after_the_trial_stops_it(story):
    first, *_others = panel(story)
    tried = trial(story, per_criterion=3)
    seat = story.seats()[1]
    statement = actions.Statement(first, True, "Mới biết")
    actions.declare_interests(seat=seat, statements=[statement], by=seat.user, at=story.tick())

    found = reasons(lambda: keep(story, tried))

    assert "đã thay đổi từ khi tính phương án" in found[0]
    assert not held()


def test_the_database_refuses_a_conflicted_assignment_even_if_the_program_forgot(story, monkeypatch):
    first, *_others = panel(story)
    seat = story.seats()[1]
    statement = actions.Statement(first, True, "Cổ đông")
    actions.declare_interests(seat=seat, statements=[statement], by=seat.user, at=story.tick())
    monkeypatch.setattr("evaluations.queries.panel.barred_pairs", lambda seats, dossiers: (set(), set()))
    tried = trial(story, per_criterion=4)
    assert (str(seat.pk), str(first.pk), "1") in tried.solution.chosen

    found = reasons(lambda: keep(story, tried))

    assert "xung đột lợi ích" in found[0]
    assert not held()


def test_who_represents_or_is_kept_apart_without_a_statement_is_never_assigned(story):
    from enterprises.actions import add_representative

    first, second, _third = panel(story)
    one, two, *_others = story.seats()
    add_representative(enterprise=first.enterprise, user=one.user, by=story.officer, at=story.tick())
    with transaction.atomic():
        put_apart(user=two.user, dossier=second, kind="family", words="", by=two.user, at=story.tick())

    actions.assign(season=story.season(), by=story.secretary, at=story.tick())

    pairs = {(s, d) for s, d, _c in held()}
    assert (one.pk, first.pk) not in pairs
    assert (two.pk, second.pk) not in pairs
    assert len(pairs) == 4 * 3 - 2


def test_a_full_panel_waits_for_every_declaration_and_a_part_of_it_leaves_the_silent_out(story):
    panel(story)
    late = story.eligible("clerk-9")
    quiet = story.seats()[3]
    for seat in story.seats()[:3]:
        statement = actions.Statement(late, False)
        actions.declare_interests(seat=seat, statements=[statement], by=seat.user, at=story.tick())

    found = reasons(lambda: trial(story, per_criterion=0))
    assert found == [f"{late.number}: chưa có khai báo lợi ích của {quiet}."]

    chosen = trial(story, per_criterion=3).solution.chosen
    assert not any(member == str(quiet.pk) and work == str(late.pk) for member, work, _c in chosen)


def test_the_reason_names_the_dossier_and_the_alternate_who_helps(story):
    first, *_others = panel(story, seats=4)
    _chair, two, three, four = story.seats()
    change(story, four, is_alternate=True)
    for seat in (two, three):
        statement = actions.Statement(first, True, "Cổ đông")
        actions.declare_interests(seat=seat, statements=[statement], by=seat.user, at=story.tick())

    found = reasons(lambda: trial(story, per_criterion=2))

    assert found[0] == f"{first.number}: chỉ 1 trong 3 thành viên không xung đột lợi ích, cần 2."
    assert f"Cách giải quyết: mời thành viên dự khuyết {four}." in found
    assert "Cách giải quyết: phân công được tối đa 1 thành viên cho mỗi tiêu chí." in found

    change(story, four, is_alternate=False)
    assert str(four.pk) in {m for m, w, _c in trial(story, per_criterion=2).solution.chosen if w == str(first.pk)}


def test_the_limit_of_a_seat_is_kept_or_named(story):
    panel(story)
    seat = story.seats()[2]
    change(story, seat, max_dossiers=1)

    assert trial(story, per_criterion=3, bridges=Rule.OFF).solution.measures.sheets[str(seat.pk)] == 1
    found = reasons(lambda: trial(story, per_criterion=0))
    assert f"{seat} sẽ phải chấm 3 phiếu; hạn mức là 1." in found


def test_nobody_outside_the_term_and_no_alternate_is_assigned(story):
    panel(story)
    one, two, three, four = story.seats()
    day = timezone.localtime(story.now).date()
    change(story, three, term_until=day - timedelta(days=1))
    change(story, four, is_alternate=True)

    actions.assign(season=story.season(), by=story.secretary, at=story.tick())

    assert {s for s, _d, _c in held()} == {one.pk, two.pk}


def test_expertise_of_the_sector_decides_who_scores(story):
    panel(story)
    expert = story.seats()[2]
    change(story, expert, sectors=Sector.objects.filter(code="electrical"))

    tried = trial(story, per_criterion=1, bridges=Rule.OFF)

    assert {m for m, _w, _c in tried.solution.chosen} == {str(expert.pk)}
    assert tried.solution.measures.worst == 1


# --- two secretaries ----------------------------------------------------------------------------------
def test_the_second_of_two_secretaries_is_told_what_the_first_has_changed(story):
    first, *_others = panel(story)
    council = Council.objects.get()
    seat, other = story.seats()[:2]
    seen = queries.seen_version(council, story.secretary)
    actions.set_assignment(seat=seat, dossier=first, codes=["1", "3"], seen=seen, by=story.secretary, at=story.tick())
    second = story.person("secretary-2", Role.SECRETARY)

    found = reasons(
        lambda: actions.set_assignment(seat=other, dossier=first, codes=["2"], seen=seen, by=second, at=story.tick())
    )

    assert "Chưa ghi gì" in found[0]
    assert f"{seat} nay chấm của {first.number}: 1, 3." in found[1]
    assert str(story.secretary) in found[1]
    assert {(s, c) for s, _d, c in held()} == {(seat.pk, "1"), (seat.pk, "3")}


def test_a_seat_taken_or_changed_meanwhile_stops_a_trial(story):
    panel(story)
    tried = trial(story, per_criterion=2)
    change(story, story.seats()[2], unit="Viện Thử")

    found = reasons(lambda: keep(story, tried))

    assert "đã sửa thông tin thành viên" in " ".join(found)
    assert not held()


def test_a_change_that_changes_nothing_leaves_the_version_alone(story):
    first, *_others = panel(story)
    seat = story.seats()[0]
    actions.set_assignment(seat=seat, dossier=first, codes=["1"], by=story.secretary, at=story.tick())
    before = Council.objects.get().panel_version

    actions.set_assignment(seat=seat, dossier=first, codes=["1"], by=story.secretary, at=story.tick())

    assert Council.objects.get().panel_version == before


@pytest.mark.django_db(transaction=True)
def test_of_two_trials_kept_at_the_same_moment_one_stands_and_the_other_is_refused(story):
    panel(story)
    second = story.person("secretary-2", Role.SECRETARY)
    one, two = trial(story, per_criterion=2, seed=1), trial(story, per_criterion=3, seed=2)
    at = story.tick()
    start, told = threading.Barrier(2), []

    def act(tried, by):
        translation.activate("vi")
        try:
            start.wait()
            told.append(actions.keep_assignment(season=story.season(), kept=tried.kept, by=by, at=at))
        except Refused as refusal:
            told.append(refusal.reasons)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=pair) for pair in ((one, story.secretary), (two, second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(isinstance(t, int) for t in told) == 1
    (refused,) = [t for t in told if isinstance(t, list)]
    assert "Chưa ghi gì" in refused[0]
    written = {(str(s), str(d), c) for s, d, c in held()}
    assert written in (one.solution.chosen, two.solution.chosen)
    assert AssignmentRun.objects.count() == 1


# --- by hand ------------------------------------------------------------------------------------------
def test_by_hand_conflict_silence_and_a_signed_sheet_are_refused_in_words(story):
    (dossier,) = story.scoring()
    late = story.eligible("clerk-9")
    signed, barred, quiet = story.seats()
    statement = actions.Statement(dossier, True, "Cổ đông")
    actions.declare_interests(seat=barred, statements=[statement], by=barred.user, at=story.tick())
    story.council_time()
    story.score(dossier, signed, {"1": 40, "2": 20, "3": 10})

    def give(seat, thing):
        return reasons(
            lambda: actions.set_assignment(seat=seat, dossier=thing, codes=["1"], by=story.secretary, at=story.tick())
        )

    assert "có xung đột lợi ích" in give(barred, dossier)[0]
    assert "đã ký phiếu" in give(signed, dossier)[0]
    assert "chưa khai báo lợi ích" in give(quiet, late)[0]


def test_many_cells_are_taken_over_together_or_not_at_all(story):
    first, _second, third = panel(story)
    one, two, *_others = story.seats()
    statement = actions.Statement(third, True, "Cổ đông")
    actions.declare_interests(seat=two, statements=[statement], by=two.user, at=story.tick())
    wanted = {(one.pk, first.pk): frozenset({"1", "2"}), (two.pk, third.pk): frozenset({"1"})}

    def take(cells):
        return actions.take_over(season=story.season(), wanted=cells, seen=None, by=story.secretary, at=story.tick())

    assert "có xung đột lợi ích" in reasons(lambda: take(wanted))[0]
    assert not held()

    del wanted[two.pk, third.pk]
    assert take(wanted) == 1
    assert held() == {(one.pk, first.pk, "1"), (one.pk, first.pk, "2")}


# --- the wall -----------------------------------------------------------------------------------------
def test_a_secretary_behind_the_wall_neither_sees_nor_touches_nor_learns_of_the_dossier(story):
    hidden, *_others = panel(story)
    actions.assign(season=story.season(), by=story.secretary, at=story.tick())
    second = story.person("secretary-2", Role.SECRETARY)
    with transaction.atomic():
        put_apart(user=second, dossier=hidden, kind="family", words="", by=second, at=story.tick())
    council = Council.objects.get()
    seen = queries.seen_version(council, second)
    kept_before = {t for t in held() if t[1] == hidden.pk}

    tried = actions.try_assignment(
        season=story.season(), settings=Settings(per_criterion=2), by=second, at=story.tick()
    )
    assert str(hidden.pk) not in {w for _m, w, _c in tried.solution.chosen}
    # somebody else changes the hidden dossier meanwhile: nothing of it comes through
    actions.set_assignment(seat=story.seats()[0], dossier=hidden, codes=["1"], by=story.secretary, at=story.tick())
    assert queries.seen_version(Council.objects.get(), second) == seen
    keep(story, tried, by=second)

    assert {t for t in held() if t[1] == hidden.pk} != kept_before
    assert len({d for _s, d, _c in held()}) == 3
    with pytest.raises(Http404):
        actions.set_assignment(seat=story.seats()[0], dossier=hidden, codes=[], by=second, at=story.tick())
    found = reasons(
        lambda: actions.take_over(
            season=story.season(),
            wanted={(story.seats()[0].pk, hidden.pk): frozenset()},
            seen=None,
            by=second,
            at=story.tick(),
        )
    )
    assert hidden.number not in " ".join(found)
