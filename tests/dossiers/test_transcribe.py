"""A dossier on paper goes the whole way: typed in at the counter, by one officer or two."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Role
from core.models import AuditEvent
from dossiers import actions
from dossiers.forms import mark_of
from dossiers.models import Dossier, FieldChange, Stage
from enterprises.actions import add_representative
from evaluations import actions as evaluations
from products.models import Product
from tests.dossiers.applicant import signed_in, words
from tests.dossiers.desk import url
from tests.dossiers.paper import (
    ACTS,
    DESCRIPTION,
    _clock,
    all_scans,
    asked,
    fields_of,
    officer,
    refused,
    scan,
    signer,
    type_in,
    typed,
)

__all__ = ["_clock", "officer"]
pytestmark = pytest.mark.django_db


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
