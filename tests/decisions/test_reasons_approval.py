"""Letters of reasons are approved by a person, released once, and read by nobody else."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Role
from core.models import AuditEvent, Job
from decisions import reasons_actions
from decisions.models import ReasonsLetter
from dossiers.actions import declare_conflict
from evaluations.models import Result, ResultRun
from mail.models import Letter
from tests.decisions.reasons_story import (
    LIST,
    State,
    address,
    approve,
    fields_of,
    make_papers,
    owner_of,
    read,
)


# --- approval -------------------------------------------------------------------------------------------------
@pytest.mark.pdf
def test_an_approved_letter_is_made_released_and_sent_once(as_, story, season, drafted):
    client, letter = as_("secretary"), drafted[0]
    typed = fields_of(client.get(address(letter, "reasons_edit")))
    client.post(address(letter, "reasons_edit"), typed | {"paragraph": "Lời của thư ký."})
    letter.refresh_from_db()

    first, second = approve(client, letter), approve(client, letter)

    assert (first.status_code, second.status_code) == (302, 302)
    assert not Letter.objects.filter(kind="reasons_released").exists()
    assert make_papers() == [True]
    letter.refresh_from_db()
    assert (letter.state, letter.approved_by, letter.is_making) == (State.APPROVED, story.secretary, False)
    sent = Letter.objects.get(kind="reasons_released")
    assert (sent.to_user, sent.state) == (owner_of(season[1]), Letter.State.WAITING)
    assert f"/ho-so/{season[1].pk}/theo-doi/" in sent.text
    assert "điểm" not in sent.subject
    acts = list(AuditEvent.objects.filter(act__startswith="reasons.").values_list("act", flat=True))
    assert acts == ["reasons.drafted", "reasons.edited", "reasons.approved", "reasons.released"]
    event = AuditEvent.objects.get(act="reasons.approved")
    assert (event.actor_id, event.detail["drafted_by"]) == (story.secretary.pk, str(story.secretary))
    said = read(client.get(address(letter, "reasons_pdf")).content)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        f"Kính gửi: {season[1].enterprise.name_vi}.",
        "Tổng điểm 46 thấp hơn mức 70 điểm mà bộ tiêu chí đòi hỏi.",
        "Lời của thư ký.",
        "Ý kiến ghi trên phiếu chấm: “Tăng đều ba năm.”",
        str(story.secretary),
    ):
        assert words in said
    assert "DỰ THẢO" not in said


def test_a_letter_goes_out_once_however_often_its_job_is_done(story, season, drafted, monkeypatch):
    from decisions import reasons_paper

    monkeypatch.setattr(reasons_paper, "write", lambda letter: b"%PDF-1.4 thu")
    letter = drafted[0]
    reasons_actions.approve_letters(season=story.season(), seen={letter.pk: 1}, by=story.secretary, at=story.tick())
    payload = {"letter": letter.pk}
    made = reasons_paper.work(payload)
    with transaction.atomic():
        reasons_paper.finish(payload, made, story.tick())
        reasons_paper.finish(payload, made, story.tick())

    assert reasons_paper.work(payload) is None
    assert Letter.objects.filter(kind="reasons_released").count() == 1
    assert AuditEvent.objects.filter(act="reasons.released").count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"confirmed": ""}, "Xác nhận rằng bạn đã đọc các thông báo."),
        ({"letter": []}, "Chọn những thông báo bạn đã đọc."),
        ({"letter": ["x:1", "9999999:1", "::"]}, "Chọn những thông báo bạn đã đọc."),
    ],
)
def test_nothing_is_approved_unread(as_, drafted, change, sentence):
    answer = approve(as_("secretary"), drafted[0], **change)

    assert answer.status_code == 409
    assert sentence in answer.text
    assert not ReasonsLetter.objects.exclude(state=State.DRAFTED).exists()


def test_what_somebody_changed_after_it_was_read_is_refused_and_no_other_is_approved(as_, story, drafted):
    change = {"edits": {}, "paragraph": "Thêm.", "seen": 1, "by": story.secretary, "at": story.tick()}
    reasons_actions.change_letter(letter=drafted[1], **change)

    answer = approve(as_("secretary"), *drafted)

    assert answer.status_code == 409
    assert "đã sửa thông báo sau khi bạn mở. Hãy đọc lại." in answer.text
    assert not ReasonsLetter.objects.exclude(state=State.DRAFTED).exists()


def newer_run(run: ResultRun) -> ResultRun:
    """The same result, computed once more."""
    rows = list(Result.objects.filter(run=run))
    run.pk, run.number = None, run.number + 1
    run.save(force_insert=True)
    for row in rows:
        row.pk, row.run = None, run
    Result.objects.bulk_create(rows)
    return run


def test_after_a_newer_result_approval_is_refused_and_the_new_draft_supersedes_the_old(as_, drafted):
    newer_run(ResultRun.objects.get())
    client, old = as_("secretary"), drafted[0]

    answer = approve(client, old)

    assert answer.status_code == 409
    assert "đã có kết quả mới hơn. Hãy dự thảo lại thông báo." in answer.text
    assert "Đã có kết quả mới hơn kết quả dùng để dự thảo." in client.get(address(old)).text
    client.post(LIST, {"do": "draft"})
    old.refresh_from_db()
    new = ReasonsLetter.objects.get(dossier=old.dossier, run__number=2)
    assert (old.state, new.state) == (State.SUPERSEDED, State.DRAFTED)
    assert approve(client, new).status_code == 302


def test_a_changed_record_refuses_the_approval(as_, drafted):
    ReasonsLetter.objects.filter(pk=drafted[0].pk).update(record_digest="0" * 64)

    answer = approve(as_("secretary"), drafted[0])

    assert answer.status_code == 409
    assert "căn cứ đã thay đổi từ khi dự thảo. Hãy dự thảo lại." in answer.text


def test_a_dossier_that_met_every_rule_needs_a_persons_reason(as_, story):
    _good, other = story.published(2)
    story.tick(days=11)
    story.decide(left_out=[other.pk])
    reasons_actions.draft_letters(season=story.season(), by=story.secretary, at=story.tick())
    letter, client = ReasonsLetter.objects.get(dossier=other), as_("secretary")

    answer = approve(client, letter)

    assert answer.status_code == 409
    assert "đạt mọi điều kiện: hãy viết lý do" in answer.text
    words = {"edits": {}, "paragraph": "Sản phẩm đã ngừng sản xuất.", "seen": 1}
    reasons_actions.change_letter(letter=letter, **words, by=story.secretary, at=story.tick())
    letter.refresh_from_db()
    assert approve(client, letter).status_code == 302


def test_a_file_that_could_not_be_made_is_said_and_made_again(as_, story, season, drafted, monkeypatch):
    from decisions import reasons_paper

    client = as_("secretary")
    assert client.post(LIST, {"do": "make"}).status_code == 409
    approve(client, drafted[0])
    Job.objects.filter(kind="reasons.paper").update(state="failed", finished_at=story.now, last_error="x")
    assert "Không tạo được PDF của 1 thông báo đã duyệt." in client.get(LIST).text

    assert client.post(LIST, {"do": "make"}).status_code == 302

    monkeypatch.setattr(reasons_paper, "write", lambda letter: b"%PDF-1.4 thu")
    assert make_papers() == [True]
    assert "đã báo qua thư cho 1 người của doanh nghiệp" in client.get(address(drafted[0])).text
    assert AuditEvent.objects.filter(act="reasons.retried").count() == 1


def test_letters_that_the_paper_cannot_print_are_refused(as_, story, drafted):
    words = {"edits": {}, "paragraph": "Chúc may mắn 🍀", "seen": 1}
    reasons_actions.change_letter(letter=drafted[0], **words, by=story.secretary, at=story.tick())
    drafted[0].refresh_from_db()

    answer = approve(as_("secretary"), drafted[0])

    assert answer.status_code == 409
    assert "giấy tờ không in được 🍀. Hãy viết cách khác." in answer.text


def test_an_approved_letter_never_changes_not_even_in_the_database(as_, story, drafted):
    client, letter = as_("secretary"), drafted[0]
    approve(client, letter)

    assert client.get(address(letter, "reasons_edit")).status_code == 302
    for change in ({"paragraph": "x"}, {"edits": {"decided": ""}}, {"state": State.DRAFTED}, {"content": {}}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReasonsLetter.objects.filter(pk=letter.pk).update(**change)


# --- who sees it ----------------------------------------------------------------------------------------------
def test_a_secretary_with_a_conflict_in_the_season_meets_no_letter(as_, client, story, season):
    other = story.person("secretary-2", Role.SECRETARY)
    declare_conflict(dossier=season[1], kind="family", words="họ hàng", by=other, at=story.tick())
    reasons_actions.draft_letters(season=story.season(), by=story.secretary, at=story.tick())
    letter = ReasonsLetter.objects.get(dossier=season[2])  # another one: it too compares with the closed dossier
    as_("secretary")
    client.force_login(other)

    page = client.get(LIST)
    assert "Bạn có xung đột lợi ích trong kỳ này." in page.text
    assert season[2].number not in page.text
    for name in ("reasons_letter", "reasons_edit", "reasons_pdf"):
        assert client.get(address(letter, name)).status_code == 404
    assert client.post(address(letter), {"seen": "1", "confirmed": "on"}).status_code == 404
    assert approve(client, letter).status_code == 404
    assert not ReasonsLetter.objects.exclude(state=State.DRAFTED).exists()


def test_the_enterprise_has_its_own_letter_after_the_release_and_no_other(
    as_, client, story, season, drafted, monkeypatch
):
    from decisions import reasons_paper

    monkeypatch.setattr(reasons_paper, "write", lambda letter: b"%PDF-1.4 thu")
    letter = drafted[0]
    own = reverse("decisions:own_reasons", args=[letter.dossier_id])
    follow = f"/ho-so/{letter.dossier_id}/theo-doi/"
    as_("secretary")

    def seen_by(who) -> tuple[int, bool]:
        client.force_login(who)
        return client.get(own).status_code, own in client.get(follow).text

    assert seen_by(owner_of(season[1])) == (404, False)
    reasons_actions.approve_letters(season=story.season(), seen={letter.pk: 1}, by=story.secretary, at=story.tick())
    assert seen_by(owner_of(season[1])) == (404, False)  # the file is still being made
    assert make_papers() == [True]

    assert seen_by(owner_of(season[1])) == (200, True)
    assert client.get(own).content == b"%PDF-1.4 thu"
    assert "private" in client.get(own)["Cache-Control"]
    for who in (owner_of(season[2]), story.person("member-1"), story.officer, story.secretary, story.person("nobody")):
        assert seen_by(who)[0] == 404
    client.logout()
    assert client.get(own).status_code == 302
