"""What members state about their interests: dated, typed, twice; and what a conflict takes away at once."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse

from accounts.models import Role, User
from core.errors import Refused
from core.models import AuditEvent
from dossiers import actions as desk
from dossiers import wall
from dossiers.models import Conflict, Dossier, Ground
from enterprises.models import Representative
from evaluations import actions, guards, queries
from evaluations.models import (
    Assignment,
    Interest,
    InterestStatement,
    ScoreSheet,
    Seat,
    SheetVoid,
    StandingSheet,
    Tally,
)
from mail.models import Letter
from programme.models import Criterion
from tests.story import Story

pytestmark = pytest.mark.django_db
POINTS = {"1": 45, "2": 25, "3": 15}
WORDS = "Vợ tôi là kế toán trưởng ở đó"


@pytest.fixture
def story() -> Story:
    return Story()


def again(user: User) -> User:
    """The same person in a new request."""
    return User.objects.get(pk=user.pk)


def declare(story: Story, seat: Seat, *statements: actions.Statement) -> None:
    actions.declare_interests(seat=seat, statements=statements, by=seat.user, at=story.tick())


def family(dossier: Dossier) -> actions.Statement:
    return actions.Statement(dossier, True, WORDS, Ground.FAMILY)


# --- the statement --------------------------------------------------------------------------------------
def test_none_is_a_dated_statement_and_not_an_empty_field(story):
    dossier, seat = story.eligible(), story.seats(3)[0]

    declare(story, seat, actions.Statement(dossier, False))

    said = InterestStatement.objects.get()
    assert (said.has_conflict, said.kind, said.ground, said.moment) == (False, "", "", "opening")
    assert said.stated_at == story.now
    assert Interest.objects.get(seat=seat, dossier=dossier).declared_at == story.now
    assert list(queries.undeclared(seat)) == []


def test_every_statement_is_kept_and_the_last_one_holds(story):
    dossier, seat = story.eligible(), story.seats(3)[0]
    declare(story, seat, actions.Statement(dossier, False))
    declare(story, seat, family(dossier))

    said = list(InterestStatement.objects.values_list("moment", "has_conflict", "kind"))
    assert said == [("opening", False, ""), ("later", True, "family")]
    assert Interest.objects.get(seat=seat, dossier=dossier).kind == "family"
    with pytest.raises(IntegrityError), transaction.atomic():
        InterestStatement.objects.all().delete()


def test_a_typed_ground_may_stand_without_words_and_another_ground_may_not(story):
    dossier, seat = story.eligible(), story.seats(3)[0]
    with pytest.raises(Refused):
        declare(story, seat, actions.Statement(dossier, True, " ", Ground.OTHER))
    with pytest.raises(Refused):
        declare(story, seat, actions.Statement(dossier, True, "x", "friendship"))
    assert not Interest.objects.exists()

    declare(story, seat, actions.Statement(dossier, True, "", Ground.OWNERSHIP))

    assert Interest.objects.get().ground == "Có phần vốn, cổ phần"
    assert Conflict.objects.get().kind == Ground.OWNERSHIP


def test_nobody_states_for_another_seat(story):
    dossier, (first, second, _third) = story.eligible(), story.seats(3)

    with pytest.raises(Refused):
        actions.declare_interests(seat=first, statements=[family(dossier)], by=second.user, at=story.tick())


def test_none_cannot_be_said_where_one_represents_or_where_a_conflict_stands(story):
    dossier, other = story.eligible("alpha"), story.eligible("beta")
    seat = story.seats(3)[0]
    Representative.objects.create(user=seat.user, enterprise=dossier.enterprise, since=story.now, ended_at=story.now)
    declare(story, seat, family(other))

    for one in (dossier, other):
        with pytest.raises(Refused):
            declare(story, seat, actions.Statement(one, False))

    assert Interest.objects.get(dossier=other).has_conflict


def test_what_is_known_is_written_down_without_asking(story):
    dossier, other = story.eligible("alpha"), story.eligible("beta")
    seat = story.seats(3)[0]
    Representative.objects.create(user=seat.user, enterprise=dossier.enterprise, since=story.now)
    desk.declare_conflict(dossier=other, kind=Ground.COMPETITOR, by=seat.user, at=story.tick())
    seat = Seat.objects.get(pk=seat.pk)
    assert list(queries.undeclared(seat)) == []

    assert actions.state_known(seat=seat, at=story.tick()) == 2
    assert actions.state_known(seat=seat, at=story.tick()) == 0

    kinds = dict(Interest.objects.values_list("dossier_id", "kind"))
    assert kinds == {dossier.pk: "representation", other.pk: "competitor"}
    assert guards.interests_are_declared(dossier, story.now) != []  # the two others have not spoken


# --- what a conflict takes away -------------------------------------------------------------------------
def test_a_conflict_takes_assignment_and_unsigned_sheet_and_tells_the_secretary_what_lost_a_scorer(story):
    dossier = story.scoring(1)[0]
    seat = story.seats()[0]
    story.score(dossier, seat, POINTS, sign=False)
    codes = queries.assigned_codes(seat, dossier)

    declare(story, seat, family(dossier))

    assert not Assignment.objects.filter(seat=seat, dossier=dossier).exists()
    assert not ScoreSheet.objects.filter(seat=seat, dossier=dossier).exists()
    assert wall.is_barred(again(seat.user), dossier)
    letter = Letter.objects.get(kind="scorer_lost")
    assert (letter.to_user, letter.about_id) == (story.secretary, str(dossier.pk))
    assert ", ".join(codes) in letter.subject
    assert WORDS not in letter.text + letter.subject + letter.html
    assert "Người thân" not in letter.text + letter.subject
    assert WORDS not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_a_signed_sheet_is_voided_by_a_new_record_and_no_longer_counted(story):
    dossier = story.scoring(1)[0]
    first, second, _third = story.seats()
    story.score(dossier, first, POINTS)
    story.score(dossier, second, {"1": 30, "2": 20, "3": 10})
    sheet = ScoreSheet.objects.get(seat=first)
    before = Tally.objects.get(dossier=dossier)

    declare(story, first, family(dossier))

    void = SheetVoid.objects.get()
    assert (void.sheet, void.voided_by_name) == (sheet, str(first.user))
    sheet.refresh_from_db()
    assert sheet.signed_at is not None
    assert sheet.marks.count() == 3  # sealed, kept, and not counted
    assert list(StandingSheet.objects.values_list("seat_id", flat=True)) == [second.pk]
    after = Tally.objects.get(dossier=dossier)
    assert (before.sheets, after.sheets) == (2, 1)
    assert after.sums == [3000, 2000, 1000]
    assert before.digest != after.digest
    assert AuditEvent.objects.filter(act="sheet.voided").count() == 1


def test_a_conflict_that_comes_to_light_after_closing_changes_the_inputs_of_the_result(story):
    from evaluations import closing

    dossier, other = story.scored(2)
    run = queries.latest_run(dossier.season)
    assert closing.current_inputs(dossier.season) == run.input_digest

    declare(story, story.seats()[0], family(dossier))

    assert closing.current_inputs(dossier.season) != run.input_digest
    run.refresh_from_db()
    assert SheetVoid.objects.count() == 1
    assert StandingSheet.objects.filter(dossier=other).count() == 3


def test_a_barred_member_neither_reads_nor_saves_nor_signs_the_sheet(story, client):
    dossier = story.scoring(1)[0]
    seat = story.seats()[0]
    client.force_login(seat.user)
    assert client.get(reverse("evaluations:sheet", args=[dossier.pk])).status_code == 200
    stale = again(seat.user)
    assert not wall.is_barred(stale, dossier)  # a tab that was open before

    declare(story, seat, family(dossier))

    assert client.get(reverse("evaluations:sheet", args=[dossier.pk])).status_code == 404
    assert client.post(reverse("evaluations:sign", args=[dossier.pk])).status_code == 404
    assert client.get(reverse("dossiers:document", args=[dossier.documents.first().pk])).status_code == 404
    assert dossier.number not in client.get(reverse("evaluations:queue")).content.decode()
    with pytest.raises((Refused, Http404)):
        actions.save_marks(dossier=dossier, marks={"1": Decimal(40)}, by=stale, at=story.tick())
    assert not ScoreSheet.objects.filter(seat=seat).exists()


@pytest.mark.parametrize("table", ["assignment", "sheet"])
@pytest.mark.parametrize("why", ["conflict", "representation", "interest"])
def test_the_database_refuses_a_barred_member_however_the_row_is_written(story, table, why):
    dossier, seat = story.eligible(), story.seats(3)[0]
    if why == "conflict":
        Conflict.objects.create(user=seat.user, dossier=dossier, kind="family", declared_at=story.now)
    elif why == "representation":
        Representative.objects.create(user=seat.user, enterprise=dossier.enterprise, since=story.now)
    else:
        Interest.objects.create(seat=seat, dossier=dossier, has_conflict=True, ground="x", declared_at=story.now)
    criterion = Criterion.objects.filter(is_leaf=True).first()

    if table == "assignment":
        row = Assignment(seat=seat, dossier=dossier, criterion=criterion, assigned_at=story.now)
    else:
        row = ScoreSheet(seat=seat, dossier=dossier, saved_at=story.now)

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_whoever_is_apart_for_whatever_reason_is_named_for_the_assignment(story):
    dossiers = [story.eligible(name) for name in ("alpha", "beta", "gamma")]
    seats = story.seats(3)
    declare(story, seats[0], family(dossiers[0]))
    desk.declare_conflict(dossier=dossiers[1], kind=Ground.FAMILY, by=seats[1].user, at=story.tick())
    Representative.objects.create(
        user=seats[2].user, enterprise=dossiers[2].enterprise, since=story.now, ended_at=story.now
    )

    assert queries.apart(story.season()) == {(seat.pk, d.pk) for seat, d in zip(seats, dossiers, strict=True)}


# --- before the minutes ---------------------------------------------------------------------------------
def test_the_second_statement_is_made_before_the_minutes_and_is_another_row(story):
    dossiers = story.scored(2)
    seat = story.seats()[0]
    assert queries.unstated_before_minutes(seat, dossiers) == dossiers

    none = [actions.Statement(d, False) for d in dossiers]
    actions.state_before_minutes(seat=seat, statements=none[:1], by=seat.user, at=story.tick())
    assert queries.unstated_before_minutes(seat, dossiers) == dossiers[1:]
    actions.state_before_minutes(seat=seat, statements=none[1:], by=seat.user, at=story.tick())

    assert queries.unstated_before_minutes(seat, dossiers) == []
    moments = InterestStatement.objects.filter(seat=seat, moment="minutes")
    assert moments.count() == 2
    assert Interest.objects.get(seat=seat, dossier=dossiers[1]).declared_at == story.now


def test_a_conflict_stated_before_the_minutes_counts_as_any_other(story):
    dossier = story.scored(1)[0]
    seat = story.seats()[0]

    actions.state_before_minutes(seat=seat, statements=[family(dossier)], by=seat.user, at=story.tick())

    assert SheetVoid.objects.count() == 1
    assert wall.is_barred(again(seat.user), dossier)
    assert queries.unstated_before_minutes(Seat.objects.get(pk=seat.pk), [dossier]) == []


# --- lifting --------------------------------------------------------------------------------------------
def test_after_two_others_lifted_it_the_member_states_anew_and_gets_nothing_back_by_itself(story):
    dossier = story.scoring(1)[0]
    seat = story.seats()[0]
    declare(story, seat, family(dossier))
    conflict = Conflict.objects.get()
    desk.ask_to_lift(conflict=conflict, reason="Nhầm tên", by=story.secretary, at=story.tick())
    actions.lift_conflict(conflict=conflict, by=story.officer, at=story.tick())
    seat = Seat.objects.get(pk=seat.pk)

    assert list(queries.undeclared(seat)) == [dossier]
    assert queries.has_to_declare(seat.user, dossier)
    assert not Assignment.objects.filter(seat=seat).exists()
    assert InterestStatement.objects.filter(seat=seat).count() == 2  # what was said stays said
    declare(story, seat, actions.Statement(dossier, False))
    assert not Interest.objects.get(seat=seat).has_conflict


# --- the secretary with a conflict ----------------------------------------------------------------------
def test_a_secretary_with_a_conflict_does_not_act_on_the_whole_season(story):
    dossier = story.scoring(1)[0]
    desk.declare_conflict(dossier=dossier, kind=Ground.FAMILY, by=story.secretary, at=story.tick())
    secretary, season = again(story.secretary), story.season()

    for act in (actions.open_session, actions.close_session):
        with pytest.raises(Refused) as refused:
            act(season=season, by=secretary, at=story.tick())
        assert dossier.number not in " ".join(refused.value.reasons)
    assert Letter.objects.filter(kind="scorer_lost").count() == 0
    declare(story, story.seats()[0], family(dossier))
    assert not Letter.objects.filter(kind="scorer_lost", to_user=secretary).exists()


def test_the_result_of_a_person_with_a_conflict_is_ranked_among_what_is_open(story):
    best, second, third = story.scored(3)
    run = queries.latest_run(best.season)
    assert [(r.dossier_id, r.rank) for r in queries.visible_results(run, story.officer)] == [
        (best.pk, 1), (second.pk, 2), (third.pk, 3),
    ]  # fmt: skip
    assert queries.is_whole(story.officer, best.season)

    desk.declare_conflict(dossier=best, kind=Ground.FAMILY, by=story.officer, at=story.tick())
    officer = again(story.officer)
    seen = queries.visible_results(run, officer)

    assert [(r.dossier_id, r.rank) for r in seen] == [(second.pk, 1), (third.pk, 2)]
    assert all(r.is_top10 for r in seen)
    assert not queries.is_whole(officer, best.season)
    assert queries.visible_results(None, officer) == []


def test_recognition_pages_leave_the_dossier_out_and_refuse_the_acts(story, client):
    best, second = story.scored(2)
    desk.declare_conflict(dossier=best, kind=Ground.FAMILY, by=story.secretary, at=story.tick())
    client.force_login(story.secretary)
    comments = reverse("decisions:comments", args=[story.year])

    page = client.get(comments)
    assert best.product.name_vi not in page.content.decode()
    assert second.product.name_vi in page.content.decode()
    refused = client.post(comments, {"opens_at": "10:00 01/12/2026", "closes_at": "10:00 11/12/2026"})
    assert refused.status_code in (200, 409)
    assert Dossier.objects.get(pk=best.pk).stage == "scored"
    assert best.number not in refused.content.decode()


def test_comments_about_the_product_are_closed_too(story, client):
    from registry.models import Comment, PublishedListItem

    best, second = story.published(2)
    items = {item.source_id: item for item in PublishedListItem.objects.all()}
    for dossier, text in ((best, "về sản phẩm thứ nhất"), (second, "về sản phẩm thứ hai")):
        Comment.objects.create(
            list=items[dossier.product_id].list, item=items[dossier.product_id], name="x", contact="x", text=text,
            received_at=story.now,
        )  # fmt: skip
    desk.declare_conflict(dossier=best, kind=Ground.FAMILY, by=story.officer, at=story.tick())
    client.force_login(story.officer)

    page = client.get(reverse("decisions:comments", args=[story.year]))

    assert "về sản phẩm thứ nhất" not in page.content.decode()
    assert "về sản phẩm thứ hai" in page.content.decode()
    assert (page.context["total"], page.context["unanswered"]) == (1, 1)
    hidden = Comment.objects.get(text="về sản phẩm thứ nhất")
    answer = client.post(reverse("decisions:reply", args=[story.year, hidden.pk]), {f"c{hidden.pk}-text": "x"})
    assert answer.status_code == 404


def test_people_of_the_department_who_sit_in_the_council_lose_the_sheet_as_well(story):
    dossier = story.scoring(1)[0]
    seat = story.seats()[0]
    from accounts.actions import grant_role

    grant_role(user=seat.user, role=Role.OFFICER, by=None, at=story.tick())

    actions.declare_own(dossier=dossier, kind=Ground.FAMILY, words="", by=again(seat.user), at=story.tick())

    assert Interest.objects.get(seat=seat, dossier=dossier).has_conflict
    assert not Assignment.objects.filter(seat=seat, dossier=dossier).exists()
