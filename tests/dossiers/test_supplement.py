"""A supplement: only what was asked for is open, nothing unchanged is an answer, and nobody can forget it."""

from datetime import timedelta

import pytest

from core.errors import Refused
from core.models import AuditEvent
from dossiers import actions, desk_queries, doors, supplements
from dossiers.models import Document, Dossier, Stage, SupplementRequest
from mail.models import Letter
from tests.dossiers.applicant import pdf, signed_in, tell_time, upload, url, words
from tests.story import Story

pytestmark = pytest.mark.django_db
FIGURES_ASKED = actions.Asked("figures", "contradicts", "Doanh thu khác báo cáo tài chính.")
PAPER_ASKED = actions.Asked("quality_certificates", "expired", "Chứng nhận ISO đã hết hạn.")


@pytest.fixture(autouse=True)
def _clock(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)


@pytest.fixture
def client(story):
    story.enterprise()
    return signed_in(story.person("clerk"))


def asked_for(story: Story, *asked: actions.Asked) -> Dossier:
    dossier = story.checking()
    actions.request_supplement(
        dossier=dossier, defects=asked, message="Đề nghị bổ sung.", by=story.officer, at=story.tick()
    )
    return Dossier.objects.get(pk=dossier.pk)


def refused(act) -> list[str]:
    with pytest.raises(Refused) as error:
        act()
    return error.value.reasons


def send(story: Story, dossier: Dossier) -> Dossier:
    return actions.answer_supplement(dossier=dossier, by=story.person("clerk"), at=story.tick())


def mend_figures(story: Story, dossier: Dossier, workers: int = 321) -> None:
    year = dossier.season.year - 1
    actions.report_figures(
        dossier=dossier, figures={year: {"workers": workers}}, by=story.person("clerk"), at=story.tick()
    )


# --- what is open -------------------------------------------------------------------------------------
def test_only_the_papers_and_parts_that_were_asked_for_are_open(story):
    dossier = asked_for(story, PAPER_ASKED, FIGURES_ASKED)

    assert supplements.opens(dossier, "figures")
    assert supplements.opens(dossier, "papers", "quality_certificates")
    assert not supplements.opens(dossier, "papers", "application_form")
    assert not supplements.opens(dossier, "product")
    assert not supplements.opens(dossier, "enterprise")
    assert not supplements.opens(dossier, "undertakings")
    assert supplements.opens(dossier, "papers"), "the page of the papers, because one of them is open"


def test_a_draft_is_all_open(story):
    draft = story.draft()

    assert all(supplements.opens(draft, part) for part in ("enterprise", "product", "figures", "undertakings"))
    assert supplements.opens(draft, "papers", "application_form")


def test_every_act_on_something_closed_is_refused_and_changes_nothing(story):
    dossier = asked_for(story, PAPER_ASKED)
    by = story.person("clerk")
    other = dossier.documents.get(paper="application_form")
    before = (Dossier.objects.values().get(), list(Document.objects.values()), list(dossier.figures.values()))

    for act in (
        lambda: actions.describe(dossier=dossier, description="Khác hẳn.", by=by, at=story.tick()),
        lambda: actions.describe(dossier=dossier, contact_phone="1", by=by, at=story.tick()),
        lambda: actions.describe_product(
            dossier=dossier, product_facts={"summary_vi": "Khác."}, by=by, at=story.tick()
        ),
        lambda: mend_figures(story, dossier),
        lambda: actions.give_undertakings(dossier=dossier, by=by, at=story.tick()),
        lambda: story.attach(dossier, "application_form", content=b"%PDF-1.4 other"),
        lambda: actions.remove_document(document=other, by=by, at=story.tick()),
    ):
        assert refused(act)

    assert before == (Dossier.objects.values().get(), list(Document.objects.values()), list(dossier.figures.values()))


def test_what_is_closed_is_read_only_on_its_page(story, client):
    dossier = asked_for(story, PAPER_ASKED)

    closed = words(client.get(url("figures", dossier)))

    assert '<fieldset disabled class="closed-part">' in closed
    assert "Sở không yêu cầu bổ sung phần này" in closed
    assert "closed-part" not in words(client.get(url("papers", dossier)))


def test_an_upload_into_a_closed_slot_is_refused_with_its_name(story, client):
    dossier = asked_for(story, PAPER_ASKED)

    answer = client.post(url("papers", dossier), {"paper": "application_form", "files": upload("Đơn.pdf", pdf("x"))})

    assert "giữ nguyên như đã nộp" in words(answer)
    assert Document.objects.filter(paper="application_form").count() == 1


# --- unchanged is no answer ---------------------------------------------------------------------------
def test_a_resubmission_names_each_thing_that_did_not_change(story):
    dossier = asked_for(story, PAPER_ASKED, FIGURES_ASKED)

    assert len(refused(lambda: send(story, dossier))) == 2
    mend_figures(story, dossier)
    reasons = refused(lambda: send(story, dossier))
    assert len(reasons) == 1
    assert supplements.name_of("quality_certificates") in reasons[0]
    story.attach(dossier, "quality_certificates", content=b"%PDF-1.4 new")
    assert send(story, dossier).stage == Stage.CHECKING


def test_the_same_bytes_again_are_no_new_file(story):
    dossier = asked_for(story, PAPER_ASKED)
    by, old = story.person("clerk"), dossier.documents.get(paper="quality_certificates")

    actions.remove_document(document=old, by=by, at=story.tick())
    story.attach(dossier, "quality_certificates", content=b"%PDF-1.4 quality_certificates")

    assert dossier.documents.filter(paper="quality_certificates", removed_at=None).get().file_id == old.file_id
    assert len(refused(lambda: send(story, dossier))) == 1


def test_a_figure_changed_and_changed_back_is_no_answer(story):
    dossier = asked_for(story, FIGURES_ASKED)

    mend_figures(story, dossier, 321)
    mend_figures(story, dossier, 200)

    assert len(refused(lambda: send(story, dossier))) == 1


@pytest.mark.parametrize("part", ["enterprise", "product", "figures", "undertakings"])
def test_each_part_can_be_mended_when_it_was_asked_for(story, part):
    dossier = asked_for(story, actions.Asked(part, "incomplete", "Đề nghị bổ sung."))
    by = story.person("clerk")
    assert refused(lambda: send(story, dossier))

    if part == "enterprise":
        actions.describe(dossier=dossier, contact_phone="024 1111 1111", by=by, at=story.tick())
    elif part == "product":
        actions.describe_product(dossier=dossier, product_facts={"summary_vi": "Khác hẳn."}, by=by, at=story.tick())
    elif part == "figures":
        mend_figures(story, dossier)
    else:
        actions.give_undertakings(dossier=dossier, by=by, at=story.tick())

    assert send(story, dossier).stage == Stage.CHECKING


def test_a_second_request_compares_with_the_answer_to_the_first(story):
    dossier = asked_for(story, PAPER_ASKED)
    story.attach(dossier, "quality_certificates", content=b"%PDF-1.4 second")
    send(story, dossier)
    actions.request_supplement(dossier=dossier, defects=[PAPER_ASKED], by=story.officer, at=story.tick())
    dossier = Dossier.objects.get(pk=dossier.pk)

    by = story.person("clerk")
    for document in dossier.documents.filter(paper="quality_certificates", removed_at=None):
        actions.remove_document(document=document, by=by, at=story.tick())
    story.attach(dossier, "quality_certificates", content=b"%PDF-1.4 second")
    assert refused(lambda: send(story, dossier))
    story.attach(dossier, "quality_certificates", content=b"%PDF-1.4 third")
    assert send(story, dossier).stage == Stage.CHECKING


def test_what_lacks_in_closed_parts_does_not_lock_the_enterprise_in(story):
    """A dossier from the counter lacks much; the officer asked for one paper, which can be answered."""
    product = story.product()
    dossier = actions.receive_on_paper(
        season=story.season(), product=product, track="standard", received_at=story.now, by=story.officer,
        at=story.tick(),
    )  # fmt: skip
    actions.request_supplement(dossier=dossier, defects=[PAPER_ASKED], by=story.officer, at=story.tick())
    story.attach(dossier, "quality_certificates", content=b"%PDF-1.4 new")

    assert send(story, dossier).stage == Stage.CHECKING


# --- the page -----------------------------------------------------------------------------------------
def test_the_page_has_a_card_for_each_thing_with_old_file_and_new_slot(story, client):
    dossier = asked_for(story, PAPER_ASKED, FIGURES_ASKED)

    page = words(client.get(url("supplement", dossier)))

    assert page.count('<li class="defect"') == 2
    assert "Chứng nhận ISO đã hết hạn." in page
    assert "Đề nghị bổ sung." in page
    assert "quality_certificates.pdf" in page
    assert 'name="paper" value="quality_certificates"' in page
    assert "Đã sửa 0 trong 2 nội dung" in page
    assert f'href="{url("figures", dossier)}"' in page


def test_a_file_is_given_on_the_card_and_the_page_comes_back_to_it(story, client):
    dossier = asked_for(story, PAPER_ASKED)
    given = {"paper": "quality_certificates", "files": upload("ISO mới.pdf", pdf("new")), "from": "supplement"}

    answer = client.post(url("papers", dossier), given)

    assert answer.url == f"{url('supplement', dossier)}#item-quality_certificates"
    page = words(client.get(url("supplement", dossier)))
    assert "Đã sửa 1 trong 1 nội dung" in page
    assert "ISO mới.pdf" in page
    assert client.post(url("supplement", dossier)).url == url("follow", dossier)
    assert Dossier.objects.get().stage == Stage.CHECKING
    assert client.post(url("supplement", dossier)).url == url("follow", dossier)


def test_a_refused_sending_lists_the_reasons(story, client):
    dossier = asked_for(story, PAPER_ASKED, FIGURES_ASKED)

    answer = client.post(url("supplement", dossier))

    assert answer.status_code == 409
    assert "cần tệp mới" in words(answer)
    assert "chưa có gì thay đổi" in words(answer)
    assert Dossier.objects.get().stage == Stage.SUPPLEMENT


def test_the_banner_stands_on_every_page_of_the_enterprise_and_goes_with_the_answer(story, client):
    dossier = asked_for(story, PAPER_ASKED)
    pages = [url("dossier", dossier), url("papers", dossier), url("follow", dossier), url("messages", dossier)]

    for page in pages:
        text = words(client.get(page))
        assert text.count('class="supplement-banner"') == 1, page
        assert "còn 10 ngày" in text, page
    stranger = story.enterprise("song-to").representatives.get().user
    assert "supplement-banner" not in words(signed_in(stranger).get(url("mine")))
    story.attach(dossier, "quality_certificates", content=b"%PDF-1.4 new")
    send(story, dossier)
    assert "supplement-banner" not in words(client.get(url("follow", dossier)))


def test_whoever_only_fills_in_reads_who_sends(story):
    from enterprises.models import Representative

    dossier = asked_for(story, PAPER_ASKED)
    Representative.objects.update(role="fills_in")

    page = words(signed_in(story.person("clerk")).get(url("supplement", dossier)))

    assert "Người ký thay doanh nghiệp mới gửi được" in page
    assert 'data-once class="actions"' not in page


# --- late, and more time ------------------------------------------------------------------------------
def test_after_the_term_the_consequence_and_the_way_out_are_said(story):
    dossier = asked_for(story, PAPER_ASKED)
    story.tick(days=11)
    client = signed_in(story.person("clerk"))

    page = words(client.get(url("supplement", dossier)))

    assert "Đã quá hạn" in page
    assert "Sở cũng có thể gia hạn một lần" in page
    assert url("messages", dossier) in page
    assert "Hạn bổ sung là ngày" in words(client.post(url("supplement", dossier)))
    assert Dossier.objects.get().stage == Stage.SUPPLEMENT


def test_a_late_supplement_is_among_the_overdue_of_the_desk(story):
    dossier = asked_for(story, PAPER_ASKED)
    (line,) = desk_queries.desk_lines(story.season(), for_user=story.officer)
    due = dossier.supplements.get().due_date

    assert not doors.is_overdue(line, due)
    assert doors.is_overdue(line, due + timedelta(days=1))


def test_an_extension_moves_the_term_once_and_tells_everybody(story):
    dossier = asked_for(story, PAPER_ASKED)
    request = dossier.supplements.get()
    first, until = request.due_date, request.due_date + timedelta(days=5)
    story.tick(days=11)

    actions.extend_supplement(request=request, until=until, reason="Chờ kết quả.", by=story.officer, at=story.tick())

    request.refresh_from_db()
    assert (request.first_due_date, request.due_date) == (first, until)
    assert AuditEvent.objects.filter(act="supplement.extended").count() == 1
    letter = Letter.objects.get(kind="supplement_extended")
    assert "Chờ kết quả" in letter.text
    assert f"{until:%d/%m/%Y}" in letter.text
    again = refused(
        lambda: actions.extend_supplement(
            request=request, until=until + timedelta(days=1), reason="Nữa.", by=story.officer, at=story.tick()
        )
    )
    assert str(story.officer) in again[0]
    story.attach(dossier, "quality_certificates", content=b"%PDF-1.4 late")
    assert send(story, dossier).stage == Stage.CHECKING


@pytest.mark.parametrize(("days", "reason"), [(0, "Chờ."), (-3, "Chờ."), (11, "Chờ."), (5, "  ")])
def test_an_extension_needs_a_later_day_within_the_limit_and_a_reason(story, days, reason):
    request = asked_for(story, PAPER_ASKED).supplements.get()
    until = request.due_date + timedelta(days=days)

    assert refused(
        lambda: actions.extend_supplement(
            request=request, until=until, reason=reason, by=story.officer, at=story.tick()
        )
    )
    assert SupplementRequest.objects.get().extended_at is None


def test_the_officer_extends_on_the_page_and_nobody_else_can(story):
    dossier = asked_for(story, PAPER_ASKED)
    until = dossier.supplements.get().due_date + timedelta(days=3)
    given = {"until": f"{until:%d/%m/%Y}", "reason": "Chờ kết quả."}

    for other in (story.person("clerk"), story.secretary):
        assert signed_in(other).post(url("extend_supplement", dossier), given).status_code == 404
    client = signed_in(story.officer)
    assert client.post(url("extend_supplement", dossier), {}).status_code == 409
    assert client.post(url("extend_supplement", dossier), given).status_code == 302

    assert SupplementRequest.objects.get().due_date == until


# --- two officers -------------------------------------------------------------------------------------
def test_the_second_of_two_officers_hears_who_was_faster_and_where_it_stands(story):
    from accounts.models import Role

    dossier = story.checking()
    stale = Dossier.objects.get(pk=dossier.pk)
    other = story.person("second", Role.OFFICER)
    actions.request_supplement(dossier=dossier, defects=[PAPER_ASKED], by=story.officer, at=story.tick())

    for act in (
        lambda: actions.admit(dossier=stale, by=other, at=story.tick()),
        lambda: actions.request_supplement(dossier=stale, defects=[PAPER_ASKED], by=other, at=story.tick()),
    ):
        (reason,) = refused(act)
        assert str(story.officer) in reason
        assert "Cần bổ sung" in reason
    assert SupplementRequest.objects.count() == 1
