"""From the decision to the papers: progress, register, retry, revocation."""

import csv
import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certificates import issue
from certificates.models import Certificate
from core import files, jobs
from core.models import AuditEvent, Job
from registry.models import Recognition, Status

URL = "/lam-viec/ky/2026/chung-nhan/"


@pytest.fixture
def quick(monkeypatch):
    """Papers of one line instead of the press: the pages are tested here, not the paper."""
    monkeypatch.setattr("certificates.paper.render", lambda serial, snapshot: f"%PDF-1.7 {serial}".encode())


@pytest.fixture
def broken(monkeypatch):
    def fail(serial, snapshot):
        raise ValueError("The texts do not fit.")

    monkeypatch.setattr("certificates.paper.render", fail)


def perform_all() -> None:
    for pk in Job.objects.filter(kind=issue.JOB).values_list("pk", flat=True):
        jobs.perform(pk)


def fail_all() -> None:
    """Every attempt is used up."""
    Job.objects.filter(kind=issue.JOB).update(max_attempts=1)
    perform_all()


@pytest.mark.parametrize(("who", "status"), [("secretary", 200), ("officer", 200), ("clerk", 404), ("member-1", 404)])
@pytest.mark.parametrize("page", ["", "so-cap.csv"])
def test_staff_read_it_and_nobody_else(as_, story, who, status, page):
    story.recognised()

    assert as_(who).get(URL + page).status_code == status


def test_before_the_decision_the_page_says_what_is_missing(as_, story):
    story.season()

    page = as_("secretary").get(URL)

    assert "Chưa có giấy chứng nhận" in page.text
    assert "/lam-viec/ky/2026/quyet-dinh/" in page.text


def test_numbers_stand_at_once_and_papers_follow(as_, story, quick):
    story.recognised(2)
    client = as_("secretary")

    before = client.get(URL)
    assert "Đã lập 0 / 4 giấy chứng nhận" in before.text
    assert "data-waiting" in before.text
    assert before.text.count("không khuyết số") == 2

    perform_all()

    after = client.get(URL)
    assert "Đã lập 4 / 4 giấy chứng nhận" in after.text
    assert "data-waiting" not in after.text
    assert Certificate.objects.filter(file=None).count() == 0


def test_the_script_gets_only_the_changing_part(as_, story):
    story.recognised()

    part = as_("officer").get(URL, headers={"X-Partial": "1"})

    assert "<html" not in part.text
    assert 'data-part="progress"' in part.text
    assert "csrfmiddlewaretoken" not in part.text
    assert part["Cache-Control"].startswith("max-age=0")


def test_a_gap_in_the_register_is_named(as_, story):
    story.recognised(3)
    Certificate.objects.filter(kind="product", number=2).update(number=9)

    assert "Khuyết các số 2, 4, 5, 6, 7, 8" in as_("officer").get(URL).text


def test_a_failed_paper_says_why_and_the_secretary_has_it_made_again(as_, story, broken, monkeypatch):
    story.recognised()
    fail_all()
    client = as_("secretary")

    page = client.get(URL)
    assert "2 giấy chứng nhận chưa lập được" in page.text
    assert "The texts do not fit." in page.text
    assert page.text.count("Lập lại<") == 2
    assert "Lập lại tất cả giấy bị lỗi" in page.text

    monkeypatch.setattr("certificates.paper.render", lambda serial, snapshot: b"%PDF-1.7")
    first = Certificate.objects.order_by("pk").first()
    answer = client.post(f"{URL}lap-lai/", {"certificate": first.pk}, follow=True)
    assert "Đang lập lại 1 giấy chứng nhận." in answer.text
    assert AuditEvent.objects.filter(act="certificate.retried").count() == 1
    perform_all()
    first.refresh_from_db()
    assert first.file_id is not None
    assert Certificate.objects.filter(file=None).count() == 1

    client.post(f"{URL}lap-lai/")
    perform_all()
    assert Certificate.objects.filter(file=None).count() == 0


def test_nothing_failed_means_nothing_to_make_again(as_, story):
    story.recognised()

    answer = as_("secretary").post(f"{URL}lap-lai/")

    assert answer.status_code == 409
    assert not AuditEvent.objects.filter(act="certificate.retried").exists()


def test_an_officer_sees_the_failure_and_has_no_button(as_, story, broken):
    story.recognised()
    fail_all()
    client = as_("officer")

    page = client.get(URL)

    assert "The texts do not fit." in page.text
    assert "Lập lại" not in page.text
    assert client.post(f"{URL}lap-lai/").status_code == 404


def test_work_that_waits_for_a_library_says_so_and_does_not_fail(as_, story, monkeypatch):
    def postponed(serial, snapshot):
        raise jobs.Postponed("Install it: apt-get install libpango")

    story.recognised()
    monkeypatch.setattr("certificates.paper.render", postponed)
    perform_all()

    page = as_("secretary").get(URL)

    assert "Lần thử gần nhất: Install it: apt-get install libpango" in page.text
    assert "Lập lại" not in page.text


def test_the_register_is_a_table_that_no_spreadsheet_takes_for_formulas(as_, story, quick):
    story.recognised(2)
    perform_all()
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
    perform_all()

    answer = as_("officer").get(URL + "giay-chung-nhan.zip")

    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as bundle:
        serials = sorted(Certificate.objects.values_list("serial", flat=True))
        assert sorted(bundle.namelist()) == sorted([f"{s}.pdf" for s in serials] + ["so-cap-giay-chung-nhan-2026.csv"])
        assert bundle.read(f"{serials[0]}.pdf") == f"%PDF-1.7 {serials[0]}".encode()


def test_an_archive_without_papers_is_refused_in_words(as_, story):
    story.recognised()

    answer = as_("officer").get(URL + "giay-chung-nhan.zip")

    assert answer.status_code == 409
    assert "Chưa có giấy chứng nhận nào được lập." in answer.text


@pytest.mark.parametrize("harm", ["missing", "altered"])
def test_a_harmed_paper_is_never_handed_out(as_, story, quick, harm):
    story.recognised()
    perform_all()
    path = files.path_of(Certificate.objects.first().file_id)
    path.unlink() if harm == "missing" else path.write_bytes(b"%PDF other")

    answer = as_("officer").get(URL + "giay-chung-nhan.zip")

    assert answer.status_code == 409
    assert "bị mất hoặc hỏng" in answer.text


def test_three_certificates_cost_as_many_queries_as_one(as_, story, quick, django_assert_num_queries):
    story.recognised(3)
    perform_all()
    client = as_("officer")
    client.get(URL)
    with CaptureQueriesContext(connection) as six:
        assert len(client.get(URL).context["rows"]) == 6
    Certificate.objects.exclude(pk=Certificate.objects.first().pk).delete()
    with django_assert_num_queries(len(six)):
        assert len(client.get(URL).context["rows"]) == 1


# --- revocation ---------------------------------------------------------------------------------------
def revoke_url() -> str:
    return f"{URL}{Recognition.objects.order_by('pk').first().pk}/thu-hoi/"


def said(**change: str) -> dict[str, str]:
    return {"ground": "false_data", "document": "12/QĐ-UBND, 03/03/2027", "confirmed": "on"} | change


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
    assert AuditEvent.objects.filter(act="recognition.revoked").count() == 1
    assert "Công nhận này đã bị thu hồi" in client.get(revoke_url()).text
    assert "/thu-hoi/" not in client.get(URL).text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ground": ""}, "Chọn căn cứ thu hồi."),
        ({"ground": "whim"}, "Chọn một căn cứ trong danh sách."),
        ({"document": " "}, "Nêu văn bản thu hồi."),
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
def test_from_the_decision_to_a_real_paper(as_, story):
    story.published(1)
    story.tick(days=11)
    client = as_("secretary")
    client.post(
        "/lam-viec/ky/2026/quyet-dinh/",
        {
            "number": "5012/QĐ-UBND",
            "signed_date": f"{story.now:%d/%m/%Y}",
            "signer_name": "Nguyễn Văn Ký",
            "signer_position": "Phó Chủ tịch",
            "do": "record",
        },
    )
    perform_all()

    assert "Đã lập 2 / 2 giấy chứng nhận" in client.get(URL).text
    stored = files.read(Certificate.objects.first().file_id)
    assert stored.startswith(b"%PDF-1.7")
    assert len(stored) < 60_000


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
