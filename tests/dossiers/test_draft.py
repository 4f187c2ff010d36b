"""The draft saves itself, field by field, and nobody overwrites anybody."""

import json
import sys
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone

from dossiers.models import Dossier, DossierVersion, FieldChange, SelfMark
from enterprises.actions import add_representative
from tests.dossiers.applicant import signed_in, tell_time, url, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)


@pytest.fixture
def client(story):
    story.enterprise()
    return signed_in(story.person("clerk"))


def colleague(story, role="fills_in"):
    person = story.person("colleague")
    add_representative(
        enterprise=story.enterprise(), user=person, role=role, by=story.person("clerk"), at=story.tick()
    )
    return person


def save(client, dossier, part, acting_for=None, **changes):
    body = {"fields": {name: {"base": base, "value": value} for name, (base, value) in changes.items()}}
    body["acting_for"] = str(dossier.enterprise_id) if acting_for is None else acting_for
    address = url("save_part", dossier, part=part)
    return client.post(address, json.dumps(body), content_type="application/json")


# --- one person ---------------------------------------------------------------------------------------
def test_a_changed_field_is_saved_by_itself_and_the_time_is_told(story, client):
    dossier = story.draft()

    answer = save(client, dossier, "enterprise", contact_name=("Người clerk", "Lê  An"))

    assert answer.status_code == 200
    assert answer.json()["saved"] == {"contact_name": "Lê An"}
    assert ":" in answer.json()["saved_at"]
    dossier.refresh_from_db()
    assert (dossier.contact_name, dossier.contact_phone) == ("Lê An", "024 0000 0000")
    change = FieldChange.objects.get()
    assert (change.part, change.name, change.changed_by) == ("enterprise", "contact_name", story.person("clerk"))


def test_what_can_be_read_is_saved_and_the_rest_is_named(story, client):
    dossier = story.draft()

    answer = save(
        client, dossier, "figures", revenue_vnd_billion_2024=("", "nhiều"), revenue_vnd_billion_2025=("", "1.250,5")
    ).json()

    assert list(answer["errors"]) == ["revenue_vnd_billion_2024"]
    assert answer["saved"] == {"revenue_vnd_billion_2025": "1.250,5"}
    assert dossier.figures.get(year=2025).revenue_vnd_billion == Decimal("1250.5")
    assert dossier.figures.get(year=2024).revenue_vnd_billion is None


def test_the_product_is_saved_with_its_choices_and_codes(story, client):
    dossier = story.draft()

    answer = save(
        client, dossier, "product", sector=("electrical", "mechanical"), hs_code=("", "8504.40.90"), name_vi=("x", "")
    ).json()

    assert answer["saved"] == {"sector": "mechanical", "hs_code": "85044090"}
    assert list(answer["errors"]) == ["name_vi"]
    dossier.product.refresh_from_db()
    assert (dossier.product.sector_id, dossier.product.hs_code) == ("mechanical", "85044090")


def test_a_name_that_is_taken_is_an_error_of_its_field_and_the_others_are_saved(story, client):
    dossier, other = story.draft(), story.product()

    answer = save(
        client,
        dossier,
        "product",
        name_vi=(dossier.product.name_vi, other.name_vi),
        technology=("", "Dây chuyền mới"),
    ).json()

    assert list(answer["errors"]) == ["name_vi"]
    assert Dossier.objects.get(pk=dossier.pk).technology == "Dây chuyền mới"


def test_own_points_are_saved_by_criterion_and_stay_within_its_points(story, client):
    dossier = story.draft()
    first, second = story.rubric().criteria.filter(is_leaf=True).order_by("position")[:2]

    answer = save(
        client, dossier, "selfmarks", **{f"points_{first.pk}": ("", "40,5"), f"points_{second.pk}": ("", "31")}
    ).json()

    assert list(answer["errors"]) == [f"points_{second.pk}"]
    assert SelfMark.objects.get().points == Decimal("40.5")
    assert "Bạn đã xong 2/9 việc" in words(client.get(url("dossier", dossier)))


def test_while_the_criteria_are_not_published_self_scoring_waits(story, client):
    story.season(published=False)
    dossier = story.draft()

    assert "chưa được công bố" in words(client.get(url("selfmarks", dossier)))
    assert "Chưa thể bắt đầu" in words(client.get(url("dossier", dossier)))


# --- two people ---------------------------------------------------------------------------------------
def test_two_people_in_one_field_see_both_versions_and_nothing_is_overwritten(story, client):
    dossier = story.draft()
    other = signed_in(colleague(story))
    save(other, dossier, "product", technology=("", "Bản của đồng nghiệp"))

    answer = save(client, dossier, "product", technology=("", "Bản của tôi"), description=("", "Mô tả")).json()

    conflict = answer["conflicts"]["technology"]
    assert conflict["theirs"] == "Bản của đồng nghiệp"
    assert "Người colleague đã viết lúc" in conflict["who"]
    dossier.refresh_from_db()
    assert (dossier.technology, dossier.description) == ("Bản của đồng nghiệp", "Mô tả")

    save(client, dossier, "product", technology=("Bản của đồng nghiệp", "Bản của tôi"))
    dossier.refresh_from_db()
    assert dossier.technology == "Bản của tôi"


def test_both_typed_the_same_or_only_the_other_typed_is_no_conflict(story, client):
    dossier = story.draft()
    other = signed_in(colleague(story))
    save(other, dossier, "product", technology=("", "Chung"))

    same = save(client, dossier, "product", technology=("", "Chung")).json()
    untouched = save(client, dossier, "product", technology=("", "")).json()

    assert same["conflicts"] == untouched["conflicts"] == {}
    assert untouched["saved"] == {"technology": "Chung"}


def test_the_page_hears_what_others_wrote_and_who_is_here(story, client):
    dossier = story.draft()
    other = signed_in(colleague(story))
    address = url("save_part", dossier, part="product")
    stamp = client.get(address).json()["stamp"]
    save(other, dossier, "product", technology=("", "Mới"))

    news = client.get(address, {"since": stamp}).json()
    again = client.get(address, {"since": news["stamp"]}).json()

    assert news["values"]["technology"] == "Mới"
    assert news["who"]["technology"].startswith("Người colleague")
    assert news["here"] == ["Người colleague đang ở trang này."]
    assert "values" not in again


def test_the_button_without_scripts_compares_three_ways(story, client):
    dossier = story.draft()
    page = client.get(url("product_part", dossier))
    base = page.context["form"].base
    facts = {"name_vi": dossier.product.name_vi, "sector": "electrical", "base": base}
    save(signed_in(colleague(story)), dossier, "product", technology=("", "Của đồng nghiệp"), standards=("", "ISO"))

    shown = client.post(url("product_part", dossier), facts | {"technology": "Của tôi", "standards": ""})

    assert "Của đồng nghiệp" in words(shown)
    assert "Của tôi" in words(shown)
    assert "Giữ bản của tôi" in words(shown)
    dossier.refresh_from_db()
    dossier.product.refresh_from_db()
    assert (dossier.technology, dossier.product.standards) == ("Của đồng nghiệp", "ISO")

    facts["base"] = shown.context["form"].base
    client.post(
        url("product_part", dossier),
        facts | {"technology": "Của tôi", "choice-technology": "theirs", "standards": "ISO"},
    )
    dossier.refresh_from_db()
    assert dossier.technology == "Của đồng nghiệp"
    client.post(url("product_part", dossier), facts | {"technology": "Của tôi", "choice-technology": "mine"})
    dossier.refresh_from_db()
    assert dossier.technology == "Của tôi"


# --- for whom, and until when -------------------------------------------------------------------------
def test_a_page_of_another_enterprise_saves_nothing(story, client):
    dossier = story.draft()

    by_itself = save(client, dossier, "enterprise", acting_for="999999", contact_name=("Người clerk", "Sai"))
    by_button = client.post(url("enterprise_part", dossier), {"acting_for": "999999", "contact_name": "Sai"})

    assert (by_itself.status_code, by_button.status_code) == (409, 409)
    assert "doanh nghiệp khác" in by_itself.json()["refused"]
    assert "doanh nghiệp khác" in words(by_button)
    assert Dossier.objects.get(pk=dossier.pk).contact_name != "Sai"


def test_a_consultant_chooses_the_enterprise_and_every_page_names_it(story):
    first, second = story.enterprise("one"), story.enterprise("two")
    story.season()
    consultant = story.person("consultant")
    for enterprise in (first, second):
        add_representative(enterprise=enterprise, user=consultant, is_consultant=True, by=consultant, at=story.tick())
    client = signed_in(consultant)

    choose = words(client.get(url("new")))
    page = words(client.get(url("new"), {"for": second.pk}))
    crossed = client.post(url("new") + f"?for={second.pk}", {"acting_for": first.pk})

    assert first.name_vi in choose
    assert second.name_vi in choose
    assert '<form method="post" novalidate' not in choose
    assert second.name_vi in page
    assert first.name_vi not in page
    assert crossed.status_code == 409
    mine = words(client.get(url("mine")))
    assert mine.count('class="house"') == 2
    assert "Bạn là tư vấn" in mine


def test_an_old_tab_hears_who_sent_the_dossier(story, client):
    dossier = story.submitted()
    digest = DossierVersion.objects.get().digest

    late = save(client, dossier, "enterprise", contact_name=("Người clerk", "Muộn"))
    heard = client.get(url("save_part", dossier, part="enterprise"))

    assert (late.status_code, heard.status_code) == (409, 409)
    assert late.json()["kind"] == heard.json()["kind"] == "sent"
    assert "Người clerk đã nộp hồ sơ lúc" in late.json()["refused"]
    assert Dossier.objects.get().contact_name != "Muộn"
    assert DossierVersion.objects.get().digest == digest


def test_who_only_reads_saves_nothing_and_hears_why(story, client):
    dossier = story.draft()
    reader = signed_in(colleague(story, "reads"))

    answer = save(reader, dossier, "enterprise", contact_name=("Người clerk", "Sai"))

    assert answer.status_code == 409
    assert answer.json()["kind"] == "reads"
    assert Dossier.objects.get().contact_name != "Sai"


# --- quotas -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", 400),
        ("[]", 400),
        ("[" * 100_000, 400),
        ('{"fields": {"contact_name": "x"}}', 400),
        ('{"fields": {"contact_name": {"base": "", "value": "a\\u0000b"}}}', 400),
        (json.dumps({"fields": {f"f{n}": {"base": "", "value": ""} for n in range(200)}}), 400),
        (json.dumps({"fields": {"contact_name": {"base": "", "value": "x" * 300_000}}}), 413),
    ],
)
def test_odd_and_oversized_saves_are_refused_in_words(story, client, body, code):
    dossier = story.draft()

    answer = client.post(url("save_part", dossier, part="enterprise"), body, content_type="application/json")

    assert answer.status_code == code
    assert answer.json()["refused"]


def test_a_field_is_bounded(story, client):
    dossier = story.draft()

    answer = save(client, dossier, "product", technology=("", "x" * 9000)).json()

    assert list(answer["errors"]) == ["technology"]
    assert Dossier.objects.get().technology == ""


def test_more_than_two_saves_a_second_wait(story, client, monkeypatch):
    dossier = story.draft()
    now = story.tick()
    monkeypatch.setattr(timezone, "now", lambda: now)

    codes = [save(client, dossier, "enterprise", contact_name=("Người clerk", "A")).status_code for _ in range(4)]

    assert codes == [200, 200, 429, 429]
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(seconds=1))
    assert save(client, dossier, "enterprise", contact_name=("A", "B")).status_code == 200


def test_without_the_cache_the_draft_still_saves(story, client, monkeypatch):
    from redis.exceptions import ConnectionError as Gone

    def fail(*args, **kwargs):
        raise Gone("no cache")

    dossier = story.draft()
    for name in ("add", "incr", "set", "get_many"):
        monkeypatch.setattr(cache, name, fail, raising=False)

    assert save(client, dossier, "enterprise", contact_name=("Người clerk", "Lê An")).status_code == 200
    assert client.get(url("save_part", dossier, part="enterprise")).status_code == 200


def test_drafts_of_a_season_are_bounded(story, client, monkeypatch):
    monkeypatch.setattr(sys.modules["dossiers.actions.start"], "MAX_DRAFTS", 2)
    for _ in range(2):
        story.draft()

    page = client.post(
        url("new"),
        {"name_vi": "Thứ ba", "sector": "electrical", "track": "standard", "product": "new"}
        | dict.fromkeys(("in_hanoi", "own_product", "over_threshold", "on_list", "undertakes", "no_breach"), "yes"),
    )

    assert "là mức tối đa" in words(page)
    assert Dossier.objects.count() == 2


# --- eligibility --------------------------------------------------------------------------------------
def test_answers_are_kept_and_a_no_says_why_it_stands_in_the_way(story, client):
    dossier = story.complete()
    answers = dict.fromkeys(("in_hanoi", "own_product", "over_threshold", "undertakes", "no_breach"), "yes")

    client.post(url("eligibility", dossier), answers | {"on_list": "no"})
    assert "Bạn đã xong 7/9 việc" in words(client.get(url("dossier", dossier)))
    client.post(url("eligibility", dossier), answers | {"on_list": "no", "over_threshold": "no"})

    page = words(client.get(url("eligibility", dossier)))
    assert "từ 100 tỷ đồng" in page
    assert "Bạn có thể:" in page
    review = words(client.get(url("review", dossier)))
    assert "Bạn đã trả lời “Không”" in review
    assert f"{url('eligibility', dossier)}#id_over_threshold_0" in review
    kept = Dossier.objects.get().eligibility
    assert (kept["answers"]["over_threshold"], kept["by"]) == ("no", "Người clerk")


def test_the_draft_is_printed_with_what_is_missing(story, client):
    page = words(client.get(url("print_draft", story.draft())))

    assert "Bản nháp chưa phải là hồ sơ đã nộp" in page
    assert "Còn thiếu 14 mục" in page
