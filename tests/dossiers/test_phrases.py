"""The library of sentences for defects."""

import pytest
from django.test import Client

from accounts.models import Role
from core.models import AuditEvent
from dossiers import actions, phrasebook
from dossiers.models import Defect, Phrase
from dossiers.phrase_seeds import PHRASES
from tests.dossiers.desk import page, url


@pytest.fixture
def officer(story):
    client = Client()
    client.force_login(story.officer)
    return client


def test_the_library_begins_with_the_usual_sentences(officer, db):
    assert Phrase.objects.count() == len(PHRASES)
    text = page(officer, url("phrases"))
    assert "{tên}: đã hết hiệu lực." in text
    assert text.count("<h2>") >= 8
    for part, reason, words in PHRASES:
        assert reason in Defect.Reason.values
        assert len(words) <= 600
        assert phrasebook.fitting(Phrase.objects.all(), part or "photos", reason)


def test_a_sentence_is_added_changed_and_taken_out_with_its_trace(officer, story):
    new = {"part": "photos", "reason": "unreadable", "words": "Ảnh mờ, đề nghị chụp lại."}
    assert officer.post(url("phrases"), new).status_code == 302
    phrase = Phrase.objects.get(words=new["words"])
    officer.post(url("phrase", phrase.pk), new | {"words": "Ảnh quá mờ."})
    phrase.refresh_from_db()
    assert (phrase.words, phrase.changed_by_name) == ("Ảnh quá mờ.", "Người officer")
    officer.post(url("end_phrase", phrase.pk))

    assert "Ảnh quá mờ." not in page(officer, url("phrases"))
    assert officer.get(url("phrase", phrase.pk)).status_code == 404
    acts = AuditEvent.objects.filter(act__startswith="phrase.").order_by("seq").values_list("act", flat=True)
    assert list(acts) == ["phrase.added", "phrase.changed", "phrase.ended"]


@pytest.mark.parametrize("wrong", [{"words": ""}, {"words": "x" * 601}, {"part": "nonsense"}, {"reason": "because"}])
def test_an_unfit_sentence_is_refused_and_kept_as_typed(officer, wrong):
    before = Phrase.objects.count()

    response = officer.post(url("phrases"), {"part": "photos", "reason": "missing", "words": "Câu đã gõ"} | wrong)

    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    assert Phrase.objects.count() == before


def test_the_same_sentence_twice_is_one_and_cannot_be_made_by_a_change(officer):
    new = {"part": "photos", "reason": "", "words": "Câu một."}
    officer.post(url("phrases"), new)
    officer.post(url("phrases"), new)
    officer.post(url("phrases"), new | {"words": "Câu hai."})
    other = Phrase.objects.get(words="Câu hai.")

    response = officer.post(url("phrase", other.pk), new)

    assert Phrase.objects.filter(words="Câu một.").count() == 1
    assert response.status_code == 409
    assert "đã có câu này" in response.content.decode()


@pytest.mark.parametrize("who", ["clerk", "member", "it", "secretary"])
def test_only_officers_write_in_the_library(story, officer, who):
    people = {
        "clerk": story.person("clerk"),
        "member": story.person("m", Role.MEMBER),
        "it": story.person("i", Role.IT_OFFICER),
        "secretary": story.secretary,
    }
    client = Client()
    client.force_login(people[who])
    before = list(Phrase.objects.values_list("pk", "words", "ended_at"))
    pk = before[0][0]

    assert client.get(url("phrases")).status_code == (200 if who == "secretary" else 404)
    for address in (url("phrases"), url("phrase", pk), url("end_phrase", pk)):
        assert client.post(address, {"part": "", "reason": "", "words": "x"}).status_code == 404
    assert list(Phrase.objects.values_list("pk", "words", "ended_at")) == before


def test_the_sentence_of_the_paper_comes_before_the_one_for_all_and_the_name_is_filled_in(story):
    add = {"by": story.officer, "at": story.tick()}
    Phrase.objects.all().delete()
    actions.add_phrase(part="", reason="expired", words="{tên} hết hạn.", **add)
    assert phrasebook.usual(phrasebook.live(), "awards", "expired") == "Giải thưởng hết hạn."
    actions.add_phrase(part="awards", reason="expired", words="Giải cũ.", **add)

    assert phrasebook.usual(phrasebook.live(), "awards", "expired") == "Giải cũ."
    assert [s for _, s in phrasebook.fitting(phrasebook.live(), "awards", "missing")] == []
    assert phrasebook.usual([], "awards", "missing") == "Bổ sung: Giải thưởng."
