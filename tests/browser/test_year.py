"""The year by hand, in the browser, as six different people: a clerk, an officer, the secretary, members of the
council, the signatory, and a citizen. Real pages, real workers, real signatures; only the ten days for comments are
wound forward."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from accounts.actions import grant_role, open_account
from accounts.models import Role
from certificates.models import Certificate
from dossiers.models import Dossier, Stage
from dossiers.papers import required_on
from evaluations.models import Result, ResultRun
from programme.models import Season
from registry.models import PublishedList, Recognition
from tests.enterprises.post import letters, path_in
from tests.story import PASSWORD, tax_code
from tests.workers import beat, wait_for, worker

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.pdf, pytest.mark.django_db(transaction=True)]


def moment(at: datetime) -> str:
    """As people type it: 17:00 15/10/2026."""
    return timezone.localtime(at).strftime("%H:%M %d/%m/%Y")


@pytest.fixture
def season(transactional_db) -> Season:
    """What the Department has prepared: reference data, the season's dates, accounts of its own people."""
    call_command("load_reference", verbosity=0)
    now = timezone.now()
    for key, name, role in (
        ("can-bo", "Nguyễn Thị Hà", Role.OFFICER),
        ("thu-ky", "Lê Văn Bình", Role.SECRETARY),
        ("nguoi-ky", "Nguyễn Văn Ký", Role.SIGNATORY),
        ("uy-vien-1", "Trần Thị Bích", None),
        ("uy-vien-2", "Phạm Quang Đức", None),
    ):
        user = open_account(email=f"{key}@kip.test", full_name=name, password=PASSWORD, at=now)
        if role:
            grant_role(user=user, role=role, by=None, at=now)
    return Season.objects.create(
        year=now.year,
        registration_opens_at=now - timedelta(days=1),
        registration_closes_at=now + timedelta(days=30),
        scoring_opens_at=now + timedelta(days=30),
        scoring_closes_at=now + timedelta(days=60),
    )


def pdf_file(folder, name: str) -> str:
    """A small whole PDF of its own content."""
    import pikepdf

    path = folder / f"{name}.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Title"] = name
        document.save(path)
    return str(path)


def picture_files(folder) -> list[str]:
    """Three sides of a product, each a picture of its own."""
    from PIL import Image

    paths = [folder / f"anh-{colour}.png" for colour in ("white", "red", "blue")]
    for path, colour in zip(paths, ("white", "red", "blue"), strict=True):
        Image.new("RGB", (64, 48), colour).save(path)
    return [str(path) for path in paths]


def give(clerk, slot: str, content: str | list[str]) -> None:
    """Choose files for a slot: they go up by themselves. Done when each stands there under its name."""
    clerk.page.set_input_files(f"#files-{slot}", content)
    for one in [content] if isinstance(content, str) else content:
        clerk.page.locator(f"#slot-{slot} [data-file] .file-line", has_text=Path(one).name).wait_for()
    expect(clerk.page.locator(f"#slot-{slot} .upload-entry")).to_have_count(0)


def file_a_dossier(clerk, tmp_path, number: int, product: str) -> Dossier:
    """Register, start, fill every part, attach every paper, submit."""
    clerk.go("/dang-ky/").fill(email=f"clerk-{number}@kip.test").press("Send me the link")
    clerk.go(path_in(letters("registration_begin", f"clerk-{number}@kip.test")[-1]))
    clerk.fill(
        full_name="Đỗ Thị Cúc", position="Trưởng phòng kế hoạch", password=PASSWORD, tax_code=tax_code(number)
    ).press("Go on")
    clerk.fill(
        name_vi=f"Công ty Cổ phần Kẻ Chợ {number}",
        street="Số 1 phố Thử",
        legal_representative="Trần Văn Thử",
        phone="024 3825 0000",
    )
    clerk.page.select_option('main [name="form"]', "joint_stock")
    clerk.page.select_option('main [name="ward"]', index=3)
    clerk.press("Register the enterprise")
    assert clerk.page.url.endswith("/ho-so/"), clerk.page.inner_text("main")

    clerk.go("/ho-so/moi/").fill(name_vi=product, name_en="Six-axis arc welding robot")
    clerk.page.select_option('main [name="sector"]', "mechanical")
    clerk.choose(track="standard", in_hanoi="yes", own_product="yes", over_threshold="yes")
    clerk.choose(on_list="no", undertakes="yes", no_breach="yes")
    clerk.press("Start the dossier")
    dossier = Dossier.objects.latest("pk")
    home = f"/ho-so/{dossier.pk}/"
    assert clerk.page.url.endswith(home)

    clerk.go(f"{home}kiem-tra/")
    clerk.page.locator('main [name="declared"]').or_(clerk.page.locator("main h1")).first.wait_for()
    assert Dossier.objects.get(pk=dossier.pk).number is None  # it says what is missing; nothing was sent

    clerk.go(path("dossiers:enterprise_part", dossier.pk))
    clerk.fill(contact_name="Đỗ Thị Cúc", contact_phone="024 3825 0000").press("Save and go on")
    clerk.go(path("dossiers:product_part", dossier.pk))
    clerk.fill(summary_vi="Robot hàn tự động.", description="Mô tả sản phẩm. " * 10, technology="Dây chuyền tự động.")
    clerk.press("Save and go on")
    clerk.go(path("dossiers:figures", dossier.pk))
    for year in range(dossier.season.year - 3, dossier.season.year):
        clerk.fill(
            **{
                f"revenue_vnd_billion_{year}": "1.250,5",
                f"export_usd_million_{year}": "2,5",
                f"workers_{year}": "1.200",
            }
        )
    clerk.press("Save and go on")
    assert str(dossier.figures.first().revenue_vnd_billion) == "1250.500"
    for paper in required_on("standard"):
        clerk.go(path("dossiers:papers", dossier.pk))
        content = picture_files(tmp_path) if paper.code == "photos" else pdf_file(tmp_path, f"{paper.code}-{number}")
        give(clerk, paper.code, content)
    clerk.go(path("dossiers:undertakings", dossier.pk))
    clerk.page.check('main [name="agreed"]')
    clerk.press("Give the undertakings")
    clerk.go(path("dossiers:review", dossier.pk))
    clerk.page.check('main [name="declared"]')
    clerk.press("Send the dossier")
    dossier.refresh_from_db()
    assert dossier.stage == Stage.SUBMITTED
    assert clerk.sees(dossier.number)  # the receipt
    assert letters("dossier_received", f"clerk-{number}@kip.test")
    return dossier


def path(name: str, *args) -> str:
    from django.urls import reverse
    from django.utils import translation

    with translation.override("vi"):
        return reverse(name, args=args)


def test_a_season_by_hand(season, keys, person, tmp_path):
    year = season.year
    clerk, officer, secretary, signatory = person(), person(), person(), person()
    members = [person(), person()]

    # The clerk of an enterprise files a dossier; a second enterprise another.
    first = file_a_dossier(clerk, tmp_path, 1, "Robot hàn hồ quang 6 trục")
    second = file_a_dossier(person(), tmp_path, 2, "Đèn đường thông minh Sông Tô")

    # The officer asks for a supplement …
    officer.sign_in("can-bo@kip.test").go("/lam-viec/")
    assert officer.sees(first.number)
    officer.go(path("dossiers:ask_supplement", first.pk))
    officer.page.check('[name="tick-quality_certificates"]')
    officer.page.select_option('[name="reason-quality_certificates"]', "expired")
    officer.fill(**{"words-quality_certificates": "Chứng nhận ISO 9001 hết hạn ngày 30/06."})
    officer.press("Send the request", within="body")
    first.refresh_from_db()
    assert first.stage == Stage.SUPPLEMENT

    # … the clerk mends what is listed and sends it …
    clerk.go(path("dossiers:supplement", first.pk))
    assert clerk.sees("Chứng nhận ISO 9001 hết hạn ngày 30/06.")
    clerk.go(path("dossiers:papers", first.pk))
    give(clerk, "quality_certificates", pdf_file(tmp_path, "iso-moi"))
    clerk.go(path("dossiers:supplement", first.pk)).press("Send the supplement")

    # … asks the officer inside the dossier and reads the answer …
    clerk.go(path("dossiers:messages", first.pk)).fill(text="Giấy mới đã đúng chưa ạ?").press("Send the message")
    officer.go(path("dossiers:desk_inbox"))
    assert officer.sees(first.number)
    officer.go(path("dossiers:desk_messages", first.pk))
    assert officer.sees("Giấy mới đã đúng chưa ạ?")
    officer.fill(text="Đã đúng, cảm ơn anh chị.").press("Send the message")
    clerk.go(path("dossiers:messages", first.pk))
    assert clerk.sees("Đã đúng, cảm ơn anh chị.")

    # … and both are admitted.
    for dossier in (first, second):
        officer.go(path("dossiers:check", dossier.pk))
        officer.page.locator("form[data-admit] button").click()
        officer.press(
            "Eligible", "button", within="#admit-dialog[open]"
        )  # the page lists the marks and asks once more
        dossier.refresh_from_db()
        assert dossier.stage == Stage.ELIGIBLE

    # The secretary publishes the criteria and seats the council.
    secretary.sign_in("thu-ky@kip.test").go(path("programme:season_desk", year))
    secretary.page.check('main [name="understood"]')
    secretary.press("Publish these criteria")
    season.refresh_from_db()
    assert season.rubric is not None
    secretary.go(path("evaluations:council", year))
    secretary.fill(decision_number="0001/QĐ-UBND", decision_date=timezone.localdate().strftime("%d/%m/%Y"))
    secretary.press("Record the decision")
    for index, name in ((1, "Trần Thị Bích"), (2, "Phạm Quang Đức")):
        secretary.go(path("evaluations:council", year))
        with_email = secretary.page.locator('main [name="new-email"]')
        with_email.locator("xpath=ancestor::details").evaluate_all("all => all.forEach(d => d.open = true)")
        with_email.fill(f"uy-vien-{index}@kip.test")
        secretary.fill(**{"new-full_name": name})
        secretary.page.select_option('main [name="new-position"]', "chair" if index == 1 else "member")
        secretary.press("Open the account and seat")

    # Members declare that they have no interest; the secretary assigns and opens.
    for index, member in enumerate(members, start=1):
        member.sign_in(f"uy-vien-{index}@kip.test").go(path("evaluations:interests"))
        member.press("No conflict with all the rest")
    # Registration is over; the window of the council has come.
    begun = timezone.now()
    Season.objects.update(registration_closes_at=begun, scoring_opens_at=begun)
    secretary.go(path("evaluations:assignment", year)).press("Try", "assignment").press("Keep this assignment")
    secretary.go(path("evaluations:assignment", year)).press("Open scoring")
    assert set(Dossier.objects.values_list("stage", flat=True)) == {Stage.SCORING}

    # Members score on the sheet and sign; the first dossier gets the better marks.
    for member in members:
        for dossier, share in ((first, 1), (second, 0.8)):
            member.go(path("evaluations:sheet", dossier.pk))
            boxes = member.page.locator('main input[name^="points-"]')
            for place, most in enumerate((15, 20, 10, 15, 15, 15, 5, 5)):
                boxes.nth(place).fill(str(most * share).replace(".", ","))
            member.send(member.page.locator('main button[name="do"][value="sign"]'))
            member.press("Sign the sheet")

    # The secretary closes; a worker computes the result.
    secretary.go(path("evaluations:close_session", year))
    for box in secretary.page.locator('main input[type="checkbox"]').all():
        box.check()
    secretary.press("Close the session")
    with beat(tmp_path), worker(tmp_path):
        wait_for(lambda: Result.objects.count() == 2, 40, "the result")
        secretary.go(path("evaluations:ranking", year))
        assert secretary.sees("100")
        ranked = dict(Result.objects.values_list("dossier_id", "rank"))
        assert ranked == {first.pk: 1, second.pk: 2}

        # The list is published for comment, without a score; a citizen comments.
        secretary.go(path("decisions:comments", year))
        secretary.page.check('main [name="confirmed"]')
        secretary.press("Publish the list")
        citizen = person()
        citizen.go(f"/ky-xet-chon/{year}/")
        assert citizen.sees("Robot hàn hồ quang 6 trục")
        citizen.fill(name="Bà Mai", contact="mai@example.vn", text="Sản phẩm rất tốt.")
        citizen.send(citizen.page.locator('main form:has([name="contact"]) button').first)
        secretary.go(path("decisions:comments", year))
        assert secretary.sees("Sản phẩm rất tốt.")

        # Ten days pass; the comments are reported and the decision is prepared: nothing of it is public.
        past = timezone.now() - timedelta(minutes=1)
        Season.objects.update(
            registration_opens_at=past - timedelta(days=40),
            registration_closes_at=past - timedelta(days=30),
            scoring_opens_at=past - timedelta(days=30),
            scoring_closes_at=past - timedelta(days=20),
            comment_opens_at=past - timedelta(days=10),
            comment_closes_at=past,
        )
        PublishedList.objects.update(comment_opens_at=past - timedelta(days=10), comment_closes_at=past)
        officer.go(path("decisions:comments", year))
        officer.page.locator("main details summary").first.click()
        officer.page.fill('main textarea[name$="-text"]', "Cảm ơn bà.")
        officer.press("Keep the reply")
        secretary.go(path("decisions:comments", year)).fill(conclusion="Một ý kiến ủng hộ.").press("Close the report")
        secretary.go(path("decisions:decision", year))
        secretary.fill(
            number="5012/QĐ-UBND",
            signed_date=timezone.localdate().strftime("%d/%m/%Y"),
            signer_name="Nguyễn Văn Ký",
            signer_position="Phó Chủ tịch",
        )
        secretary.press("Check and continue").press("Prepare the decision")
        assert not Recognition.objects.exists()

        # The signatory compares it with the minutes and confirms; it is released at its hour.
        signatory.sign_in("nguoi-ky@kip.test").go(path("decisions:decision", year))
        signatory.fill(typed="00000000").press("Confirm the decision")
        assert not Recognition.objects.exists()
        signatory.fill(typed=ResultRun.objects.get().result_digest[:8]).press("Confirm the decision")
        wait_for(lambda: Recognition.objects.count() == 2, 40, "the release")

        # The secretary has the certificates drafted; the signatory looks at them, and they are signed.
        secretary.go(path("decisions:certificates", year)).press("Make the drafts")
        papers = Certificate.objects.filter(recognition__season_year=year)
        wait_for(lambda: not papers.filter(draft=None).exists(), 60, "the drafts")
        signatory.go(path("decisions:to_sign"))
        signatory.go(path("decisions:certificates", year))
        signatory.page.check('main [name="looked"]')
        signatory.press("Approve and sign")
        wait_for(lambda: not papers.filter(issued_at=None).exists(), 60, "the certificates")
    secretary.go(path("decisions:certificates", year))
    certificate = Certificate.objects.get(recognition__product__source_id=first.product_id, kind="product")
    assert secretary.sees(certificate.serial)

    # The citizen finds the product without typing accents, and its certificate is valid.
    citizen.go("/san-pham/?q=robot+han+ho+quang")
    citizen.send(citizen.page.get_by_role("link", name="Robot hàn hồ quang 6 trục").first)
    assert citizen.sees("5012/QĐ-UBND")
    citizen.go(f"/v/{certificate.serial}")
    assert citizen.sees(citizen.words("Valid", "certificate"))
    pdf = citizen.page.request.get(f"{citizen.address}/v/{certificate.serial}/pdf")
    assert pdf.body().startswith(b"%PDF")

    # The clerk sees it too; a revocation changes page and API at once.
    clerk.go("/ho-so/")
    assert clerk.sees(clerk.words("Recognised", "stage"))
    recognition = Recognition.objects.get(product__source_id=first.product_id)
    officer.go(path("decisions:revoke", year, recognition.pk))
    officer.choose(ground="own_request")
    officer.fill(document="15/QĐ-UBND", reason="Doanh nghiệp đề nghị.")
    officer.page.check('main [name="confirmed"]')
    officer.press("Revoke the recognition")
    citizen.go(f"/v/{certificate.serial}")
    assert citizen.sees(citizen.words("Revoked", "certificate"))
    answer = citizen.page.request.get(f"{citizen.address}/api/v1/recognitions?status=revoked").json()
    assert [r["certificate_serial"] for r in answer["results"]] == [certificate.serial]
    call_command("verify_audit")
    call_command("recompute_results", check=True)
