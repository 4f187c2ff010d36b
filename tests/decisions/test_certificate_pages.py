"""From the decision to the papers: progress, register, retry, revocation."""

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certificates import batches, issue
from certificates.models import Batch, Certificate, StatusEntry
from core import files, jobs
from core.models import AuditEvent, Job
from registry import actions as registry
from registry.models import Recognition, Status
from signing.verdict import Case, Verdict, judge
from tests.registry.factories import no_triggers
from tests.remembered import watch

URL = "/lam-viec/ky/2026/chung-nhan/"


@pytest.fixture
def quick(monkeypatch, keys):
    """Papers of one line instead of the press and the pen: the pages are tested here, not the paper."""
    monkeypatch.setattr("certificates.paper.render", lambda serial, *args, **kwargs: f"%PDF-1.7 {serial}".encode())
    monkeypatch.setattr("certificates.paper_check.faults", lambda *args, **kwargs: [])
    monkeypatch.setattr("signing.pades.sign", lambda content, **facts: content + b" signed")
    monkeypatch.setattr("signing.verdict.judge", lambda content, **facts: Verdict(Case.INTACT, []))
    monkeypatch.setattr("certificates.thumbnails.picture_of", lambda sha256: b"PNG")
    watch.expects("papers of one line")


@pytest.fixture
def broken(quick, monkeypatch):
    def fail(serial, *args, **kwargs):
        raise ValueError("The texts do not fit.")

    monkeypatch.setattr("certificates.paper.render", fail)


def start(client):
    chosen = [str(pk) for pk in Certificate.objects.values_list("pk", flat=True)]
    return client.post(f"{URL}lap/", {"certificate": chosen}, follow=True)


def perform_all(kind: str = issue.DRAFT) -> None:
    for pk in Job.objects.filter(kind=kind).values_list("pk", flat=True):
        jobs.perform(pk)


def fail_all() -> None:
    """Every attempt is used up."""
    Job.objects.filter(kind=issue.DRAFT).update(max_attempts=1)
    perform_all()


def decide(client, do: str, **said):
    batch = Batch.objects.get()
    return client.post(f"{URL}dot/{batch.pk}/", {"do": do} | said, follow=True)


def approve(client, **change):
    digest = batches.list_digest(list(Certificate.objects.all()))
    return decide(client, "approve", **({"digest": digest, "looked": "on"} | change))


@pytest.mark.parametrize(
    ("who", "status"),
    [("secretary", 200), ("officer", 200), ("signatory", 200), ("clerk", 404), ("member-1", 404)],
)
@pytest.mark.parametrize("page", ["", "so-cap.csv"])
def test_staff_and_the_signatory_read_it_and_nobody_else(as_, story, who, status, page):
    story.recognised()

    assert as_(who).get(URL + page).status_code == status


def test_before_the_decision_the_page_says_what_is_missing(as_, story):
    story.season()

    page = as_("secretary").get(URL)

    assert "Chưa có giấy chứng nhận" in page.text
    assert "/lam-viec/ky/2026/quyet-dinh/" in page.text


def test_numbers_stand_at_once_and_papers_follow_in_a_batch(as_, story, quick):
    story.recognised(2)
    client = as_("secretary")

    before = client.get(URL)
    assert "4 giấy chứng nhận chờ lập bản thảo" in before.text
    assert before.text.count("không khuyết số") == 2
    assert before.text.count("xem-truoc/") == 4

    page = start(client)
    assert "Đợt 1: đang lập 4 bản thảo." in page.text
    assert "Đã lập 0 / 4 bản thảo" in page.text
    assert "data-waiting" in page.text
    perform_all()
    drafted = client.get(URL)
    assert "Đã lập 4 / 4 bản thảo" in drafted.text
    assert "data-waiting" not in drafted.text
    assert "Duyệt và ký" not in drafted.text  # the secretary does not approve
    assert Certificate.objects.filter(file=None).count() == 4

    signatory = as_("signatory")
    assert "Kỳ 2026, đợt 1" in signatory.get("/lam-viec/cho-ky/").text
    page = approve(signatory)
    assert "Đã duyệt. Hệ thống đang ký các giấy chứng nhận." in page.text
    perform_all(issue.SIGN)

    assert "Đã ký 4 / 4 giấy chứng nhận" in signatory.get(URL).text
    assert Certificate.objects.filter(file=None).count() == 0


def test_what_is_approved_is_what_was_seen_and_what_is_signed(as_, story, quick):
    story.recognised()
    start(as_("secretary"))
    perform_all()
    signatory = as_("signatory")

    assert approve(signatory, digest="0" * 64).status_code == 409
    assert "Hãy xác nhận bạn đã xem các bản thảo." in approve(signatory, looked="").text
    assert not Job.objects.filter(kind=issue.SIGN).exists()

    approve(signatory)
    perform_all(issue.SIGN)

    event = AuditEvent.objects.get(act="batch.approved")
    for certificate in Certificate.objects.all():
        assert event.detail["drafts"][certificate.serial] == certificate.draft_id
        assert files.read(certificate.file_id) == files.read(certificate.draft_id) + b" signed"


def test_only_the_signatory_approves(as_, story, quick):
    story.recognised()
    start(as_("secretary"))
    perform_all()

    assert approve(as_("secretary")).status_code == 404
    assert approve(as_("officer")).status_code == 404
    assert approve(as_("clerk")).status_code == 404


def test_returned_drafts_are_made_anew_and_the_old_never_verify(as_, story, quick):
    story.recognised()
    client = as_("secretary")
    start(client)
    perform_all()
    first = {c.pk: c.token for c in Certificate.objects.all()}

    refused = decide(as_("signatory"), "return", reason=" ")
    assert "Hãy ghi sai sót của bản thảo." in refused.text
    page = decide(as_("signatory"), "return", reason="Sai chức vụ người ký")
    assert "Đã trả lại đợt này." in page.text
    client = as_("secretary")
    assert "Bị trả lại ở đợt 1: Sai chức vụ người ký" in client.get(URL).text
    start(client)
    perform_all()
    later = client.get(URL).text
    assert "Người signatory trả lại lúc" in later
    assert "Sai chức vụ người ký" in later

    again = {c.pk: c.token for c in Certificate.objects.all()}
    assert again.keys() == first.keys()
    assert all(again[pk] != first[pk] for pk in first)
    assert Certificate.objects.order_by("number").first().number == 1
    assert StatusEntry.objects.count() == 2 * len(first)


def test_a_certificate_is_in_one_batch_at_a_time(as_, story, quick):
    story.recognised()
    client = as_("secretary")
    start(client)

    answer = start(client)

    assert answer.status_code == 409
    assert "đã nằm trong một đợt khác" in answer.text
    assert Batch.objects.count() == 1


def test_nothing_chosen_is_refused(as_, story, quick):
    story.recognised()

    answer = as_("secretary").post(f"{URL}lap/", {})

    assert answer.status_code == 409
    assert "Hãy chọn ít nhất một giấy chứng nhận." in answer.text


# --- the brake ----------------------------------------------------------------------------------------
def test_the_brake_stops_what_is_drafted_and_signed_and_lets_it_go_on(as_, story, quick):
    story.recognised(2)
    client = as_("secretary")
    start(client)
    perform_all()
    approve(as_("signatory"))
    sign = list(Job.objects.filter(kind=issue.SIGN).values_list("pk", flat=True))
    jobs.perform(sign[0])

    page = as_("signatory").post(f"{URL}dung/", {"do": "stop", "reason": "Sai phông chữ"}, follow=True)
    assert "Đang dừng cấp giấy chứng nhận" in page.text
    assert "Sai phông chữ" in page.text
    perform_all(issue.SIGN)
    assert Certificate.objects.exclude(file=None).count() == 1
    waiting = Job.objects.filter(kind=issue.SIGN, state=Job.State.READY)
    assert {(job.attempt, "Sai phông chữ" in job.last_error) for job in waiting} == {(0, True)}

    client = as_("secretary")
    assert client.post(f"{URL}dung/", {"do": "stop", "reason": "x"}).status_code == 409
    client.post(f"{URL}dung/", {"do": "resume"})
    perform_all(issue.SIGN)
    assert Certificate.objects.filter(file=None).count() == 0
    assert AuditEvent.objects.filter(act__in=["work.stopped", "work.resumed"]).count() == 2


def test_a_paper_rendered_before_the_brake_takes_no_effect_after_it(story, quick):
    story.recognised()
    waiting = Certificate.objects.filter(batch=None)
    batch = batches.start_batch(season_year=2026, certificates=waiting, by=story.secretary, at=story.tick())
    job = Job.objects.filter(batch=batch.jobs_key).first()
    claimed = jobs.claim(job.pk)
    produced = issue.draft_paper(job.payload)

    batches.stop(reason="Sai mẫu", by=story.secretary, at=story.tick())

    with pytest.raises(jobs.Postponed):
        jobs._finish(claimed, jobs.kinds[job.kind], produced)
    assert Certificate.objects.exclude(draft=None).count() == 0


def test_drafts_of_which_one_was_revoked_are_returned_not_approved(as_, story, quick):
    story.recognised()
    batch = story.drafted()
    assert 'value="approve"' in as_("signatory").get(URL).text
    why = {"ground": "own_request", "document": "1/QĐ", "reason": "x"}
    registry.revoke(recognition=Recognition.objects.get(), **why, by=story.officer, at=story.tick())

    page = as_("signatory").get(URL).text
    serial = batch.certificates.order_by("serial").first().serial
    assert f"Đã bị thu hồi hoặc thay thế trong lúc đó: {serial}" in page
    assert 'value="approve"' not in page
    assert 'value="return"' in page


@pytest.mark.parametrize("late", ["before the work", "between work and finish"])
def test_what_was_revoked_after_the_approval_is_not_signed(as_, story, quick, monkeypatch, late):
    story.recognised()
    batch = story.drafted()
    seen = batches.list_digest(list(batch.certificates.all()))
    batches.approve(batch=batch, seen_digest=seen, by=story.signatory, at=story.tick())

    def revoke():
        one = Recognition.objects.get()
        why = {"ground": "own_request", "document": "1/QĐ", "reason": "x"}
        registry.revoke(recognition=one, **why, by=story.officer, at=story.tick())

    if late == "before the work":
        revoke()
    else:
        sign = issue.jobs.kinds[issue.SIGN].work
        produced = [sign(job.payload) for job in Job.objects.filter(kind=issue.SIGN).order_by("pk")]
        revoke()
        made = iter(produced)
        monkeypatch.setitem(
            jobs.kinds, issue.SIGN, jobs.Kind(work=lambda payload: next(made), finish=issue.name_certificate)
        )
    Job.objects.filter(kind=issue.SIGN).update(max_attempts=1)
    perform_all(issue.SIGN)

    assert not Certificate.objects.exclude(file=None).exists()
    page = as_("officer").get(URL).text
    assert "không được ký vì đã bị thu hồi hoặc thay thế" in page


def test_a_brake_without_reason_is_refused(as_, story):
    story.recognised()

    answer = as_("secretary").post(f"{URL}dung/", {"do": "stop", "reason": " "})

    assert answer.status_code == 409
    assert "Hãy ghi lý do dừng" in answer.text
    assert as_("officer").post(f"{URL}dung/", {"do": "stop", "reason": "x"}).status_code == 404


# --- the page while it works ----------------------------------------------------------------------------
def test_the_script_gets_only_the_changing_part(as_, story, quick):
    story.recognised()
    start(as_("secretary"))

    part = as_("signatory").get(URL, headers={"X-Partial": "1"})

    assert "<html" not in part.text
    assert 'data-part="batch-' in part.text
    assert "csrfmiddlewaretoken" not in part.text
    assert part["Cache-Control"].startswith("max-age=0")


def test_a_gap_in_the_register_is_named(as_, story):
    story.recognised(3)
    with no_triggers():
        Certificate.objects.filter(kind="product", number=2).update(number=9)

    assert "Khuyết các số 2, 4, 5, 6, 7, 8" in as_("officer").get(URL).text


def test_failed_papers_say_why_and_only_they_are_made_again(as_, story, broken, monkeypatch):
    story.recognised()
    client = as_("secretary")
    start(client)
    fail_all()

    page = client.get(URL)
    assert "2 giấy chứng nhận chưa lập được" in page.text
    assert "The texts do not fit." in page.text
    assert page.text.count("Lập lại<") == 2
    assert "Lập lại tất cả giấy bị lỗi" in page.text
    assert "chưa xong" in approve(as_("signatory")).text

    monkeypatch.setattr("certificates.paper.render", lambda serial, *args, **kwargs: b"%PDF-1.7")
    client = as_("secretary")
    first = Certificate.objects.order_by("pk").first()
    answer = client.post(f"{URL}lap-lai/", {"certificate": first.pk}, follow=True)
    assert "Đang lập lại 1 giấy chứng nhận." in answer.text
    assert AuditEvent.objects.filter(act="certificate.retried").count() == 1
    perform_all()
    assert list(Certificate.objects.exclude(draft=None)) == [first]

    client.post(f"{URL}lap-lai/")
    perform_all()
    assert Certificate.objects.filter(draft=None).count() == 0


def test_nothing_failed_means_nothing_to_make_again(as_, story):
    story.recognised()

    answer = as_("secretary").post(f"{URL}lap-lai/")

    assert answer.status_code == 409
    assert not AuditEvent.objects.filter(act="certificate.retried").exists()


def test_an_officer_sees_the_failure_and_has_no_button(as_, story, broken):
    story.recognised()
    start(as_("secretary"))
    fail_all()
    client = as_("officer")

    page = client.get(URL)

    assert "The texts do not fit." in page.text
    assert "Lập lại" not in page.text
    assert client.post(f"{URL}lap-lai/").status_code == 404


def test_work_that_waits_for_a_library_says_so_and_does_not_fail(as_, story, quick, monkeypatch):
    def postponed(serial, *args, **kwargs):
        raise jobs.Postponed("Install it: apt-get install libpango")

    story.recognised()
    start(as_("secretary"))
    monkeypatch.setattr("certificates.paper.render", postponed)
    perform_all()

    page = as_("secretary").get(URL)

    assert "Lần thử gần nhất: Install it: apt-get install libpango" in page.text
    assert "Lập lại" not in page.text


def test_the_register_is_a_table_that_no_spreadsheet_takes_for_formulas(as_, story, quick):
    story.recognised(2)
    story.issued()
    with no_triggers():
        Recognition.objects.update(product_name_vi="=HYPERLINK(1)", enterprise_name_vi="+84")

    answer = as_("officer").get(URL + "so-cap.csv")

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert len(rows) == 4
    assert {row["Sản phẩm"] for row in rows} == {"'=HYPERLINK(1)"}
    assert {row["Doanh nghiệp"] for row in rows} == {"'+84"}
    assert {row["Quyết định"] for row in rows} == {"0002/QĐ-UBND"}
    assert all(len(row["SHA-256 của bản PDF"]) == 64 for row in rows)


def test_all_papers_come_in_one_archive_with_the_register(as_, story, quick):
    story.recognised(2)
    story.issued()

    answer = as_("officer").get(URL + "giay-chung-nhan.zip")

    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as bundle:
        serials = sorted(Certificate.objects.values_list("serial", flat=True))
        assert sorted(bundle.namelist()) == sorted([f"{s}.pdf" for s in serials] + ["so-cap-giay-chung-nhan-2026.csv"])
        assert bundle.read(f"{serials[0]}.pdf") == f"%PDF-1.7 {serials[0]} signed".encode()


def test_an_archive_without_papers_is_refused_in_words(as_, story):
    story.recognised()

    answer = as_("officer").get(URL + "giay-chung-nhan.zip")

    assert answer.status_code == 409
    assert "Chưa có giấy chứng nhận nào được lập." in answer.text


@pytest.mark.parametrize("harm", ["missing", "altered"])
def test_a_harmed_paper_is_never_handed_out(as_, story, quick, harm):
    story.recognised()
    story.issued()
    path = files.path_of(Certificate.objects.first().file_id)
    path.unlink() if harm == "missing" else path.write_bytes(b"%PDF other")

    answer = as_("officer").get(URL + "giay-chung-nhan.zip")

    assert answer.status_code == 409
    assert "bị mất hoặc hỏng" in answer.text


def test_three_certificates_cost_as_many_queries_as_one(as_, story, quick, django_assert_num_queries):
    story.recognised(3)
    story.issued()
    client = as_("officer")
    client.get(URL)
    with CaptureQueriesContext(connection) as six:
        assert len(client.get(URL).context["rows"]) == 6
    with no_triggers():
        StatusEntry.objects.all().delete()
        Certificate.objects.exclude(pk=Certificate.objects.first().pk).delete()
    with django_assert_num_queries(len(six)):
        assert len(client.get(URL).context["rows"]) == 1


def test_the_exact_draft_and_its_picture_are_shown_to_who_decides(as_, story, quick):
    story.recognised()
    start(as_("secretary"))
    perform_all()
    one = Certificate.objects.first()

    assert as_("signatory").get(f"{URL}{one.pk}/ban-thao/").content == files.read(one.draft_id)
    assert as_("officer").get(f"{URL}{one.pk}/ban-thao/").status_code == 404
    assert as_("officer").get(f"{URL}{one.pk}/{one.draft_id}.png").content == b"PNG"
    assert as_("officer").get(f"{URL}{one.pk}/{'0' * 64}.png").status_code == 404
    assert as_("clerk").get(f"{URL}{one.pk}/{one.draft_id}.png").status_code == 404


# --- revocation ---------------------------------------------------------------------------------------
def revoke_url() -> str:
    return f"{URL}{Recognition.objects.order_by('pk').first().pk}/thu-hoi/"


def said(**change: str) -> dict[str, str]:
    document, reason = "12/QĐ-UBND, 03/03/2027", "Doanh thu khai khống."
    return {"ground": "false_data", "document": document, "reason": reason, "confirmed": "on"} | change


@pytest.mark.parametrize(("who", "status"), [("officer", 200), ("secretary", 404), ("clerk", 404), ("member-1", 404)])
def test_only_an_officer_may_revoke(as_, story, who, status):
    story.recognised()
    client = as_(who)

    assert client.get(revoke_url()).status_code == status
    if status == 404:
        assert client.post(revoke_url(), said()).status_code == 404
        assert "/thu-hoi/" not in client.get(URL).text
    assert Recognition.objects.filter(revoked_at=None).count() == 1


def test_revoking_says_its_effects_and_changes_the_status_at_once(as_, story):
    story.recognised()
    client = as_("officer")
    page = client.get(revoke_url())
    assert "2 giấy chứng nhận nêu trên hết giá trị" in page.text

    answer = client.post(revoke_url(), said(), follow=True)

    assert "Đã thu hồi công nhận đối với" in answer.text
    one = Recognition.objects.get()
    assert one.status() == Status.REVOKED
    assert (one.revoked_ground, one.revoked_document) == ("false_data", "12/QĐ-UBND, 03/03/2027")
    assert one.revoked_reason == "Doanh thu khai khống."
    assert AuditEvent.objects.filter(act="recognition.revoked").count() == 1
    assert "Công nhận này đã bị thu hồi" in client.get(revoke_url()).text
    assert "/thu-hoi/" not in client.get(URL).text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ground": ""}, "Chọn căn cứ thu hồi."),
        ({"ground": "whim"}, "Chọn một căn cứ trong danh sách."),
        ({"document": " "}, "Nêu văn bản thu hồi."),
        ({"document": "x"}, "Ghi số và ngày của văn bản."),
        ({"reason": " "}, "Nêu lý do thu hồi."),
        ({"confirmed": ""}, "Xác nhận bạn đã hiểu hệ quả."),
    ],
)
def test_a_revocation_that_is_not_whole_comes_back_with_what_was_typed(as_, story, change, sentence):
    story.recognised()

    answer = as_("officer").post(revoke_url(), said(**change))

    assert answer.status_code == 200
    assert sentence in answer.text
    if "document" not in change:
        assert "12/QĐ-UBND, 03/03/2027" in answer.text
    assert Recognition.objects.filter(revoked_at=None).count() == 1


def test_revoking_twice_is_refused(as_, story):
    story.recognised()
    client = as_("officer")
    client.post(revoke_url(), said())

    answer = client.post(revoke_url(), said())

    assert answer.status_code == 409


def test_a_recognition_of_another_season_is_not_found(as_, story):
    story.recognised()
    from programme.models import Season

    Season.objects.create(
        year=2025,
        registration_opens_at=story.now,
        registration_closes_at=story.tick(days=1),
        scoring_closes_at=story.tick(days=1),
    )

    assert as_("officer").get(revoke_url().replace("2026", "2025")).status_code == 404


# --- the whole way ------------------------------------------------------------------------------------
@pytest.mark.pdf
def test_from_the_decision_to_a_real_signed_paper(as_, story, keys):
    story.recognised(1)
    story.now = datetime.now(UTC)  # keys and jobs live in the present
    client = as_("secretary")
    one = Certificate.objects.order_by("pk").first()
    sample = client.get(f"{URL}{one.pk}/xem-truoc/")
    assert sample.content.startswith(b"%PDF-1.7")
    start(client)
    perform_all()
    assert client.get(f"{URL}{one.pk}/{Certificate.objects.get(pk=one.pk).draft_id}.png").content[1:4] == b"PNG"
    approve(as_("signatory"))
    perform_all(issue.SIGN)

    assert "Đã ký 2 / 2 giấy chứng nhận" in client.get(URL).text
    one.refresh_from_db()
    stored = files.read(one.file_id)
    assert judge(stored, at=story.now + timedelta(minutes=5)).case == Case.INTACT
    assert stored.startswith(files.read(one.draft_id))
    assert len(stored) < 80_000


# --- the rail -----------------------------------------------------------------------------------------
def test_the_rail_leads_to_the_season_that_waits_else_to_the_last_decided(as_, story):
    from decisions import queries
    from tests.story import Story

    story.scored()
    assert queries.season_at_recognition().year == 2026
    client = as_("secretary")
    assert 'href="/lam-viec/ky/2026/gop-y/"' in client.get(URL).text

    later = Story(now=story.now, year=2027, people=story.people, count=story.count)
    later.season()
    assert queries.season_at_recognition().year == 2026
