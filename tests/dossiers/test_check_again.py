"""Taking up the check of an eligible dossier again: until the council begins, and until the enterprise was told."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from core.errors import Refused
from core.models import AuditEvent
from dossiers import actions
from dossiers.models import Dossier, Scan, Stage, StageChange
from mail.actions import send_now
from mail.models import Letter


@pytest.fixture
def desk(client, story, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: story.now)
    client.force_login(story.officer)
    return client


def url(name: str, dossier: Dossier) -> str:
    return reverse(f"dossiers:{name}", args=[dossier.pk])


def told() -> Letter:
    return Letter.objects.get(kind="dossier_eligible")


def test_the_check_is_open_again_and_the_letter_stays_unsent(story):
    dossier = story.eligible()
    assert told().state == Letter.State.HELD

    actions.check_again(dossier=dossier, reason="Nghi sai số liệu", by=story.officer, at=story.tick())

    assert Dossier.objects.get().stage == dossier.stage == Stage.CHECKING
    assert (told().state, told().cancel_reason) == (Letter.State.CANCELLED, "Nghi sai số liệu")
    assert StageChange.objects.get(step="check_again").note == "Nghi sai số liệu"
    assert AuditEvent.objects.filter(act="letter.cancelled").exists()


def test_a_letter_that_was_released_but_not_sent_yet_is_cancelled_too(story):
    dossier = story.eligible()
    send_now(letter=told(), by=story.officer, at=story.tick())

    actions.check_again(dossier=dossier, by=story.officer, at=story.tick())

    assert told().state == Letter.State.CANCELLED
    assert told().cancel_reason, "the outbox asks for a reason; there is a usual one"


@pytest.mark.parametrize("state", ["sent", "sending", "unsure"])
def test_what_the_enterprise_was_told_is_not_taken_back(story, state):
    dossier = story.eligible()
    Letter.objects.update(state=state, sent_at=story.now if state == "sent" else None)

    with pytest.raises(Refused, match="Người clerk"):
        actions.check_again(dossier=dossier, by=story.officer, at=story.tick())

    assert Dossier.objects.get().stage == dossier.stage == Stage.ELIGIBLE
    assert told().state == state


def test_eligible_a_second_time_is_told_by_a_letter_of_its_own(story):
    dossier = story.eligible()
    actions.check_again(dossier=dossier, by=story.officer, at=story.tick())
    actions.admit(dossier=dossier, by=story.officer, at=story.tick())

    letters = Letter.objects.filter(kind="dossier_eligible").order_by("pk")
    assert [letter.state for letter in letters] == ["cancelled", "held"]
    # And once more: the cancelled one does not stand in the way.
    actions.check_again(dossier=dossier, by=story.officer, at=story.tick())
    assert {letter.state for letter in letters.all()} == {"cancelled"}


def test_a_dossier_of_nobody_with_an_address_has_no_letter_to_cancel(story):
    dossier = story.on_paper()
    Dossier.objects.filter(pk=dossier.pk).update(stage=Stage.ELIGIBLE)

    actions.check_again(dossier=Dossier.objects.get(), by=story.officer, at=story.tick())

    assert Dossier.objects.get().stage == Stage.CHECKING


@pytest.mark.parametrize("stage", ["checking", "scoring", "submitted", "supplement"])
def test_from_another_stage_it_is_refused_in_words(story, stage):
    dossier = story.scoring()[0] if stage == "scoring" else getattr(story, stage)()
    letters = sorted(Letter.objects.values_list("kind", "state"))

    with pytest.raises(Refused, match=r"giai đoạn|bước"):
        actions.check_again(dossier=dossier, by=story.officer, at=story.tick())

    assert Dossier.objects.get(pk=dossier.pk).stage == stage
    assert sorted(Letter.objects.values_list("kind", "state")) == letters


# --- on the check screen ------------------------------------------------------------------------------
def test_the_button_stands_on_an_eligible_dossier_only_and_asks_first(desk, story):
    eligible, checking = story.eligible("a"), story.checking("b")

    text = desk.get(url("check", eligible)).content.decode()
    form = text.split(f'action="{url("check_again", eligible)}"')[1].split("</form>")[0]

    assert "data-confirm=" in form
    assert 'name="reason"' in form
    assert url("check_again", checking) not in desk.get(url("check", checking)).content.decode()


def test_a_press_opens_the_check_again(desk, story):
    dossier = story.eligible()

    answer = desk.post(url("check_again", dossier), {"reason": "Xem lại"}, follow=True)

    assert Dossier.objects.get().stage == Stage.CHECKING
    assert answer.status_code == 200
    assert "Xem lại" in answer.content.decode(), "colleagues read the reason in the history"


def test_a_press_after_the_letter_went_out_says_why_not(desk, story):
    dossier = story.eligible()
    Letter.objects.update(state="sent", sent_at=story.now)

    answer = desk.post(url("check_again", dossier))

    assert answer.status_code == 409
    assert "Người clerk" in answer.content.decode()
    assert Dossier.objects.get().stage == Stage.ELIGIBLE


def test_a_colleague_was_faster(desk, story):
    dossier = story.eligible()
    actions.check_again(dossier=dossier, by=story.person("colleague", Role.OFFICER), at=story.tick())

    answer = desk.post(url("check_again", dossier), {"stamp": "old"})

    assert answer.status_code == 409
    assert "Người colleague" in answer.content.decode()


@pytest.mark.parametrize("who", ["secretary", "stranger", "clerk"])
def test_nobody_else_opens_a_check_again(desk, story, client, who):
    dossier = story.eligible()
    client.force_login(story.secretary if who == "secretary" else story.person(who))

    assert client.post(url("check_again", dossier)).status_code == 404
    assert Dossier.objects.get().stage == Stage.ELIGIBLE


# --- the scanner's word, and the office's forms -------------------------------------------------------
def test_without_a_scanner_the_page_says_so_once(desk, story):
    dossier = story.checking()

    text = desk.get(url("check", dossier)).content.decode()

    assert text.count("Chưa kết nối máy quét") == 1
    assert str(Scan.UNSCANNED.label) not in text


def test_with_a_scanner_each_file_shows_its_state(desk, story, settings):
    dossier = story.checking()
    settings.CLAMD = "tcp://127.0.0.1:1"
    dossier.documents.update(scan=Scan.CLEAN)
    dossier.documents.filter(paper="tax_confirmation").update(scan=Scan.UNSCANNED)

    text = desk.get(url("check", dossier)).content.decode()
    rows = text.split('class="check-rows"')[1].split("</ul>\n")[0]

    assert "Chưa kết nối máy quét" not in text
    assert text.count(str(Scan.CLEAN.label)) >= dossier.documents.count() - 1
    assert str(Scan.UNSCANNED.label) in rows


def test_the_office_s_forms_are_one_press_away(desk, story):
    dossier = story.supplement()
    forms = reverse("onestop:forms", args=[dossier.pk])

    text = desk.get(url("check", dossier)).content.decode()

    assert f'href="{forms}"' in text
    assert reverse("onestop:form", args=[dossier.pk, "02"]) in text
