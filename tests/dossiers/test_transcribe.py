"""A dossier on paper goes the whole way: typed in, answered and withdrawn at the counter, followed online."""

import json
import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Role
from core.errors import Refused
from core.models import AuditEvent
from dossiers import actions, queries, workflow
from dossiers.actions.scans import attach_scan
from dossiers.forms import mark_of
from dossiers.models import Dossier, FieldChange, Stage
from dossiers.papers import required_on
from enterprises.actions import add_representative, answer_join_request, open_registered_account
from enterprises.models import JoinRequest
from evaluations import actions as evaluations
from mail.models import Letter
from products.models import Product
from tests.dossiers.applicant import signed_in, tell_time, words
from tests.dossiers.desk import url

pytestmark = pytest.mark.django_db
DESCRIPTION = "Máy biến áp khô cho lưới điện thành phố. " * 4
ASKED = actions.Asked("quality_certificates", "expired", "Chứng nhận ISO đã hết hạn.")
FIGURES_ASKED = actions.Asked("figures", "incomplete", "Thiếu số lao động.")


@pytest.fixture(autouse=True)
def _clock(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)


@pytest.fixture
def officer(story):
    return signed_in(story.officer)


def fields_of(text: str) -> dict[str, str]:
    """The form as a browser would send it back unchanged."""
    form = re.search(r'<form method="post" novalidate class="typed".*?</form>', text, re.S)[0]
    found = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="radio"' not in tag:
            found[name[1]] = plain(value[1]) if value else ""
    for name, value in re.findall(r'<textarea name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        found[name] = plain(value)
    for name, inside in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        found[name] = chosen[1] if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


def plain(text: str) -> str:
    for entity, sign in (("&quot;", '"'), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text


def typed() -> dict[str, str]:
    """Everything that a complete paper dossier says, as it is typed in Vietnamese."""
    found = {
        "contact_name": "Lê Thị An",
        "contact_phone": "024 1234 5678",
        "contact_email": "an@giay.test",
        "summary_vi": "Máy biến áp khô.",
        "description": DESCRIPTION,
        "technology": "Dây chuyền tự động.",
        "undertakings_by_name": "Trần Văn Thử",
        "undertakings_on": "01/08/2026",
    }
    for year in (2023, 2024, 2025):
        found |= {
            f"revenue_vnd_billion_{year}": "1.150,5",
            f"export_usd_million_{year}": "2",
            f"workers_{year}": "1.200",
        }
    return found


def type_in(client, dossier, **changes):
    """Open the page, type, press the button."""
    address = url("transcribe", dossier.pk)
    return client.post(address, fields_of(words(client.get(address))) | changes)


def scan(story, dossier, paper, content=None):
    attach_scan(
        dossier=dossier, paper=paper, name=f"{paper}.pdf", content=content or b"%PDF-1.4 scan " + paper.encode(),
        media_type="application/pdf", by=story.officer, at=story.tick(),
    )  # fmt: skip


def all_scans(story, dossier):
    for paper in required_on(dossier.track):
        scan(story, dossier, paper.code)
    for side in (b"left", b"right"):
        scan(story, dossier, "photos", b"%PDF-1.4 " + side)


def asked(story, *defects, dossier=None):
    dossier = dossier or story.on_paper()
    actions.request_supplement(
        dossier=dossier, defects=defects or [ASKED], message="Đề nghị bổ sung.", by=story.officer, at=story.tick()
    )
    return Dossier.objects.get(pk=dossier.pk)


def refused(act) -> list[str]:
    with pytest.raises(Refused) as error:
        act()
    return error.value.reasons


def signer(story, dossier, key="signer"):
    person = story.person(key)
    add_representative(enterprise=dossier.enterprise, user=person, by=story.officer, at=story.tick())
    return person


# --- the whole way ------------------------------------------------------------------------------------
def test_a_paper_dossier_goes_from_the_counter_to_the_council(story, officer):
    dossier = story.on_paper()
    assert actions.why_not_transcribed(dossier) == []
    assert len(refused(lambda: actions.admit(dossier=dossier, by=story.officer, at=story.tick()))) > 10

    answer = type_in(officer, dossier, **typed())
    assert answer.status_code == 302
    all_scans(story, dossier)
    page = words(officer.get(url("transcribe", dossier.pk)))
    assert "để đủ điều kiện" not in page
    assert officer.post(url("admit", dossier.pk)).status_code == 302

    dossier = Dossier.objects.get(pk=dossier.pk)
    assert dossier.stage == Stage.ELIGIBLE
    assert dossier.description == DESCRIPTION.strip()
    figure = dossier.figures.get(year=2025)
    assert (figure.revenue_vnd_billion, figure.workers) == (Decimal("1150.5"), 1200)
    assert dossier.product.summary_vi == "Máy biến áp khô."
    assert (dossier.undertakings_by_name, timezone.localdate(dossier.undertakings_at)) == (
        "Trần Văn Thử", date(2026, 8, 1),
    )  # fmt: skip
    # What was typed and scanned is the version that later years and comparisons read.
    last = dossier.versions.order_by("-number").first()
    assert last.content["product"]["description"] == DESCRIPTION.strip()
    assert len(last.content["documents"]["photos"]) == 3

    story.declared()
    evaluations.assign(season=story.season(), by=story.secretary, at=story.tick())
    story.open_session()
    dossier.refresh_from_db()
    assert dossier.stage == Stage.SCORING
    sheet = words(signed_in(story.seats()[0].user).get(f"/hoi-dong/{dossier.pk}/"))
    assert "Dây chuyền tự động." in sheet


def test_each_saving_is_in_the_log_by_the_names_of_its_fields(story, officer):
    dossier = story.on_paper()

    type_in(officer, dossier, contact_name="Lê Thị An", workers_2025="12")

    event = AuditEvent.objects.get(act="dossier.transcribed")
    assert event.actor_id == story.officer.pk
    assert set(event.detail["fields"]) == {"contact_name", "workers_2025"}
    assert "Lê Thị An" not in json.dumps(event.detail, ensure_ascii=False)
    assert set(FieldChange.objects.values_list("part", "name")) == {
        ("enterprise", "contact_name"), ("figures", "workers_2025"),
    }  # fmt: skip


def test_saving_without_a_change_writes_nothing(story, officer):
    dossier = story.on_paper()
    type_in(officer, dossier, **typed())
    before = Dossier.objects.get(pk=dossier.pk).changed_at

    assert type_in(officer, dossier).status_code == 302

    assert Dossier.objects.get(pk=dossier.pk).changed_at == before
    assert AuditEvent.objects.filter(act="dossier.transcribed").count() == 1


def test_the_button_to_the_check_leads_there_and_the_other_one_stays(story, officer):
    dossier = story.on_paper()

    assert type_in(officer, dossier, contact_name="A").url.startswith(url("transcribe", dossier.pk))
    assert type_in(officer, dossier, to_check="1").url.startswith(url("check", dossier.pk) + "?")


def test_the_track_asks_for_its_basis(story, officer):
    hi_tech, standard = story.on_paper(track="hi_tech"), story.on_paper()

    type_in(officer, hi_tech, track_basis="Danh mục 38/2020, mục 1")

    assert Dossier.objects.get(pk=hi_tech.pk).track_basis == "Danh mục 38/2020, mục 1"
    assert 'name="track_basis"' not in words(officer.get(url("transcribe", standard.pk)))


# --- nothing that was typed is lost -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("workers_2025", "nhiều", "hãy nhập một số"),
        ("revenue_vnd_billion_2024", "-1", "số âm"),
        ("contact_email", "an@", "email"),
        ("name_vi", "", "Nhập tên"),
        ("hs_code", "12x", "HS"),
        ("sector", "99999", "chọn nhóm ngành trong danh sách"),
        ("undertakings_on", "32/13/2026", "Ghi ngày theo dạng"),
        ("undertakings_on", "01/01/2030", "tương lai"),
        ("undertakings_by_name", "", "Nhập người ký cam kết"),
        ("description", "x" * 6001, "6000"),
    ],
)
def test_an_error_shows_all_that_was_typed_again_and_saves_nothing(story, officer, field, value, said):
    dossier = story.on_paper()
    given = typed() | {field: value}

    answer = type_in(officer, dossier, **given)

    assert answer.status_code == 409
    page = words(answer)
    assert said.lower() in page.lower()
    back = fields_of(page)
    given.pop("sector", None)  # a choice that does not exist cannot be shown
    assert {name: back[name] for name in given} == given
    fresh = Dossier.objects.get(pk=dossier.pk)
    assert (fresh.description, fresh.contact_name, fresh.undertakings_by_name) == ("", "", "")
    assert not AuditEvent.objects.filter(act="dossier.transcribed").exists()
    # Mended, it is saved from the very page that was refused.
    mended = back | typed() | {"name_vi": "Tên khác", "sector": str(dossier.product.sector_id), "hs_code": ""}
    assert officer.post(url("transcribe", dossier.pk), mended).status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).contact_name == "Lê Thị An"


def test_a_name_that_another_product_has_is_said_and_nothing_is_written(story, officer):
    dossier = story.on_paper()
    Product.objects.create(
        enterprise=dossier.enterprise, name_vi="Sản phẩm kia", sector=dossier.product.sector, created_at=story.now
    )

    answer = type_in(officer, dossier, name_vi="Sản phẩm kia", contact_name="Lê Thị An")

    assert answer.status_code == 409
    assert "Lê Thị An" in words(answer)
    assert Dossier.objects.get(pk=dossier.pk).contact_name == ""


def test_what_was_typed_stays_on_the_page_when_a_colleague_ended_the_check(story, officer):
    dossier = story.on_paper()
    page = fields_of(words(officer.get(url("transcribe", dossier.pk))))
    actions.refuse(dossier=dossier, reason="Không thuộc diện.", by=story.officer, at=story.tick())

    answer = officer.post(url("transcribe", dossier.pk), page | {"contact_name": "Lê Thị An"})

    assert answer.status_code == 409
    assert "Lê Thị An" in words(answer)
    assert "không sửa được" in words(answer)
    assert Dossier.objects.get(pk=dossier.pk).contact_name == ""


# --- two officers -------------------------------------------------------------------------------------
def test_two_officers_do_not_overwrite_each_other_and_see_both_versions(story, officer):
    dossier, other = story.on_paper(), signed_in(story.person("colleague", Role.OFFICER))
    address = url("transcribe", dossier.pk)
    mine = fields_of(words(officer.get(address)))
    assert type_in(other, dossier, technology="Bản của đồng nghiệp", workers_2025="11").status_code == 302

    answer = officer.post(address, mine | {"technology": "Bản của tôi", "contact_name": "Lê Thị An"})

    page = words(answer)
    assert answer.status_code == 409
    assert "Bản của đồng nghiệp" in page
    assert "Người colleague" in page
    back = fields_of(page)
    assert (back["technology"], back["contact_name"]) == ("Bản của tôi", "Lê Thị An")
    assert back["workers_2025"] == "11"  # what I left alone is what the other wrote
    fresh = Dossier.objects.get(pk=dossier.pk)
    assert (fresh.technology, fresh.contact_name) == ("Bản của đồng nghiệp", "")

    theirs = officer.post(address, back | {"choice-technology": "theirs"})

    assert theirs.status_code == 302
    fresh = Dossier.objects.get(pk=dossier.pk)
    assert (fresh.technology, fresh.contact_name) == ("Bản của đồng nghiệp", "Lê Thị An")
    assert fresh.figures.get(year=2025).workers == 11


def test_after_both_versions_were_seen_mine_may_stay(story, officer):
    dossier, other = story.on_paper(), signed_in(story.person("colleague", Role.OFFICER))
    address = url("transcribe", dossier.pk)
    mine = fields_of(words(officer.get(address)))
    type_in(other, dossier, workers_2025="11", technology="Bản của đồng nghiệp")
    back = fields_of(words(officer.post(address, mine | {"workers_2025": "12"})))

    assert officer.post(address, back | {"choice-workers_2025": "mine"}).status_code == 302

    fresh = Dossier.objects.get(pk=dossier.pk)
    assert (fresh.figures.get(year=2025).workers, fresh.technology) == (12, "Bản của đồng nghiệp")


def test_different_fields_of_two_officers_are_both_kept(story, officer):
    dossier, other = story.on_paper(), signed_in(story.person("colleague", Role.OFFICER))
    mine = fields_of(words(officer.get(url("transcribe", dossier.pk))))
    type_in(other, dossier, workers_2025="11")
    scan(story, dossier, "photos")  # a scan laid in meanwhile is no conflict either

    assert officer.post(url("transcribe", dossier.pk), mine | {"workers_2024": "10"}).status_code == 302

    fresh = Dossier.objects.get(pk=dossier.pk)
    assert [fresh.figures.get(year=year).workers for year in (2024, 2025)] == [10, 11]


def test_a_conflict_is_not_forgotten_when_the_first_sending_had_an_error(story, officer):
    dossier, other = story.on_paper(), signed_in(story.person("colleague", Role.OFFICER))
    address = url("transcribe", dossier.pk)
    mine = fields_of(words(officer.get(address)))
    type_in(other, dossier, technology="Bản của đồng nghiệp")

    back = fields_of(words(officer.post(address, mine | {"technology": "Bản của tôi", "workers_2025": "x"})))
    answer = officer.post(address, back | {"workers_2025": "5"})

    assert answer.status_code == 409
    assert Dossier.objects.get(pk=dossier.pk).technology == "Bản của đồng nghiệp"


@pytest.mark.parametrize("base", ["", "{}", "[]", "nonsense", '{"technology": 1}'])
def test_without_the_marks_of_the_page_nothing_stored_is_overwritten(story, officer, base):
    dossier = story.on_paper()
    type_in(officer, dossier, technology="Đã lưu")

    answer = officer.post(
        url("transcribe", dossier.pk),
        fields_of(words(officer.get(url("transcribe", dossier.pk)))) | {"base": base, "technology": "Khác"},
    )

    assert answer.status_code == 409
    assert Dossier.objects.get(pk=dossier.pk).technology == "Đã lưu"


def test_the_act_itself_refuses_what_was_overtaken(story):
    dossier = story.on_paper()
    seen = {name: mark_of(value) for name, value in actions.stored_of(dossier).items()}
    act = {"dossier": dossier, "seen": seen, "by": story.officer}
    assert actions.transcribe(values={"technology": "một"}, at=story.tick(), **act) == ["technology"]

    with pytest.raises(actions.BothWrote) as both:
        actions.transcribe(values={"technology": "hai"}, at=story.tick(), **act)

    assert both.value.names == ("technology",)
    assert actions.transcribe(values={"technology": "một"}, at=story.tick(), **act) == []


# --- who may, and what else is in the form ------------------------------------------------------------
ACTS = {
    "transcribe": {"contact_name": "Kẻ lạ", "name_vi": "Kẻ lạ"},
    "answer_on_paper": {"received_at": "10:00 04/08/2026", "statement": "x"},
    "withdraw_on_paper": {"letter_on": "04/08/2026", "reason": "x"},
}


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("who", ["visitor", "owner", "reader", "stranger", "secretary", "member", "it", "root", "own"])
def test_every_other_role_is_turned_away_and_the_row_stays(story, name, who):
    dossier = asked(story)
    people = {
        "owner": lambda: signer(story, dossier),
        "reader": lambda: _reader(story, dossier),
        "stranger": lambda: story.enterprise("stranger").representatives.get().user,
        "secretary": lambda: story.secretary,
        "member": lambda: story.seats()[0].user,
        "it": lambda: story.person("it", Role.IT_OFFICER),
        "root": lambda: _root(story),
        "own": lambda: _officer_of(story, dossier),
    }
    client = Client()
    if who != "visitor":
        client.force_login(people[who]())
    before = Dossier.objects.filter(pk=dossier.pk).values().get()
    steps = dossier.changes.count()

    for answer in (client.get(url(name, dossier.pk)), client.post(url(name, dossier.pk), ACTS[name])):
        assert answer.status_code == (302 if who == "visitor" else 404), who

    assert Dossier.objects.filter(pk=dossier.pk).values().get() == before
    assert dossier.changes.count() == steps
    assert Product.objects.get(pk=dossier.product_id).name_vi != "Kẻ lạ"


def _reader(story, dossier):
    person = story.person("reader")
    add_representative(enterprise=dossier.enterprise, user=person, role="reads", by=story.officer, at=story.tick())
    return person


def _root(story):
    root = story.person("root")
    root.is_superuser = root.is_staff = True
    root.save()
    return root


def _officer_of(story, dossier):
    """An officer who represents the enterprise."""
    person = story.person("own", Role.OFFICER)
    add_representative(enterprise=dossier.enterprise, user=person, by=story.officer, at=story.tick())
    return person


def test_the_acts_ask_the_same_of_whoever_calls_them(story):
    dossier = asked(story)
    own = _officer_of(story, dossier)
    for by in (own, story.secretary, story.person("nobody")):
        with pytest.raises(Http404):
            actions.transcribe(dossier=dossier, values={}, seen={}, by=by, at=story.tick())
        with pytest.raises(Http404):
            actions.answer_on_paper(dossier=dossier, received_at=story.now, statement="x", by=by, at=story.tick())
        with pytest.raises(Http404):
            actions.withdraw_on_paper(dossier=dossier, letter_on=story.now.date(), reason="x", by=by, at=story.tick())


def test_a_dossier_from_online_is_never_typed_by_the_department(story, officer):
    dossier = story.supplement()
    before = Dossier.objects.filter(pk=dossier.pk).values().get()

    for name, body in ACTS.items():
        assert officer.get(url(name, dossier.pk)).url.startswith(url("check", dossier.pk))
        assert officer.post(url(name, dossier.pk), body).url.startswith(url("check", dossier.pk))
    by, at = story.officer, story.tick()
    assert refused(lambda: actions.transcribe(dossier=dossier, values={}, seen={}, by=by, at=at))
    assert refused(lambda: actions.answer_on_paper(dossier=dossier, received_at=at, statement="x", by=by, at=at))
    assert refused(lambda: actions.withdraw_on_paper(dossier=dossier, letter_on=at.date(), reason="x", by=by, at=at))

    assert Dossier.objects.filter(pk=dossier.pk).values().get() == before
    assert "nhap-lieu" not in words(officer.get(url("check", dossier.pk)))


def test_nothing_is_typed_once_the_check_is_over(story, officer):
    dossier = story.on_paper()
    type_in(officer, dossier, **typed())
    all_scans(story, dossier)
    actions.admit(dossier=dossier, by=story.officer, at=story.tick())

    assert officer.get(url("transcribe", dossier.pk)).url.startswith(url("check", dossier.pk))
    assert refused(
        lambda: actions.transcribe(
            dossier=dossier, values={"technology": "khác"}, seen={}, by=story.officer, at=story.tick()
        )
    )
    assert "nhap-lieu" not in words(officer.get(url("check", dossier.pk)))


def test_fields_that_are_not_of_the_form_are_not_written(story, officer):
    dossier = story.on_paper()
    other = story.on_paper()
    before = Dossier.objects.filter(pk=dossier.pk).values().get()
    slipped_in = {
        "stage": "eligible", "number": "H00", "is_on_paper": "", "track": "startup", "officer": "1", "season": "1",
        "enterprise": str(other.enterprise_id), "enterprise_id": str(other.enterprise_id), "product": str(other.pk),
        "product_id": str(other.product_id), "submitted_at": "01/01/2020", "created_at": "01/01/2020",
        "track_code": "x", "refusal_reason": "x", "received_by_name": "x", "undertakings_at": "01/01/2020",
        "eligibility": "{}", "origins": "{}", "confirmed_figures": "[]", "track_basis": "x", "id": str(other.pk),
        "revenue_vnd_billion_2019": "5", "slug": "x", "changed_at": "01/01/2020",
    }  # fmt: skip

    assert type_in(officer, dossier, **slipped_in).status_code == 302

    assert Dossier.objects.filter(pk=dossier.pk).values().get() == before
    with pytest.raises(Http404):
        actions.transcribe(dossier=dossier, values={"stage": "eligible"}, seen={}, by=story.officer, at=story.tick())


# --- the answer at the counter ------------------------------------------------------------------------
def record_answer(client, dossier, **given):
    return client.post(url("answer_on_paper", dossier.pk), given)


def local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M %d/%m/%Y}"


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


# --- the pages ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_control_has_its_label_and_its_place_in_the_order_of_keys(story, officer, language):
    dossier = asked(story)
    scan(story, dossier, "photos")
    for name in ACTS:
        with translation.override(language):
            from django.urls import reverse

            address = reverse(f"dossiers:{name}", args=[dossier.pk])
        page = words(officer.get(address))
        labelled = set(re.findall(r'<label[^>]* for="([^"]*)"', page))
        main = page[page.index('<main id="main"') : page.index("</main>")]
        controls = re.findall(r"<(?:input|select|textarea)\b[^>]*>", main)
        asked_for = [tag for tag in controls if 'type="hidden"' not in tag]
        assert asked_for
        for tag in asked_for:
            identity = re.search(r'id="([^"]*)"', tag)[1]
            assert identity in labelled or "aria-label=" in tag, tag
            assert 'tabindex="-1"' not in tag
        assert 'style="' not in page
    assert "<iframe" in words(officer.get(url("transcribe", dossier.pk)))


def test_the_scans_stand_beside_the_form_and_open_in_their_frame(story, officer):
    dossier = story.on_paper()
    assert "Chưa có bản quét nào" in words(officer.get(url("transcribe", dossier.pk)))
    scan(story, dossier, "financial_statements")

    page = words(officer.get(url("transcribe", dossier.pk)))

    document = dossier.documents.get()
    assert f'href="{url("document", document.pk)}?xem=1" target="scan"' in page
    assert '<iframe name="scan"' in page


def test_the_check_screen_leads_to_what_can_be_done_now(story, officer):
    dossier = story.on_paper()
    links = ("nhap-lieu", "bo-sung-giay", "rut-bang-van-ban")

    def shown():
        page = words(officer.get(url("check", dossier.pk)))
        return [link in page for link in links]

    assert shown() == [True, False, True]
    asked(story, dossier=dossier)
    assert shown() == [True, True, True]
    actions.refuse(
        dossier=Dossier.objects.get(pk=dossier.pk), reason="Không thuộc diện.", by=story.officer, at=story.tick()
    )
    assert shown() == [False, False, False]
    reader = words(signed_in(story.secretary).get(url("check", dossier.pk)))
    assert not any(link in reader for link in links)


def test_it_asks_the_database_as_often_for_many_scans_as_for_few(story, officer):
    few, many = story.on_paper(), story.on_paper()
    scan(story, few, "photos")
    for number in range(3):
        scan(story, many, "photos", b"%PDF-1.4 " + str(number).encode())
    counts = {}
    for name, dossier in (("warm", few), ("few", few), ("many", many)):
        with CaptureQueriesContext(connection) as caught:
            assert officer.get(url("transcribe", dossier.pk)).status_code == 200
        counts[name] = len(caught)

    assert counts["few"] == counts["many"]


def test_a_dossier_that_is_not_there_is_a_404(story, officer):
    for name in ACTS:
        assert officer.get(url(name, 10**6)).status_code == 404
    with pytest.raises(ObjectDoesNotExist):
        Dossier.objects.get(pk=10**6)
