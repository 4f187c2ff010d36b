"""What an enterprise answers, withdraws and follows on paper, at the counter and later online."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import AuditEvent
from dossiers import actions, queries, workflow
from dossiers.models import Dossier, Stage
from enterprises.actions import answer_join_request, open_registered_account
from enterprises.models import JoinRequest
from evaluations import actions as evaluations
from mail.models import Letter
from tests.dossiers.applicant import signed_in, words
from tests.dossiers.desk import url
from tests.dossiers.paper import (
    ACTS,
    ASKED,
    FIGURES_ASKED,
    _clock,
    all_scans,
    asked,
    local,
    officer,
    record_answer,
    refused,
    scan,
    signer,
    type_in,
    typed,
)

__all__ = ["_clock", "officer"]
pytestmark = pytest.mark.django_db


def test_an_answer_on_paper_closes_the_request_when_it_came_and_the_clock_goes_on(story, officer):
    dossier = asked(story)
    request = dossier.open_supplement
    came = story.tick(days=2)
    story.tick(days=3)  # nobody typed it in for three days
    officer.force_login(story.officer)
    scan(story, dossier, "quality_certificates")

    assert record_answer(officer, dossier, received_at=local(came)).status_code == 302

    dossier = queries.whole().get(pk=dossier.pk)
    request.refresh_from_db()
    assert dossier.stage == Stage.CHECKING
    assert request.answered_at == came.replace(second=0, microsecond=0)
    clock = queries.clock_of(dossier)
    received = clock.calendar.received_on(timezone.localtime(came))
    assert clock.pauses == ((timezone.localdate(request.asked_at), received),)
    assert dossier.changed_at > came
    last = dossier.versions.order_by("-number").first()
    assert "quality_certificates" in last.content["documents"]
    assert AuditEvent.objects.filter(act="dossier.paper_answer_recorded").count() == 1


def test_an_answer_after_the_term_counts_from_the_day_it_came(story, officer):
    dossier = asked(story)
    story.tick(days=20)
    officer.force_login(story.officer)
    assert "Đã quá hạn" in words(officer.get(url("answer_on_paper", dossier.pk)))

    assert record_answer(officer, dossier, received_at=local(story.now), statement="Bản sao ISO").status_code == 302

    assert Dossier.objects.get(pk=dossier.pk).stage == Stage.CHECKING
    assert dossier.changes.get(step="answer_on_paper").note == "Bản sao ISO"


def test_an_answer_comes_neither_before_the_request_nor_in_the_future(story, officer):
    dossier = asked(story)
    for moment, said in ((-timedelta(days=1), "không thể đến trước"), (timedelta(days=1), "tương lai")):
        answer = record_answer(officer, dossier, received_at=local(story.now + moment), statement="Bản sao")
        assert answer.status_code == 409
        assert said in words(answer)
        assert "Bản sao" in words(answer)
    for empty in ("", "hôm qua", "04/08/2026"):
        assert record_answer(officer, dossier, received_at=empty, statement="x").status_code == 409

    assert Dossier.objects.get(pk=dossier.pk).stage == Stage.SUPPLEMENT


def test_an_answer_that_brings_nothing_is_refused_unless_it_is_said(story, officer):
    dossier = story.on_paper()
    type_in(officer, dossier, **typed())  # typed before the request: no answer to it
    dossier = asked(story, ASKED, FIGURES_ASKED, dossier=dossier)
    page = words(officer.get(url("answer_on_paper", dossier.pk)))
    assert page.count("chưa có gì mới") == 2

    story.tick(hours=1)
    answer = record_answer(officer, dossier, received_at=local(story.now))
    assert answer.status_code == 409
    assert "chưa có gì thay đổi" in words(answer)

    type_in(officer, dossier, workers_2025="1.300")
    assert words(officer.get(url("answer_on_paper", dossier.pk))).count("chưa có gì mới") == 1
    assert record_answer(officer, dossier, received_at=local(story.now)).status_code == 302


def test_the_second_press_changes_nothing(story, officer):
    dossier = asked(story)
    given = {"received_at": local(story.tick(hours=1)), "statement": "Bản sao"}
    record_answer(officer, dossier, **given)

    assert record_answer(officer, dossier, **given).url.startswith(url("check", dossier.pk))

    assert dossier.changes.filter(step="answer_on_paper").count() == 1
    assert dossier.supplements.filter(answered_at=None).count() == 0


def test_answers_on_paper_and_online_exclude_each_other(story, officer):
    first, second = asked(story), asked(story)
    for dossier in (first, second):
        by = signer(story, dossier)
        actions.attach(
            dossier=dossier, paper="quality_certificates", name="iso.pdf", content=b"%PDF-1.4 new",
            media_type="application/pdf", by=by, at=story.tick(),
        )  # fmt: skip
    by = story.person("signer")

    actions.answer_supplement(dossier=first, by=by, at=story.tick())
    assert refused(
        lambda: actions.answer_on_paper(
            dossier=first, received_at=story.now, statement="x", by=story.officer, at=story.tick()
        )
    )
    assert record_answer(officer, first, received_at=local(story.now), statement="x").status_code == 302
    assert "đã gửi bản bổ sung" in words(officer.get(url("transcribe", first.pk)))

    story.tick(hours=1)
    assert record_answer(officer, second, received_at=local(story.now)).status_code == 302
    assert refused(lambda: actions.answer_supplement(dossier=second, by=by, at=story.tick()))
    steps = [list(d.changes.values_list("step", flat=True))[-1] for d in (first, second)]
    assert steps == ["answer_supplement", "answer_on_paper"]
    assert [d.changes.filter(to_stage="checking", from_stage="supplement").count() for d in (first, second)] == [1, 1]


def test_a_signer_who_sends_a_paper_dossier_again_finds_it_filed(story):
    dossier = story.on_paper()
    by = signer(story, dossier)

    again = actions.submit(dossier=dossier, by=by, at=story.tick())

    assert (again.number, again.stage) == (dossier.number, Stage.SUBMITTED)
    assert dossier.changes.count() == 1


def test_the_enterprise_hears_what_was_brought_in_its_name(story, officer):
    with_people, with_address, with_nothing = (
        asked(story), asked(story, dossier=story.on_paper(contact_email="an@giay.test")), asked(story),
    )  # fmt: skip
    by = signer(story, with_people)
    for dossier in (with_people, with_address, with_nothing):
        given = {"received_at": local(story.tick(hours=1)), "statement": "Bản sao ISO"}
        assert record_answer(officer, dossier, **given).status_code == 302
        given = {"letter_on": f"{timezone.localdate(story.now):%d/%m/%Y}", "reason": "Đổi kế hoạch."}
        assert officer.post(url("withdraw_on_paper", dossier.pk), given).status_code == 302

    for kind in ("paper_answer_received", "paper_withdrawal_received"):
        letters = Letter.objects.filter(kind=kind)
        assert sorted(letters.values_list("to_email", flat=True)) == sorted([by.email, "an@giay.test"])
        assert not letters.filter(text__contains="Bản sao ISO").exists()


# --- the withdrawal -----------------------------------------------------------------------------------
def test_a_withdrawal_by_letter_ends_the_dossier_with_day_and_reason(story, officer):
    from onestop.actions import make_form

    dossier = asked(story)
    story.tick(days=1)
    officer.force_login(story.officer)
    day = f"{timezone.localdate(story.now):%d/%m/%Y}"

    answer = officer.post(url("withdraw_on_paper", dossier.pk), {"letter_on": day, "reason": "Đổi kế hoạch."})

    assert answer.status_code == 302
    dossier = queries.whole().get(pk=dossier.pk)
    assert dossier.stage == Stage.WITHDRAWN
    assert dossier.changes.get(step="withdraw_on_paper").note == f"Văn bản ngày {day}: Đổi kế hoạch."
    assert dossier.open_supplement is None
    assert not dossier.supplements.filter(answered_at=None).exists()
    assert queries.clock_of(dossier).stopped == timezone.localdate(story.now)
    page = words(signed_in(signer(story, dossier)).get(url("follow", dossier.pk)))
    assert "Hồ sơ được rút theo văn bản giấy" in page
    assert "Đổi kế hoạch." in page
    typed_fields = {"lý do dừng": "tổ chức đề nghị rút hồ sơ."}
    made = make_form(form="05", dossier=dossier, typed=typed_fields, by=story.officer, at=story.tick())
    assert made.fields["ngày dừng"].startswith("ngày 0")


@pytest.mark.parametrize(
    ("letter_on", "reason", "said"),
    [
        ("", "x", "Nhập ngày của văn bản"),
        ("hôm nay", "x", "Ghi ngày theo dạng"),
        ("01/01/2030", "x", "tương lai"),
        ("01/01/2026", "x", "có trước hồ sơ"),
        ("04/08/2026", "", "lý do nêu trong văn bản"),
    ],
)
def test_a_withdrawal_needs_a_possible_day_and_a_reason(story, officer, letter_on, reason, said):
    dossier = story.on_paper()
    story.tick(days=3)
    officer.force_login(story.officer)

    answer = officer.post(url("withdraw_on_paper", dossier.pk), {"letter_on": letter_on, "reason": reason})

    assert answer.status_code == 409
    assert said in words(answer)
    assert Dossier.objects.get(pk=dossier.pk).stage == Stage.SUBMITTED


def test_nothing_is_withdrawn_by_letter_once_the_council_scores(story, officer):
    dossier = story.on_paper()
    type_in(officer, dossier, **typed())
    all_scans(story, dossier)
    actions.admit(dossier=dossier, by=story.officer, at=story.tick())
    assert "rut-bang-van-ban" in words(officer.get(url("check", dossier.pk)))
    story.declared()
    evaluations.assign(season=story.season(), by=story.secretary, at=story.tick())
    story.open_session()
    dossier.refresh_from_db()

    for name, body in ACTS.items():
        assert officer.post(url(name, dossier.pk), body).status_code in (302, 409)
        assert workflow.blockers(dossier, "withdraw_on_paper", by=story.officer, at=story.tick())

    assert Dossier.objects.get(pk=dossier.pk).stage == Stage.SCORING


# --- the enterprise comes later -----------------------------------------------------------------------
def test_an_enterprise_that_registers_later_finds_its_paper_dossier_and_follows_it(story, officer):
    dossier = asked(story)
    type_in(officer, dossier, **typed())
    person, is_known = open_registered_account(
        email="moi@kip.test", full_name="Phạm Thị Mới", password="một mật khẩu đủ dài", position="Giám đốc",
        code=dossier.enterprise.tax_code, language="vi", at=story.tick(),
    )  # fmt: skip
    assert is_known
    client = signed_in(person)
    assert dossier.number not in words(client.get(url("mine")))
    assert client.get(url("follow", dossier.pk)).status_code == 404

    answer_join_request(asked=JoinRequest.objects.get(), admit=True, role="signs", by=story.officer, at=story.tick())

    page = words(client.get(url("mine")))
    assert dossier.number in page
    assert url("supplement", dossier.pk) in page
    follow = words(client.get(url("follow", dossier.pk)))
    assert "Đã tiếp nhận hồ sơ giấy" in follow
    record_answer(officer, dossier, received_at=local(story.tick(hours=1)), statement="Bản sao")
    assert "Đã nhận bản bổ sung bằng giấy" in words(client.get(url("follow", dossier.pk)))
    for name in ("receipt", "supplement", "product_part", "figures", "papers", "undertakings"):
        assert client.get(url(name, dossier.pk)).status_code in (200, 302), name
    assert "Bản sao" not in words(client.get(url("follow", dossier.pk)))  # what the officer noted for colleagues
