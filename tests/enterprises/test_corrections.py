"""The Department corrects a record: with a reason, one line in the log, and a letter to whoever signs."""

import pytest
from django.http import Http404

from core.errors import Refused
from core.models import AuditEvent
from enterprises import actions
from enterprises.forms import RecordForm
from enterprises.models import Enterprise
from mail.models import Letter
from tests.enterprises.people import as_
from tests.enterprises.post import letters, text_of, words

pytestmark = pytest.mark.django_db
REASON = "Theo giấy chứng nhận đăng ký doanh nghiệp thay đổi lần thứ 3."


def place(enterprise):
    return f"/lam-viec/doanh-nghiep/{enterprise.pk}/sua/"


def facts(enterprise, **changes):
    kept = {k: getattr(v, "pk", v) or "" for k, v in RecordForm.facts_of(enterprise).items()}
    return kept | {"reason": REASON} | changes


def corrections():
    return AuditEvent.objects.filter(act="enterprise.corrected")


def test_an_officer_corrects_and_whoever_signs_is_told_what_and_why(world):
    client = as_(world.story.officer)
    assert f'href="{place(world.enterprise)}"' in words(client.get(f"/lam-viec/doanh-nghiep/{world.enterprise.pk}/"))
    assert world.enterprise.phone in words(client.get(place(world.enterprise)))
    answer = client.post(place(world.enterprise), facts(world.enterprise, phone="024 3825 4321", form="limited"))
    assert answer.url == f"/lam-viec/doanh-nghiep/{world.enterprise.pk}/"

    before, world.enterprise = world.enterprise, Enterprise.objects.get(pk=world.enterprise.pk)
    assert (world.enterprise.phone, world.enterprise.form) == ("024 3825 4321", "limited")
    event = corrections().get()
    assert event.actor_name == str(world.story.officer)
    assert event.detail["changed"]["phone"] == [before.phone, "024 3825 4321"]
    assert event.detail["note"] == REASON
    letter = letters("record_corrected")[0]
    assert [one.to_user for one in letters("record_corrected")] == [world.boss]
    for piece in (REASON, f"{before.phone} → 024 3825 4321", "Công ty cổ phần → Công ty trách nhiệm hữu hạn",
                  f"/ho-so/doanh-nghiep/{world.enterprise.pk}/"):  # fmt: skip
        assert piece in text_of(letter)
    assert REASON in words(as_(world.boss).get(world.at("lich-su/")))
    assert REASON in words(client.get(answer.url))


def test_a_signer_who_reads_english_is_told_in_english(world):
    world.boss.language = "en"
    world.boss.save()
    as_(world.story.officer).post(place(world.enterprise), facts(world.enterprise, form="limited"))

    assert "Joint-stock company → Limited liability company" in text_of(letters("record_corrected")[0])


def test_nothing_changed_is_no_correction_and_no_letter(world):
    answer = as_(world.story.officer).post(place(world.enterprise), facts(world.enterprise), follow=True)

    assert "Chưa có gì thay đổi" in words(answer)
    assert not corrections().exists()
    assert not Letter.objects.filter(kind="record_corrected").exists()


@pytest.mark.parametrize(
    "change", [{"reason": " "}, {"name_vi": ""}, {"phone": "x"}, {"ward": "99999"}, {"street": ""}]
)
def test_without_a_reason_or_with_a_wrong_fact_nothing_is_written(world, change):
    answer = as_(world.story.officer).post(
        place(world.enterprise), facts(world.enterprise, **({"phone": "024 3825 4321"} | change))
    )

    assert answer.status_code == 200
    assert "<title>Lỗi:" in words(answer)
    assert not corrections().exists()
    assert not Letter.objects.filter(kind="record_corrected").exists()


@pytest.mark.parametrize(
    ("who", "reason", "refused"),
    [("officer", "  ", Refused), ("secretary", REASON, Http404), ("boss", REASON, Http404)],
)
def test_the_action_itself_wants_a_reason_and_the_right(world, who, reason, refused):
    by = world.boss if who == "boss" else getattr(world.story, who)
    with pytest.raises(refused):
        actions.correct_by_department(
            enterprise=world.enterprise, reason=reason, by=by, at=world.story.tick(), street="x"
        )

    assert Enterprise.objects.get(pk=world.enterprise.pk).street != "x"


def test_the_tax_code_and_fields_that_are_not_on_the_form_stay(world):
    as_(world.story.officer).post(
        place(world.enterprise), facts(world.enterprise, street="Số 2", tax_code="0101243150", is_demo="on")
    )
    found = Enterprise.objects.get(pk=world.enterprise.pk)

    assert (found.street, found.tax_code, found.is_demo) == ("Số 2", world.enterprise.tax_code, False)


def test_what_a_record_never_had_does_not_hold_its_correction_up(world):
    Enterprise.objects.filter(pk=world.enterprise.pk).update(phone="")
    world.enterprise.refresh_from_db()
    as_(world.story.officer).post(place(world.enterprise), facts(world.enterprise, name_en="Test"))

    assert Enterprise.objects.get(pk=world.enterprise.pk).name_en == "Test"


def test_only_officers_correct(world):
    for user in (world.story.secretary, world.boss, world.reader, world.stranger):
        assert as_(user).get(place(world.enterprise)).status_code == 404
        assert as_(user).post(place(world.enterprise), facts(world.enterprise, street="x")).status_code == 404
    assert as_(world.story.officer).get("/lam-viec/doanh-nghiep/999999/sua/").status_code == 404
    assert not corrections().exists()


def test_an_open_dossier_changes_with_its_record(story):
    dossier = story.draft()
    as_(story.officer).post(place(dossier.enterprise), facts(dossier.enterprise, street="Số 2"))
    before = dossier.changed_at
    dossier.refresh_from_db()

    assert dossier.changed_at > before
