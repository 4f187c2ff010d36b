"""The record of an enterprise: its sites, its history, and what the Department sees of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Refused
from core.models import AuditEvent
from enterprises import actions
from enterprises.forms import RecordForm
from enterprises.models import Enterprise, Site
from tests.enterprises.people import as_
from tests.enterprises.post import words
from tests.story import tax_code

pytestmark = pytest.mark.django_db
LIST = "/lam-viec/doanh-nghiep/"


def record(enterprise):
    return f"/ho-so/doanh-nghiep/{enterprise.pk}/"


def facts(enterprise, **changes):
    return {k: getattr(v, "pk", v) or "" for k, v in RecordForm.facts_of(enterprise).items()} | changes


def site(world, **changes):
    return {"kind": "production", "name": "Nhà máy", "street": "Lô 3", "ward": world.enterprise.ward_id, "zone": "",
            "tax_code": ""} | changes  # fmt: skip


# --- the record -------------------------------------------------------------------------------------------
def test_whoever_fills_in_corrects_whoever_reads_sees(world):
    before = Enterprise.objects.filter(pk=world.enterprise.pk).values().get()
    page = words(as_(world.reader).get(record(world.enterprise)))
    assert world.enterprise.phone in page
    assert "<textarea" not in page
    assert 'name="street"' not in page
    assert as_(world.reader).post(record(world.enterprise), facts(world.enterprise, street="x")).status_code == 404
    assert as_(world.stranger).get(record(world.enterprise)).status_code == 404
    assert Enterprise.objects.filter(pk=world.enterprise.pk).values().get() == before

    as_(world.filler).post(
        record(world.enterprise), facts(world.enterprise, email="vanthu@congty.vn", tax_code=tax_code(9), is_demo="on")
    )
    world.enterprise.refresh_from_db()
    assert world.enterprise.email == "vanthu@congty.vn"
    assert world.enterprise.tax_code == before["tax_code"]
    assert not world.enterprise.is_demo


def test_saving_what_stands_there_is_no_change(world):
    as_(world.boss).post(record(world.enterprise), facts(world.enterprise))

    assert not AuditEvent.objects.filter(act="enterprise.corrected").exists()


# --- sites ------------------------------------------------------------------------------------------------
def test_a_site_is_added_changed_and_ended(world):
    client = as_(world.filler)
    code = f"{world.enterprise.tax_code}-001"
    assert client.post(world.at("dia-diem/"), site(world, tax_code=code.replace("-", " "))).url == world.at(
        "dia-diem/"
    )
    found = Site.objects.get()
    assert (found.tax_code, found.enterprise, found.ended_at) == (code, world.enterprise, None)
    client.post(world.at(f"dia-diem/{found.pk}/"), site(world, tax_code=code, street="Lô 4"))
    found.refresh_from_db()
    assert found.street == "Lô 4"
    client.post(world.at(f"dia-diem/{found.pk}/ket-thuc/"))
    found.refresh_from_db()
    assert found.ended_at is not None

    page = words(client.get(world.at("dia-diem/")))
    assert "1 địa điểm cũ" in page
    assert client.get(world.at(f"dia-diem/{found.pk}/")).status_code == 404
    assert client.post(world.at(f"dia-diem/{found.pk}/ket-thuc/")).status_code == 404
    acts = AuditEvent.objects.filter(act__startswith="enterprise.site").values_list("act", flat=True)
    assert list(acts) == ["enterprise.site_added", "enterprise.site_changed", "enterprise.site_ended"]
    with pytest.raises(Refused):
        actions.change_site(site=found, by=world.filler, at=world.story.tick(), street="x")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"tax_code": "123"}, "Mã số thuế có mười chữ số"),
        ({"tax_code": "0101243151-001"}, "Chữ số thứ mười"),
        ({"tax_code": tax_code(30) + "-001"}, "bắt đầu bằng mã"),
        ({"tax_code": tax_code(0)}, "bắt đầu bằng mã"),
        ({"street": ""}, "Hãy nhập số nhà"),
        ({"ward": ""}, "Hãy chọn phường"),
        ({"ward": "99999"}, "trong danh sách"),
        ({"kind": "castle"}, ""),
        ({"name": "ă" * 300}, ""),
        ({"street": "\x00"}, ""),
    ],
)
def test_a_wrong_site_is_refused_in_words(world, changes, reason):
    answer = as_(world.boss).post(world.at("dia-diem/"), site(world, **changes))

    assert answer.status_code == 200
    assert "<title>Lỗi:" in words(answer)
    assert reason in words(answer)
    assert not Site.objects.exists()


def test_one_code_for_one_site(world):
    client, code = as_(world.boss), f"{world.enterprise.tax_code}-001"
    client.post(world.at("dia-diem/"), site(world, tax_code=code))

    assert "Một địa điểm khác" in words(client.post(world.at("dia-diem/"), site(world, tax_code=code)))
    assert Site.objects.count() == 1


@pytest.mark.parametrize("who", ["reader", "stranger"])
def test_nobody_else_writes_a_site(world, who):
    as_(world.boss).post(world.at("dia-diem/"), site(world))
    found = Site.objects.get()
    before = list(Site.objects.values())
    client = as_(getattr(world, who))
    for path in ("dia-diem/", f"dia-diem/{found.pk}/", f"dia-diem/{found.pk}/ket-thuc/"):
        assert client.post(world.at(path), site(world, street="x")).status_code == 404
    assert as_(world.stranger).post(world.at(f"dia-diem/{found.pk}/", world.other), site(world)).status_code == 404

    assert list(Site.objects.values()) == before


def test_fields_that_are_not_on_the_form_of_a_site_are_ignored(world):
    as_(world.boss).post(
        world.at("dia-diem/"), site(world, enterprise=world.other.pk, ended_at="2020-01-01", since="2020-01-01")
    )
    found = Site.objects.get()

    assert found.enterprise == world.enterprise
    assert found.ended_at is None
    assert found.since.year == 2026


# --- history ----------------------------------------------------------------------------------------------
def test_the_history_says_what_changed_who_and_when(world):
    client = as_(world.filler)
    client.post(record(world.enterprise), facts(world.enterprise, form="limited", workers="1.250", street="Số 2"))
    page = words(client.get(world.at("lich-su/")))

    assert "Đã sửa thông tin doanh nghiệp" in page
    assert "Người filler" in page
    for piece in (
        "<del>Công ty cổ phần</del>",
        "<ins>Công ty trách nhiệm hữu hạn</ins>",
        "<del>Số 1 phố Thử</del>",
        "<ins>1.250</ins>",
    ):
        assert piece in page
    assert "Doanh nghiệp đã đăng ký" in page


def test_the_history_is_told_in_english_too(world):
    as_(world.boss).post(record(world.enterprise), facts(world.enterprise, form="limited"))
    page = words(as_(world.boss).get(f"/en/my-enterprises/{world.enterprise.pk}/history/"))

    assert "The record was corrected" in page
    assert "Limited liability company" in page


def test_seasons_show_dossiers_and_recognitions(story):
    dossier = story.recognised(1)[0]
    enterprise = dossier.enterprise
    owner = enterprise.representatives.get().user
    page = words(as_(owner).get(f"/doanh-nghiep-cua-toi/{enterprise.pk}/lich-su/"))

    assert "2026" in page
    assert dossier.number in page
    assert "Còn hiệu lực" in page
    assert "0002/QĐ-UBND" in page
    desk = words(as_(story.officer).get(f"{LIST}{enterprise.pk}/"))
    assert dossier.number in desk


def test_a_draft_is_shown_to_its_own_people_only(story):
    dossier = story.draft()
    enterprise, name = dossier.enterprise, dossier.product.name_vi

    assert name in words(as_(story.person("clerk")).get(f"/doanh-nghiep-cua-toi/{enterprise.pk}/lich-su/"))
    assert name not in words(as_(story.officer).get(f"{LIST}{enterprise.pk}/"))


def test_the_inner_steps_of_the_council_are_not_told(story):
    dossier = story.scored(1)[0]
    page = words(as_(dossier.enterprise.representatives.get().user).get(
        f"/doanh-nghiep-cua-toi/{dossier.enterprise_id}/lich-su/"))  # fmt: skip

    assert "Đã chấm" not in page
    assert "Hội đồng đang xét" in page


def test_the_history_costs_the_same_for_one_and_three_changes(world):
    client = as_(world.boss)
    counts = []
    for street in ("a", "b"):
        client.post(record(world.enterprise), facts(world.enterprise, street=street))
        if street == "b":
            for more in ("c", "d"):
                client.post(record(world.enterprise), facts(world.enterprise, street=more))
        with CaptureQueriesContext(connection) as queries:
            client.get(world.at("lich-su/"))
        counts.append(len(queries))

    assert counts[0] == counts[1]


# --- the Department's list --------------------------------------------------------------------------------
@pytest.mark.parametrize("search", ["tram huong", "TRẦM HƯƠNG", "dat viet", "huong cong ty", "ba dinh huong"])
def test_an_enterprise_is_found_without_accents_in_any_order(world, search):
    world.story.enterprise("incense", name_vi="Công ty Trầm Hương Đất Việt")

    assert "Trầm Hương Đất Việt" in words(as_(world.story.officer).get(LIST, {"q": search}))


def test_the_search_narrows_the_list(world):
    client = as_(world.story.officer)
    assert "Người Ngoài" in words(client.get(LIST, {"q": "nguoi ngoai"}))
    assert "Công ty Cổ phần Thử nghiệm" not in words(client.get(LIST, {"q": "nguoi ngoai"}))
    assert "Người Ngoài" in words(client.get(LIST, {"q": world.other.tax_code[:10]}))
    empty = words(client.get(LIST, {"q": "không có gì\x00 %_'"}))
    assert "Không có doanh nghiệp phù hợp" in empty
    assert "Gõ không dấu vẫn tìm được" in empty


def test_the_list_is_in_vietnamese_order_and_counts_filed_dossiers(story):
    story.submitted("clerk")
    story.draft("clerk")
    story.enterprise("last", name_vi="Ý Yên")
    story.enterprise("middle", name_vi="Đất Việt")
    story.enterprise("first", name_vi="Ba Vì")
    page = words(as_(story.officer).get(LIST))
    order = [page.index(name) for name in ("Ba Vì", "Công ty Cổ phần Thử nghiệm 1", "Đất Việt", "Ý Yên")]

    assert order == sorted(order)
    row = page[page.index("Công ty Cổ phần Thử nghiệm 1") : page.index("Đất Việt")]
    assert ">1</td>" in row
    assert ">2026</td>" in row


def test_list_and_page_cost_the_same_for_one_and_three(story):
    enterprise = story.enterprise("clerk")
    client = as_(story.officer)
    paths = [LIST, f"{LIST}{enterprise.pk}/"]
    counts: list[list[int]] = []
    for n in range(2):
        if n:
            for key in ("second", "third"):
                story.enterprise(key, name_vi=f"Công ty {key}", phone=f"024 1111 000{len(key)}", street=key)
                for kind in ("branch", "office"):
                    actions.add_site(enterprise=enterprise, by=story.person("clerk"), at=story.tick(), kind=kind,
                                     street=key, ward=enterprise.ward)  # fmt: skip
        client.get(LIST)
        row = []
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            row.append(len(queries))
        counts.append(row)

    assert counts[0] == counts[1]


def test_the_register_is_for_staff(world):
    for user in (world.boss, world.stranger, world.story.person("nobody")):
        assert as_(user).get(LIST).status_code == 404
        assert as_(user).get(f"{LIST}{world.enterprise.pk}/").status_code == 404
    assert as_(world.story.secretary).get(LIST).status_code == 200
    assert as_(world.story.officer).get(f"{LIST}999999/").status_code == 404
