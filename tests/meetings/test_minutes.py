"""Before signing the minutes everybody states the own interests once more; nothing is signed while one is missing."""

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from core.errors import Refused
from dossiers.models import Conflict
from dossiers.wall import barred_ids, forget, is_barred
from evaluations.models import InterestStatement, StandingSheet
from meetings import actions, minutes, queries
from meetings.models import MinutesSignature, MinutesStatement

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


@pytest.fixture
def closed(held):
    """Five members, the second barred from the first dossier, the fifth did not come; the minutes are made."""
    held.council(dossiers=2, conflicts={1: [0]})
    held.result()
    held.plan()
    held.open(0, 1, 2, 3)
    held.treat_all()
    held.close()
    held.make_papers()
    return held


def state(held, person, **more):
    return actions.state_before_signing(
        meeting=held.the_meeting, **({"has_conflict": False} | more), by=person, at=held.now
    )


def sign(held, person):
    return actions.sign_minutes(
        meeting=held.the_meeting, document=minutes.newest(held.the_meeting), by=person, at=held.now
    )


def people(held):
    return [person for person, _seat in queries.signers_of(held.the_meeting)]


def test_whoever_came_and_the_secretary_state_and_sign(closed):
    assert people(closed) == [*(seat.user for seat in closed.seats[:4]), closed.secretary]
    with pytest.raises(Http404):
        state(closed, closed.seats[4].user)
    with pytest.raises(Http404):
        state(closed, closed.story.officer)


def test_nobody_signs_while_one_statement_is_missing(closed):
    for person in people(closed)[:-1]:
        state(closed, person)

    with pytest.raises(Refused, match=str(closed.secretary)):
        sign(closed, closed.seats[0].user)
    assert not MinutesSignature.objects.exists()


def test_the_last_statement_makes_the_minutes_anew_with_all_of_them(closed):
    first = minutes.newest(closed.the_meeting)
    closed.everybody_states()
    with pytest.raises(Refused):
        sign(closed, closed.seats[0].user)  # still the version without the statements
    closed.make_papers()

    made = minutes.newest(closed.the_meeting)
    assert made.version == first.version + 1
    lines = [row["lời"] for row in made.fields["tuyên bố"]]
    assert len(lines) == 5
    assert all("không có xung đột lợi ích với bất kỳ nội dung nào" in line for line in lines)
    assert sign(closed, closed.seats[0].user).digest == made.pdf_id


def test_the_statement_is_dated_made_once_and_kept_for_ever(closed):
    made = state(closed, closed.seats[0].user)

    assert made.stated_at is not None
    with pytest.raises(Refused):
        state(closed, closed.seats[0].user)
    for change in (
        lambda: MinutesStatement.objects.update(has_conflict=True),
        lambda: MinutesStatement.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_none_is_a_value_and_not_an_empty_field(closed):
    """Neither an empty answer nor a conflict without its dossier is taken, by the database too."""
    with pytest.raises(Refused):
        state(closed, closed.seats[0].user, has_conflict=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        MinutesStatement.objects.create(
            meeting=closed.the_meeting, person=closed.secretary, has_conflict=True, stated_at=closed.now
        )


def test_a_conflict_stated_at_the_end_bars_and_stops_the_signing_until_the_result_is_new(closed):
    person = closed.seats[2].user
    dossier = closed.dossiers[1]
    for one in people(closed):
        if one != person:
            state(closed, one)
    state(closed, person, has_conflict=True, dossiers=[dossier], words="Em trai làm giám đốc")
    closed.make_papers()

    forget(person)
    assert is_barred(person, dossier)
    assert Conflict.objects.filter(user=person, dossier=dossier, lifted_at=None).exists()
    with pytest.raises(Refused, match=str(person)):
        sign(closed, closed.seats[0].user)


def test_each_statement_before_signing_is_one_about_every_dossier_taken_up(closed):
    """As before opening: a dated "none" or a conflict for each, and the sheet of whoever has one no longer counts."""
    none, other = closed.seats[0], closed.seats[2]
    dossier = closed.dossiers[1]
    assert StandingSheet.objects.filter(seat=other, dossier=dossier).exists()

    state(closed, none.user)
    state(closed, other.user, has_conflict=True, dossiers=[dossier], words="Em trai làm giám đốc")

    said = InterestStatement.objects.filter(moment=InterestStatement.Moment.MINUTES)
    taken_up = set(closed.the_meeting.items.exclude(dossier=None).values_list("dossier_id", flat=True))
    of_none = said.filter(seat=none, has_conflict=False)
    assert set(of_none.values_list("dossier_id", flat=True)) == taken_up - barred_ids(none.user)
    assert list(said.filter(seat=other, has_conflict=True).values_list("dossier_id", flat=True)) == [dossier.pk]
    assert not StandingSheet.objects.filter(seat=other, dossier=dossier).exists()


def test_signing_twice_is_one_signature_and_signatures_never_change(closed):
    closed.everybody_states()
    closed.make_papers()

    assert sign(closed, closed.secretary) == sign(closed, closed.secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        MinutesSignature.objects.all().delete()


def test_a_barred_member_signs_what_he_sees(closed):
    closed.everybody_states()
    closed.make_papers()
    document = minutes.newest(closed.the_meeting)
    barred = closed.seats[1].user

    seen = minutes.seen_by(barred, document)
    signature = sign(closed, barred)

    hidden = closed.dossiers[0].number
    assert hidden not in str(seen)
    assert document.result_digest not in str(seen)
    assert all("hạng" not in row for row in seen["xếp hạng"])
    assert not signature.covers_all
    assert signature.digest == minutes.digest_seen_by(barred, document) != document.pdf_id


def test_what_a_barred_member_signs_does_not_depend_on_the_hidden_dossier(closed):
    """Two minutes that differ in the hidden dossier only give him the same bytes."""
    document = minutes.newest(closed.the_meeting)
    other = minutes.newest(closed.the_meeting)
    for row in other.fields["xếp hạng"]:
        if row["mã hồ sơ"] == closed.dossiers[0].number:
            row |= {"hạng": "9", "điểm": "1,00", "kết luận": "Không đạt"}
        else:
            row |= {"hạng": "1", "ghi chú": "Top 1"}
    other.fields |= {"số đạt": "1", "mã kết quả": "0" * 64, "số top": "0"}
    barred = closed.seats[1].user

    assert minutes.digest_seen_by(barred, other) == minutes.digest_seen_by(barred, document)
    assert minutes.seen_by(closed.secretary, other) != minutes.seen_by(closed.secretary, document)


def test_conclusions_are_worded_until_the_first_signature(closed):
    item = closed.item(1)
    closed.act("word_conclusion", item, conclusion="Thống nhất.")
    closed.everybody_states()
    closed.make_papers()
    sign(closed, closed.secretary)

    with pytest.raises(Refused):
        closed.act("word_conclusion", item, conclusion="Khác.")
    item.refresh_from_db()
    assert item.conclusion == "Thống nhất."
