"""Ticks and crosses of the check screen, two officers at one dossier, and the letter drafted from the crosses."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from core.errors import Refused
from core.models import AuditEvent
from dossiers import actions, check_queries, checklist
from dossiers.models import CheckMark, Document, Dossier, Opening, Scan, StaffNote, Stage
from enterprises.models import Representative
from tests.dossiers.desk import form, hidden, kind, page, row, url

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def desk(story, monkeypatch):
    """A client of one person; it is always the story's present."""
    monkeypatch.setattr(timezone, "now", lambda: story.now)

    def sign_in(user):
        client = Client()
        client.force_login(user)
        return client

    return sign_in


# --- ticks and crosses --------------------------------------------------------------------------------
def test_a_tick_and_a_cross_are_kept_over_a_reload(desk, story):
    dossier = story.checking()
    client = desk(story.officer)
    text = page(client, url("check", dossier.pk))

    ticked = client.post(url("check_mark", dossier.pk), form(text, "photos", verdict="fine"))
    crossed = client.post(url("check_mark", dossier.pk), form(text, "figures", verdict="defect"))

    assert ticked["Location"].endswith("#item-photos")
    assert crossed.status_code == 302
    again = page(client, url("check", dossier.pk))
    assert (kind(again, "photos"), kind(again, "figures"), kind(again, "product")) == ("ok", "no", "open")
    assert '<span data-tally="done">2</span>/14' in again
    assert AuditEvent.objects.filter(act="dossier.marked").count() == 2


def test_the_script_gets_the_fresh_line_and_the_count(desk, story):
    dossier = story.checking()
    client = desk(story.officer)
    text = page(client, url("check", dossier.pk))

    answer = client.post(url("check_mark", dossier.pk), form(text, "photos", verdict="defect"), **JSON).json()

    assert 'data-kind="no"' in answer["row"]
    assert "data-edit" in answer["row"]
    assert (answer["fine"], answer["defects"], answer["open"]) == (0, 1, 13)
    assert answer["was"] == CheckMark.objects.get().marked_at.isoformat()


def test_pressing_the_same_button_again_takes_the_mark_away(desk, story):
    dossier = story.checking()
    client = desk(story.officer)
    client.post(url("check_mark", dossier.pk), form(page(client, url("check", dossier.pk)), "photos", verdict="fine"))
    text = page(client, url("check", dossier.pk))
    assert re.search(r'name="verdict" value="" aria-pressed="true" data-tick', row(text, "photos"))

    client.post(url("check_mark", dossier.pk), form(text, "photos", verdict=""))

    assert not CheckMark.objects.exists()
    assert AuditEvent.objects.filter(act="dossier.mark_removed").count() == 1


def test_a_cross_on_what_is_missing_brings_its_reason_and_sentence(desk, story):
    dossier = story.submitted()
    dossier.documents.filter(paper="photos").update(removed_at=dossier.submitted_at)
    client = desk(story.officer)

    client.post(
        url("check_mark", dossier.pk), form(page(client, url("check", dossier.pk)), "photos", verdict="defect")
    )

    made = CheckMark.objects.get()
    assert (made.reason, made.words) == ("missing", "Bổ sung: Ảnh sản phẩm.")


def test_a_replaced_file_loses_its_tick(desk, story):
    dossier = story.checking()
    client = desk(story.officer)
    text = page(client, url("check", dossier.pk))
    for part in ("quality_certificates", "photos"):
        client.post(url("check_mark", dossier.pk), form(text, part, verdict="fine"))
    asked = [actions.Asked("quality_certificates", "expired", "Hết hạn.")]
    actions.request_supplement(dossier=dossier, defects=asked, by=story.officer, at=story.tick())
    story.attach(dossier, "quality_certificates", content=b"%PDF-1.4 new")
    actions.answer_supplement(dossier=dossier, by=story.person("clerk"), at=story.tick())

    text = page(client, url("check", dossier.pk))

    assert (kind(text, "quality_certificates"), kind(text, "photos")) == ("ask", "ok")
    assert "đã thay đổi sau khi xem" in row(text, "quality_certificates")


def test_changed_values_lose_their_tick_and_others_keep_it(story):
    dossier = story.checking()
    by, at = story.officer, story.tick()
    before = {code: checklist.seen_of(dossier, code) for code in checklist.codes_of(dossier)}
    actions.mark(dossier=dossier, part="figures", verdict="fine", seen=before["figures"], by=by, at=at)
    dossier.figures.filter(year=2025).update(workers=201)

    fresh = check_queries.checked().get(pk=dossier.pk)
    after = {code: checklist.seen_of(fresh, code) for code in checklist.codes_of(fresh)}

    assert [code for code in before if before[code] != after[code]] == ["figures"]
    item = next(i for i in checklist.items_of(fresh, today=at.date()) if i.code == "figures")
    assert item.mark is None
    assert item.stale.verdict == "fine"


def test_what_changed_while_the_officer_looked_is_not_judged(desk, story):
    dossier = story.checking()
    client = desk(story.officer)
    sent = form(page(client, url("check", dossier.pk)), "photos", verdict="fine")
    Document.objects.filter(dossier=dossier, paper="photos").update(valid_until="2027-01-01")

    answer = client.post(url("check_mark", dossier.pk), sent, **JSON)

    assert answer.status_code == 409
    assert "đã thay nội dung này" in answer.json()["reasons"][0]
    assert not CheckMark.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"part": "nonsense"},
        {"part": "x" * 4000},
        {"part": "ph\x00otos"},
        {"verdict": "maybe"},
        {"reason": "because"},
        {"words": "x" * 601},
        {"seen": ""},
        {"seen": "0" * 64},
        {"was": "x" * 400},
        {"tep": "'; drop"},
    ],
)
def test_garbage_is_refused_in_words_and_marks_nothing(desk, story, wrong):
    dossier = story.checking()
    client = desk(story.officer)
    sent = form(page(client, url("check", dossier.pk)), "photos", verdict="defect", reason="other", words="x")

    plain = client.post(url("check_mark", dossier.pk), sent | wrong)
    script = client.post(url("check_mark", dossier.pk), sent | wrong, **JSON)

    if wrong == {"tep": "'; drop"}:
        assert (plain.status_code, script.status_code) == (302, 200)
        return
    assert (plain.status_code, script.status_code) == (409, 409)
    assert script.json()["reasons"]
    assert not CheckMark.objects.exists()


def test_marks_are_made_while_the_dossier_is_checked_and_never_after(desk, story):
    dossier = story.submitted()
    client = desk(story.officer)
    sent = form(page(client, url("check", dossier.pk)), "photos", verdict="fine")
    actions.admit(dossier=dossier, by=story.officer, at=story.tick())

    assert client.post(url("check_mark", dossier.pk), sent, **JSON).status_code == 409
    assert "data-mark" not in page(client, url("check", dossier.pk))
    assert not CheckMark.objects.exists()


def test_another_officer_s_newer_mark_is_not_overwritten(desk, story):
    dossier = story.checking()
    colleague = story.person("colleague", Role.OFFICER)
    first, second = desk(story.officer), desk(colleague)
    seen_by_both = page(first, url("check", dossier.pk))
    story.tick()
    first.post(url("check_mark", dossier.pk), form(seen_by_both, "photos", verdict="fine"))
    story.tick()

    late = second.post(url("check_mark", dossier.pk), form(seen_by_both, "photos", verdict="defect"), **JSON)

    assert late.status_code == 409
    assert "Người officer đã đánh dấu lúc" in late.json()["reasons"][0]
    assert CheckMark.objects.get().verdict == "fine"
    fresh = form(page(second, url("check", dossier.pk)), "photos", verdict="defect")
    assert second.post(url("check_mark", dossier.pk), fresh, **JSON).status_code == 200


# --- two officers -------------------------------------------------------------------------------------
def test_the_second_officer_hears_who_was_quicker_and_when(desk, story):
    dossier = story.checking()
    colleague = story.person("colleague", Role.OFFICER)
    stamp = hidden(page(desk(colleague), url("check", dossier.pk)), "stamp")
    story.tick(hours=1)
    actions.admit(dossier=dossier, by=story.officer, at=story.tick())
    moment = timezone.localtime(story.now).strftime("%H:%M")

    for name, sent in (
        ("refuse", {"reason": "Không sản xuất tại Hà Nội."}),
        ("admit", {}),
        ("start_check", {}),
        ("ask_supplement", {"tick-photos": "on", "reason-photos": "unreadable"}),
    ):
        response = desk(colleague).post(url(name, dossier.pk), sent | {"stamp": stamp})
        text = response.content.decode()
        assert response.status_code == 409, name
        assert "Đã được Người officer xử lý lúc" in text, name
        assert moment in text, name
    dossier.refresh_from_db()
    assert (dossier.stage, dossier.refusal_reason) == (Stage.ELIGIBLE, "")
    assert not dossier.supplements.exists()


def test_an_act_on_what_the_enterprise_changed_meanwhile_is_not_taken(desk, story):
    dossier = story.checking()
    client = desk(story.officer)
    stamp = hidden(page(client, url("check", dossier.pk)), "stamp")
    Dossier.objects.filter(pk=dossier.pk).update(changed_at=story.tick())

    response = client.post(url("admit", dossier.pk), {"stamp": stamp})

    assert response.status_code == 409
    assert "Hồ sơ đã thay đổi lúc" in response.content.decode()
    dossier.refresh_from_db()
    assert dossier.stage == Stage.CHECKING


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_the_same_moment_one_acts_and_the_other_is_told(story):
    dossier = story.checking()
    stamp, at = checklist.stamp_of(dossier), story.tick()
    officers = [story.officer, story.person("colleague", Role.OFFICER)]
    gate, said = Barrier(2), []

    def act(officer, verb, **more):
        gate.wait()
        try:
            verb(dossier=Dossier.objects.get(pk=dossier.pk), seen=stamp, by=officer, at=at, **more)
            said.append("done")
        except Refused as refusal:
            said.append(refusal.reasons[0])
        finally:
            connection.close()

    acts = [
        Thread(target=act, args=(officers[0], actions.admit)),
        Thread(target=act, args=(officers[1], actions.refuse), kwargs={"reason": "Không đạt."}),
    ]
    for thread in acts:
        thread.start()
    for thread in acts:
        thread.join()

    assert sorted(one == "done" for one in said) == [False, True]
    assert any(one.startswith("Đã được") for one in said)
    assert dossier.changes.filter(step__in=["admit", "refuse"]).count() == 1


def test_two_officers_see_each_other_for_a_minute(desk, story):
    dossier = story.checking()
    colleague = story.person("colleague", Role.OFFICER)
    first, second = desk(story.officer), desk(colleague)

    assert first.post(url("check_open", dossier.pk)).json() == {"others": "", "changed": ""}
    assert "Người officer cũng đang mở" in second.post(url("check_open", dossier.pk)).json()["others"]
    assert "Người colleague cũng đang mở" in page(first, url("check", dossier.pk))
    story.tick(seconds=61)
    assert "cũng đang mở" not in page(first, url("check", dossier.pk))
    second.post(url("check_open", dossier.pk))
    second.post(url("check_open", dossier.pk), {"act": "close"})
    assert not Opening.objects.filter(user=colleague).exists()


def test_the_sign_of_life_tells_that_the_dossier_moved_on(desk, story):
    dossier = story.checking()
    client = desk(story.officer)
    stamp = checklist.stamp_of(dossier)
    actions.admit(dossier=dossier, by=story.person("colleague", Role.OFFICER), at=story.tick())

    told = client.post(url("check_open", dossier.pk), {"stamp": stamp}).json()["changed"]

    assert "Người colleague đã xử lý lúc" in told


# --- who may ------------------------------------------------------------------------------------------
POSTS = ["check_mark", "check_open", "check_notes", "remove_note", "admit", "start_check", "refuse", "ask_supplement"]


def state_of(dossier):
    fresh = Dossier.objects.get(pk=dossier.pk)
    return (
        fresh.stage,
        fresh.changed_at,
        fresh.officer_id,
        fresh.refusal_reason,
        list(CheckMark.objects.values_list("part", "verdict", "marked_at")),
        list(StaffNote.objects.values_list("pk", "removed_at")),
        Opening.objects.count(),
        fresh.supplements.count(),
    )


@pytest.mark.parametrize("who", ["clerk", "stranger", "member", "it", "secretary", "own", "visitor"])
def test_nobody_but_an_officer_without_interest_writes_and_the_row_stays_as_it_was(desk, story, who):
    dossier = story.checking()
    text = page(desk(story.officer), url("check", dossier.pk))
    note = actions.write_note(dossier=dossier, text="Ghi chú", by=story.officer, at=story.tick())
    story.enterprise("stranger")
    people = {
        "clerk": story.person("clerk"),
        "stranger": story.person("stranger"),
        "member": story.person("m", Role.MEMBER),
        "it": story.person("i", Role.IT_OFFICER),
        "secretary": story.secretary,
        "own": story.person("own", Role.OFFICER),
    }
    Representative.objects.create(user=people["own"], enterprise=dossier.enterprise, since=story.now)
    client = Client() if who == "visitor" else desk(people[who])
    before = state_of(dossier)
    sent = form(text, "photos", verdict="fine") | {
        "text": "x",
        "reason": "other",
        "tick-photos": "on",
        "reason-photos": "missing",
    }

    for name in POSTS:
        args = (dossier.pk, note.pk) if name == "remove_note" else (dossier.pk,)
        for extra in ({}, JSON):
            response = client.post(url(name, *args), sent, **extra)
            assert response.status_code == (302 if who == "visitor" else 404), name
            assert "Location" not in response or "dang-nhap" in response["Location"]
    assert state_of(dossier) == before


@pytest.mark.parametrize("name", POSTS)
def test_a_foreign_form_is_refused(story, name):
    dossier = story.checking()
    note = actions.write_note(dossier=dossier, text="Ghi chú", by=story.officer, at=story.tick())
    client = Client(enforce_csrf_checks=True)
    client.force_login(story.officer)
    before = state_of(dossier)

    args = (dossier.pk, note.pk) if name == "remove_note" else (dossier.pk,)
    assert client.post(url(name, *args), {"reason": "x", "text": "x"}).status_code == 403
    assert state_of(dossier) == before


@pytest.mark.parametrize("name", ["check_mark", "check_open", "check_notes"])
def test_marks_notes_and_signs_of_life_are_posted(desk, story, name):
    assert desk(story.officer).get(url(name, story.checking().pk)).status_code == 405


def test_a_draft_is_not_there_for_any_of_them(desk, story):
    draft = story.complete()
    client = desk(story.officer)

    for name in ("check_mark", "check_open", "check_notes"):
        assert client.post(url(name, draft.pk), {}).status_code == 404
    assert client.get(url("changes", draft.pk)).status_code == 404


# --- the file beside the list -------------------------------------------------------------------------
def test_the_viewer_shows_the_file_that_was_asked_for_and_alone_when_wished(desk, story):
    dossier = story.checking()
    client = desk(story.officer)
    photos = dossier.documents.get(paper="tax_confirmation")

    text = page(client, url("check", dossier.pk, tep=photos.pk))
    part = page(client, url("check", dossier.pk, tep=photos.pk, phan="tep"))

    assert f'src="/tep/{photos.pk}/?xem=1' in text
    assert part.lstrip().startswith("<section")
    assert f'data-shown="{photos.pk}"' in part
    assert "<html" not in part
    assert 'data-shown=""' not in page(client, url("check", dossier.pk, tep="nonsense"))


def test_a_file_of_another_dossier_is_not_shown(desk, story):
    one, other = story.checking("a"), story.checking("b")
    foreign = other.documents.first()

    assert f"/tep/{foreign.pk}/" not in page(desk(story.officer), url("check", one.pk, tep=foreign.pk))


@pytest.mark.parametrize("scan", [Scan.WAITING, Scan.INFECTED])
def test_a_file_that_is_scanned_or_harmful_shows_its_state_and_no_way_in(desk, story, scan):
    dossier = story.checking()
    photos = dossier.documents.get(paper="tax_confirmation")
    Document.objects.filter(pk=photos.pk).update(scan=scan)

    part = page(desk(story.officer), url("check", dossier.pk, tep=photos.pk, phan="tep"))

    assert f"/tep/{photos.pk}/" not in part
    assert str(Scan(scan).label) in part


def test_only_files_replaced_after_the_submission_are_listed(desk, story):
    dossier = story.complete()
    draft = dossier.documents.get(paper="tax_confirmation")
    story.attach(dossier, "tax_confirmation", content=b"%PDF-1.4 better")
    actions.submit(dossier=dossier, by=story.person("clerk"), at=story.tick())
    client = desk(story.officer)

    text = page(client, url("check", dossier.pk))

    assert f"/tep/{draft.pk}/" not in text
    assert "tệp đã thay" not in text


def test_last_year_s_file_of_the_same_paper_stands_beside(desk, story):
    before = story.eligible()
    type(before.season).objects.filter(pk=before.season_id).update(year=2025, decided_at=story.now)
    now = story.submitted(product=before.product)
    old, new = (d.documents.get(paper="tax_confirmation") for d in (before, now))

    part = page(desk(story.officer), url("check", now.pk, tep=new.pk, phan="tep", **{"so-sanh": 1}))

    assert f"/tep/{old.pk}/?xem=1" in part
    assert f"/tep/{new.pk}/?xem=1" in part
    assert "kỳ 2025" in part


# --- the letter ---------------------------------------------------------------------------------------
def test_the_letter_is_drafted_from_the_crosses(desk, story):
    dossier = story.checking()
    client = desk(story.officer)
    crossed = form(page(client, url("check", dossier.pk)), "photos", verdict="defect")
    own = {"reason": "other", "words": "Ảnh mờ, chụp lại mặt sau."}
    client.post(url("check_mark", dossier.pk), crossed | own)

    text = page(client, url("ask_supplement", dossier.pk))

    assert re.search(r'name="tick-photos"[^>]*checked', text)
    assert "<li>Ảnh mờ, chụp lại mặt sau.</li>" in text
    assert "Yêu cầu bổ sung lần 1" in text
    due = timezone.localdate(story.now) + timedelta(days=10)
    assert f"Hạn trả lời: <b>{due:%d/%m/%Y}</b>" in text


def test_the_live_preview_is_the_letter_alone_and_sends_nothing(desk, story):
    dossier = story.checking()
    sent = {
        "act": "preview",
        "phan": "thu",
        "tick-figures": "on",
        "reason-figures": "contradicts",
        "message": "Kính gửi",
    }

    response = desk(story.officer).post(url("ask_supplement", dossier.pk), sent)

    text = response.content.decode()
    assert text.lstrip().startswith("<div")
    assert "Kính gửi" in text
    assert "không khớp báo cáo tài chính" in text
    dossier.refresh_from_db()
    assert dossier.stage == Stage.CHECKING


def test_a_second_round_says_that_it_is_the_second(desk, story):
    dossier = story.supplement()
    story.attach(dossier, "quality_certificates", content=b"%PDF-1.4 new")
    actions.answer_supplement(dossier=dossier, by=story.person("clerk"), at=story.tick())

    text = page(desk(story.officer), url("ask_supplement", dossier.pk))

    assert "Yêu cầu bổ sung lần 2" in text
    assert "đã bị yêu cầu bổ sung 1 lần" in text


# --- keys ---------------------------------------------------------------------------------------------
def test_the_page_says_when_a_person_has_switched_the_keys_off(desk, story):
    dossier = story.checking()
    client = desk(story.officer)
    assert 'data-keys="off"' not in page(client, url("check", dossier.pk))
    type(story.officer).objects.filter(pk=story.officer.pk).update(single_keys=False)

    assert 'data-keys="off"' in page(client, url("check", dossier.pk))
