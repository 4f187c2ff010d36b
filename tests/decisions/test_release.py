"""Prepared by one person, confirmed by another, released at its hour: all of it together, and nothing of it before."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Role
from certificates.models import Certificate
from core import jobs
from core.errors import Refused
from core.models import AuditEvent, Job
from decisions import actions, preparing, release
from decisions.models import CommentReport, PreparedDecision
from dossiers.models import Dossier, Stage
from evaluations.models import Mark, Result, Seat
from registry.actions import leave_comment, reply_to_comment
from registry.models import Decision, PublishedList, Recognition
from tests.registry.factories import make_enterprise, make_season, no_triggers
from tests.story import tax_code

URL = "/lam-viec/ky/2026/quyet-dinh/"
State = PreparedDecision.State


@pytest.fixture
def closed(story):
    """Two dossiers whose public comment is over and reported."""
    found = story.published(2)
    story.tick(days=11)
    story.report()
    return found


def nothing_is_public() -> bool:
    return not (Decision.objects.exists() or Recognition.ever.exists() or Certificate.objects.exists())


# --- the public comment comes first ---------------------------------------------------------------------
def test_the_report_waits_for_every_reply_and_for_the_end_of_the_window(story, as_):
    story.published(1)
    published = PublishedList.objects.get()
    said = {"name": "x", "contact": "x", "text": "x", "item": None}
    comment = leave_comment(published=published, at=story.tick(), **said)
    facts = {"season": story.season(), "conclusion": "Đã xem xét.", "by": story.secretary}

    with pytest.raises(Refused) as refusal:
        actions.close_comments(**facts, at=story.tick())
    assert len(refusal.value.reasons) == 2
    story.tick(days=11)
    with pytest.raises(Refused, match="1 ý kiến chưa được trả lời"):
        actions.close_comments(**facts, at=story.tick())
    assert "Còn 1 ý kiến chưa được trả lời" in as_("secretary").get("/lam-viec/ky/2026/gop-y/").text

    reply_to_comment(comment=comment, text="Cảm ơn.", by=story.officer, at=story.tick())
    answer = as_("secretary").post("/lam-viec/ky/2026/gop-y/bao-cao/", {"conclusion": "Đã xem xét."}, follow=True)
    assert "Đã khóa báo cáo tiếp thu ý kiến." in answer.text
    report = CommentReport.objects.get()
    assert (report.comments, report.answered) == (1, 1)
    late = as_("officer").post(f"/lam-viec/ky/2026/gop-y/{comment.pk}/tra-loi/", {f"c{comment.pk}-text": "Khác."})
    assert late.status_code == 409
    assert "các trả lời giữ nguyên" in late.text
    comment.refresh_from_db()
    assert comment.reply == "Cảm ơn."
    again = as_("secretary").post("/lam-viec/ky/2026/gop-y/bao-cao/", {"conclusion": "Lại nữa"})
    assert again.status_code == 409
    assert "Lại nữa" not in CommentReport.objects.get().conclusion


def test_without_the_report_nothing_is_prepared(story, as_):
    story.published(1)
    story.tick(days=11)

    with pytest.raises(Refused, match="Hãy khóa báo cáo tiếp thu ý kiến trước"):
        story.prepare()
    page = as_("secretary").get(URL)
    assert "Chưa có báo cáo tiếp thu ý kiến" in page.text
    assert 'name="number"' not in page.text


# --- two people -------------------------------------------------------------------------------------------
def test_the_second_person_types_the_digest_of_the_result_and_nothing_is_public_before(story, as_, closed):
    prepared = story.prepare()
    page = as_("signatory").get(URL)
    assert "Quyết định 0002/QĐ-UBND, trước giờ công bố" in page.text
    assert prepared.result_digest[:8] not in page.text  # it stands in the minutes, not on the page

    seen = {"do": "confirm", "seen": prepared.digest()}
    wrong = as_("signatory").post(f"{URL}xac-nhan/", seen | {"typed": "00000000"})
    assert wrong.status_code == 409
    assert "Mã băm không bắt đầu như vậy." in wrong.text
    assert nothing_is_public()

    right = as_("signatory").post(f"{URL}xac-nhan/", seen | {"typed": prepared.result_digest[:8].upper()}, follow=True)
    assert "Đã xác nhận." in right.text
    assert nothing_is_public()
    prepared.refresh_from_db()
    assert (prepared.state, prepared.confirmed_by) == (State.CONFIRMED, story.signatory)
    assert Job.objects.get(kind=release.JOB).state == Job.State.READY


def test_nobody_confirms_the_own_decision_nor_one_who_sits_in_the_council(story, as_, closed):
    prepared = story.prepare()
    second = story.person("secretary-2", Role.SECRETARY)
    typed = {"do": "confirm", "seen": prepared.digest(), "typed": prepared.result_digest[:8]}

    assert as_("secretary").post(f"{URL}xac-nhan/", typed).status_code == 404
    assert as_("officer").post(f"{URL}xac-nhan/", typed).status_code == 404
    seat = Seat.objects.create(
        council=story.seats()[0].council, user=second, position="member", seated_at=story.now, unit="x"
    )
    assert as_("secretary-2").post(f"{URL}xac-nhan/", typed).status_code == 404
    seat.delete()
    assert as_("secretary-2").post(f"{URL}xac-nhan/", typed).status_code == 302
    with pytest.raises(IntegrityError), transaction.atomic():
        PreparedDecision.objects.update(confirmed_by=prepared.prepared_by)


def test_changed_marks_after_the_preparation_stop_the_confirmation_and_the_release(story, closed):
    prepared = story.prepare()
    with no_triggers():
        Mark.objects.filter(sheet__dossier=closed[0]).update(points=1)
    with pytest.raises(Refused, match="Phiếu chấm đã ký có thay đổi"):
        story.confirm(prepared)
    assert nothing_is_public()


def test_a_withdrawn_decision_leaves_nothing_and_can_be_prepared_again(story, as_, closed):
    said = {"do": "withdraw", "seen": story.prepare().digest()}
    without = as_("signatory").post(f"{URL}xac-nhan/", said | {"reason": " "})
    assert without.status_code == 409
    assert "Hãy ghi lý do rút lại." in without.text
    answer = as_("signatory").post(f"{URL}xac-nhan/", said | {"reason": "Sai ngày ký"}, follow=True)

    assert "Đã rút quyết định" in answer.text
    assert "Sai ngày ký" in as_("secretary").get(URL).text
    assert nothing_is_public()
    story.release(story.confirm(story.prepare()))
    assert Decision.objects.count() == 1


def test_an_old_page_neither_confirms_nor_withdraws_the_decision_that_took_its_place(story, as_, closed):
    old = story.prepare()
    page = as_("signatory").get(URL).text
    assert old.digest() in page
    preparing.withdraw_decision(prepared=old, seen=old.digest(), reason="x", by=story.secretary, at=story.tick())
    said = {"do": "confirm", "seen": old.digest(), "typed": old.result_digest[:8]}
    gone = as_("signatory").post(f"{URL}xac-nhan/", said, follow=True)
    assert "đã được công bố hoặc rút lại" in gone.text

    new = story.prepare(number="99/QĐ-UBND")
    for do in ("confirm", "withdraw"):
        answer = as_("signatory").post(f"{URL}xac-nhan/", said | {"do": do, "reason": "x"})
        assert answer.status_code == 409
        assert "Một quyết định khác đã được chuẩn bị" in answer.text
        assert "99/QĐ-UBND" in answer.text
    new.refresh_from_db()
    assert new.state == State.PREPARED
    as_("signatory").post(f"{URL}xac-nhan/", said | {"seen": new.digest()})
    new.refresh_from_db()
    assert new.state == State.CONFIRMED


# --- the hour ----------------------------------------------------------------------------------------------
def test_the_job_releases_at_its_hour_by_the_clock_of_the_database(story, closed, monkeypatch):
    story.now = timezone.now()
    prepared = story.confirm(story.prepare(release_at=story.now + timedelta(days=300)))
    job = Job.objects.get(kind=release.JOB)
    assert job.not_before == prepared.release_at
    assert jobs.perform(job.pk) is False  # the database does not hand it out

    # A process whose clock runs ahead, and a row that somebody pulled forward: the hour is asked of the database.
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now() - timedelta(seconds=1))
    assert jobs.perform(job.pk) is False
    job.refresh_from_db()
    assert "Quyết định được công bố lúc" in job.last_error
    assert nothing_is_public()

    monkeypatch.setattr(release, "database_now", lambda: prepared.release_at + timedelta(seconds=1))
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now() - timedelta(seconds=1), state="ready")
    assert jobs.perform(job.pk) is True
    prepared.refresh_from_db()
    assert prepared.state == State.RELEASED
    assert prepared.released_as == Decision.objects.get()
    assert {d.stage for d in Dossier.objects.filter(pk__in=[d.pk for d in closed])} == {Stage.RECOGNISED}


def test_a_release_that_fails_leaves_nothing_half_done_and_says_why(story, as_, closed, monkeypatch):
    prepared = story.confirm(story.prepare())
    job = Job.objects.get(kind=release.JOB)
    Job.objects.filter(pk=job.pk).update(max_attempts=1)
    with monkeypatch.context() as broken:
        broken.setattr(release, "close_season", lambda **facts: 1 / 0)
        assert jobs.perform(job.pk) is False
    assert nothing_is_public()
    assert Dossier.objects.filter(stage=Stage.PUBLIC_COMMENT).count() == 2
    page = as_("secretary").get(URL)
    assert "Công bố chưa thành công" in page.text

    answer = as_("secretary").post(f"{URL}cong-bo-lai/", follow=True)
    assert answer.status_code == 200
    assert jobs.perform(job.pk) is True
    prepared.refresh_from_db()
    assert prepared.state == State.RELEASED


def test_releasing_twice_is_one_release(story, closed):
    prepared = story.confirm(story.prepare())

    assert len(story.release(prepared)) == 2
    assert story.release(prepared) == []
    assert Certificate.objects.count() == 4
    assert AuditEvent.objects.filter(act="decision.released").count() == 1


@pytest.mark.parametrize("hours", [-1, 0])
def test_an_hour_that_has_passed_is_refused(story, closed, hours):
    with pytest.raises(Refused, match="Giờ công bố đã qua"):
        story.prepare(release_at=story.now + timedelta(hours=hours))


def test_an_hour_in_another_century_is_refused(story, closed):
    with pytest.raises(Refused, match="còn cách hơn một năm"):
        story.prepare(release_at=story.now + timedelta(days=400))


def test_a_number_that_another_season_is_preparing_is_refused(story, closed):
    prepared = story.prepare()
    elsewhere = PreparedDecision.objects.get(pk=prepared.pk)
    with no_triggers():
        elsewhere.season_id, elsewhere.number = (
            make_season(timezone.now().year + 1, with_rubric=False).pk,
            "5012/QĐ-UBND",
        )
        elsewhere.save()
    with pytest.raises(Refused, match="đang được chuẩn bị, ở kỳ này hoặc kỳ khác"):
        story.prepare(number="5012/QĐ-UBND", signed_date=prepared.signed_date)


def test_a_reason_with_a_letter_that_no_database_takes_is_kept_without_it(story, as_, closed):
    prepared = story.prepare()
    said = {"do": "withdraw", "seen": prepared.digest(), "reason": "Thử\x00 lại"}
    answer = as_("secretary").post(f"{URL}xac-nhan/", said, follow=True)

    assert answer.status_code == 200
    prepared.refresh_from_db()
    assert (prepared.state, prepared.withdrawn_reason) == (State.WITHDRAWN, "Thử lại")


# --- a correction ------------------------------------------------------------------------------------------
def correction(**change):
    return {
        "change": "correction",
        "product_name_vi": "Tên đúng",
        "reason": "Sai tên trong quyết định",
        "number": "0077/QĐ-UBND",
        "signer_name": "Nguyễn Văn Ký",
        "signer_position": "Chủ tịch",
    } | change


def test_a_correction_goes_the_same_way_and_replaces_recognition_and_certificate(story, as_):
    story.recognised(1)
    old = Recognition.objects.get()
    url = f"/lam-viec/ky/2026/chung-nhan/{old.pk}/dinh-chinh/"
    day = f"{timezone.localdate(story.now):%d/%m/%Y}"

    assert as_("officer").get(url).status_code == 404
    empty = as_("secretary").post(url, correction(signed_date=day, product_name_vi=""))
    assert empty.status_code == 409
    assert "Chưa có nội dung nào" in empty.text
    unknown = as_("secretary").post(url, correction(signed_date=day, change="transfer", maker="0100109106"))
    assert "Không có doanh nghiệp nào với mã số thuế này" in unknown.text
    answer = as_("secretary").post(url, correction(signed_date=day), follow=True)
    assert "Đã chuẩn bị quyết định đính chính." in answer.text
    assert "<del>" in answer.text
    assert Recognition.ever.count() == 1

    story.release(story.confirm(PreparedDecision.objects.get(state="prepared")))
    new = Recognition.objects.get()
    assert (new.product_name_vi, new.replaces, new.change) == ("Tên đúng", old, "correction")
    assert Certificate.objects.filter(replaced_at=None).count() == 2
    assert {c.replaces.recognition_id for c in Certificate.objects.filter(recognition=new)} == {old.pk}
    assert Decision.objects.get(corrects__isnull=False).corrects.number == "0002/QĐ-UBND"
    stale = as_("secretary").post(url, correction(signed_date=day, number="0079/QĐ-UBND"))
    assert stale.status_code == 409
    assert "đã được thay thế" in stale.text
    assert "0077/QĐ-UBND" in as_("officer").get(URL).text
    numbers = sorted(Certificate.objects.filter(kind="product").values_list("number", flat=True))
    assert numbers == [1, 2]


def test_transfer_and_renewal_through_the_pages(story, as_):
    story.recognised(1)
    taker = make_enterprise("Công ty Tiếp Nhận", tax_code=tax_code(60))
    day = f"{timezone.localdate(story.now):%d/%m/%Y}"
    first = Recognition.objects.get()

    as_("secretary").post(
        f"/lam-viec/ky/2026/chung-nhan/{first.pk}/dinh-chinh/",
        correction(signed_date=day, change="transfer", maker=taker.tax_code, product_name_vi=""),
    )
    story.release(story.confirm(PreparedDecision.objects.get(state="prepared")))
    second = Recognition.objects.get()
    assert second.enterprise_name_vi == "Công ty Tiếp Nhận"

    later = second.valid_to + timedelta(days=365)
    renewal = correction(signed_date=day, number="0078/QĐ-UBND", change="renewal", product_name_vi="")
    url = f"/lam-viec/ky/2026/chung-nhan/{second.pk}/dinh-chinh/"
    too_long = as_("secretary").post(url, renewal | {"valid_to": "31/12/9999"})
    assert too_long.status_code == 409
    assert "Mỗi lần gia hạn nhiều nhất 36 tháng" in too_long.text
    lost = as_("secretary").post(url, renewal | {"valid_to": f"{later:%d/%m/%Y}", "product_name_vi": "Tên khác"})
    assert "Ô này thuộc loại thay đổi khác: đính chính" in lost.text
    as_("secretary").post(
        f"/lam-viec/ky/2026/chung-nhan/{second.pk}/dinh-chinh/",
        renewal | {"valid_to": f"{later:%d/%m/%Y}"},
    )
    story.release(story.confirm(PreparedDecision.objects.get(state="prepared")))
    third = Recognition.objects.get()
    assert (third.valid_to, third.enterprise_name_vi) == (later, "Công ty Tiếp Nhận")
    assert third.replaces.replaces == first


def test_two_open_preparations_are_impossible_even_in_the_database(story, closed):
    prepared = story.prepare()
    with pytest.raises(IntegrityError), transaction.atomic():
        PreparedDecision.objects.create(
            season=prepared.season,
            run=prepared.run,
            result_digest="0" * 64,
            number="x",
            signed_date=prepared.signed_date,
            signer_name="x",
            signer_position="x",
            prepared_at=datetime.now(tz=story.now.tzinfo),
            prepared_by=story.officer,
        )


def test_a_left_out_product_is_not_recognised_and_its_rank_stays_unsaid(story, closed):
    story.release(story.confirm(story.prepare(left_out=[closed[1].pk])))

    closed[1].refresh_from_db()
    assert closed[1].stage == Stage.NOT_RECOGNISED
    assert Result.objects.filter(dossier=closed[1], passes=True).exists()
    assert Recognition.objects.count() == 1


@pytest.mark.pdf
def test_a_name_that_the_paper_cannot_print_is_said_before_anything_is_decided(story, closed):
    product = closed[0].product
    product.name_en = "Lamp 灯"
    product.save()

    with pytest.raises(Refused, match="灯"):
        story.prepare()
    assert not PreparedDecision.objects.exists()
