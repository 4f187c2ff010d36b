"""Files on their way in a real browser: several at once, over a line that breaks, after a reload, without script."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from dossiers.models import Document, Upload
from tests.core.clamd import Clamd
from tests.dossiers import corpus
from tests.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def dossier(transactional_db):
    story = Story(now=timezone.now(), year=timezone.now().year)
    story.receive(story.now - timedelta(days=300), story.now + timedelta(days=300))
    return story.draft()


@pytest.fixture
def clerk(dossier, person):
    def sign_in(**options):
        one = person(**options)
        one.sign_in("clerk@kip.test").go(f"/ho-so/{dossier.pk}/giay-to/")
        return one

    return sign_in


def file_of(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return str(path)


def long_pdf(mark="long", megabytes=3):
    whole = corpus.pdf(mark)
    return whole[:9] + b"%" + b"x" * (megabytes * 1024 * 1024) + b"\n" + whole[9:]


def held(page, slot):
    return page.locator(f"#slot-{slot} [data-file]")


def test_several_files_at_once_each_with_its_bar(clerk, dossier, tmp_path):
    one = clerk()
    names = [f"anh {n}.png" for n in range(4)]
    one.page.set_input_files(
        "#files-photos", [file_of(tmp_path, n, corpus.picture(size=(60 + len(n), 50))) for n in names[:1]]
    )
    held(one.page, "photos").nth(0).wait_for()
    one.page.set_input_files("#files-awards", [file_of(tmp_path, f"{n}.pdf", corpus.pdf(str(n))) for n in range(3)])
    held(one.page, "awards").nth(2).wait_for()

    assert one.page.locator("#slot-awards .upload-entry").count() == 0
    assert Document.objects.filter(dossier=dossier).count() == 4
    small = one.page.locator("#slot-photos .paper-picture img")
    small.scroll_into_view_if_needed()
    assert small.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_a_broken_line_goes_on_by_itself_from_where_it_stopped(clerk, dossier, tmp_path):
    one = clerk()
    pieces = []

    def break_after_one(route):
        pieces.append(route.request.url.rpartition("=")[2])
        if len(pieces) == 2:
            one.page.context.set_offline(True)
            route.abort("internetdisconnected")
        else:
            route.continue_()

    one.page.route("**/tai-len/*/?offset=*", break_after_one)
    one.page.set_input_files("#files-awards", file_of(tmp_path, "dai.pdf", long_pdf()))
    one.page.locator("#slot-awards .upload-entry.lost").wait_for()
    assert Upload.objects.get().received_bytes == 1024 * 1024
    one.page.context.set_offline(False)
    held(one.page, "awards").wait_for()

    assert pieces == ["0", "1048576", "1048576", "2097152", "3145728"]
    assert Document.objects.get(dossier=dossier).file.size_bytes == len(long_pdf())


def test_a_reload_in_the_middle_loses_nothing(clerk, dossier, tmp_path):
    one = clerk()
    one.page.route("**/tai-len/*/?offset=1048576", lambda route: route.abort())
    one.page.set_input_files("#files-awards", file_of(tmp_path, "dai.pdf", long_pdf()))
    one.page.locator("#slot-awards .upload-entry.lost").wait_for()
    one.page.unroute("**/tai-len/*/?offset=1048576")
    one.page.reload()

    held(one.page, "awards").wait_for()

    assert Upload.objects.count() == 1
    assert Document.objects.get(dossier=dossier).file.size_bytes == len(long_pdf())


def test_pause_go_on_and_give_up(clerk, dossier, tmp_path):
    one = clerk()
    one.page.route("**/tai-len/*/?offset=1048576", lambda route: route.abort())
    one.page.set_input_files("#files-awards", file_of(tmp_path, "dai.pdf", long_pdf()))
    entry = one.page.locator("#slot-awards .upload-entry")
    one.page.locator("#slot-awards .upload-entry.lost").wait_for()
    entry.get_by_role("button", name=one.words("Pause", "upload")).click()
    one.page.locator("#slot-awards .upload-entry.paused").wait_for()
    one.page.unroute("**/tai-len/*/?offset=1048576")
    entry.get_by_role("button", name=one.words("Go on", "upload")).click()
    held(one.page, "awards").wait_for()

    one.page.route("**/tai-len/*/?offset=1048576", lambda route: route.abort())
    one.page.set_input_files("#files-awards", file_of(tmp_path, "hai.pdf", long_pdf("two")))
    one.page.locator("#slot-awards .upload-entry.lost").wait_for()
    with one.page.expect_response(lambda r: r.request.method == "DELETE"):
        entry.get_by_role("button", name=one.words("Give up", "upload")).click()
    assert entry.count() == 0
    assert Document.objects.filter(dossier=dossier).count() == 1


def test_a_refused_file_says_why_beside_its_bar(clerk, dossier, tmp_path):
    one = clerk()
    content = corpus.opens_with(S=corpus.pikepdf.Name.JavaScript, JS=corpus.pikepdf.String("app.alert(1)"))
    one.page.set_input_files("#files-awards", file_of(tmp_path, "xau.pdf", content))
    failed = one.page.locator("#slot-awards .upload-entry.failed")
    failed.wait_for()

    assert one.words("This PDF contains scripts or commands. Print it to a new PDF and upload that one.") in (
        failed.inner_text()
    )
    assert not Document.objects.exists()


def test_a_dropped_file_lands_in_its_slot(clerk, dossier):
    one = clerk()
    one.page.evaluate(
        """([bytes]) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "tha.pdf", {type: "application/pdf"}));
            const slot = document.querySelector("#slot-environment_papers h2");
            for (const kind of ["dragover", "drop"])
                slot.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        [list(corpus.pdf("dropped"))],
    )
    held(one.page, "environment_papers").wait_for()

    assert Document.objects.get().name == "tha.pdf"


def test_order_remove_undo_details_and_preview_by_keyboard(clerk, dossier, tmp_path):
    one = clerk()
    page = one.page
    slot = page.locator("#slot-quality_certificates")
    paths = [file_of(tmp_path, f"{n}.pdf", corpus.pdf(n)) for n in ("mot", "hai")]
    for number, path in enumerate(paths):
        page.set_input_files("#files-quality_certificates", path)
        held(page, "quality_certificates").nth(number).wait_for()

    slot.locator("[data-file]").nth(1).locator("[data-act=up]").focus()
    page.keyboard.press("Enter")
    expect(slot.locator("[data-file] .file-line a")).to_have_text(["hai.pdf", "mot.pdf"])
    # The keyboard stays on the file that moved.
    expect(slot.locator("[data-file]").first.locator("[data-act=down]")).to_be_focused()

    issuer = slot.locator("[data-file]").first.locator("[name=issuer]")
    issuer.fill("QUACERT")
    slot.locator("[data-file]").first.locator("[name=valid_until]").fill("31/12/2030")
    page.keyboard.press("Tab")
    slot.locator("[data-details-note]").first.get_by_text(one.words("Saved", "autosave")).wait_for()
    assert Document.objects.get(name="hai.pdf").issuer == "QUACERT"

    slot.locator("[data-file]").first.locator("[data-preview]").focus()
    page.keyboard.press("Enter")
    page.locator("dialog[open] iframe").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog[open]").wait_for(state="detached")

    slot.locator("[data-file]").first.locator("[data-act=remove]").focus()
    page.keyboard.press("Enter")
    slot.locator(".removed-files [data-act=back]").wait_for()
    assert held(page, "quality_certificates").count() == 1
    slot.locator(".removed-files [data-act=back]").focus()
    page.keyboard.press("Enter")
    held(page, "quality_certificates").nth(1).wait_for()


def test_a_waiting_scan_shows_its_outcome_by_itself(clerk, dossier, tmp_path, settings):
    from core import jobs
    from core.models import Job

    clamd = Clamd()
    settings.CLAMD = clamd.url
    try:
        one = clerk()
        one.page.set_input_files("#files-awards", file_of(tmp_path, "eicar.pdf", corpus.infected()[0][1]))
        one.page.locator('#slot-awards [data-scan="waiting"]').wait_for()
        assert jobs.perform(Job.objects.get(kind="document.scan").pk)
        one.page.locator('#slot-awards [data-scan="infected"]').wait_for()
        assert one.sees("Eicar-Test-Signature")
    finally:
        clamd.close()


def test_without_script_the_plain_form_does_the_same(clerk, dossier, tmp_path):
    one = clerk(java_script_enabled=False)
    one.page.set_input_files("#files-awards", [file_of(tmp_path, f"{n}.pdf", corpus.pdf(n)) for n in ("a", "b")])
    one.send(one.page.locator("#slot-awards form[data-upload] button[type=submit]"))
    assert held(one.page, "awards").count() == 2
    one.send(held(one.page, "awards").nth(1).locator("[data-act=up]"))
    assert held(one.page, "awards").first.locator("a").first.inner_text().strip() == "b.pdf"
    one.send(held(one.page, "awards").first.locator("[data-act=remove]"))
    one.send(one.page.locator("#slot-awards .removed-files [data-act=back]"))
    assert held(one.page, "awards").count() == 2
