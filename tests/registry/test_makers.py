"""Each recognition names its own maker, whoever has taken the product over since."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from registry import queries
from registry.corrections import Correction, correct_decision
from registry.models import Decision, PublishedEnterprise, Recognition
from tests.registry.factories import issue, make_enterprise, make_product, no_triggers, now, recognise, today

pytestmark = pytest.mark.django_db


def change(recognition: Recognition, kind: str, **said) -> Recognition:
    return correct_decision(
        corrects=Decision.objects.get(corrects=None, season_year=recognition.season_year),
        number=f"7{Decision.objects.count()}/QĐ-UBND",
        signed_date=today(),
        signer_name="Nguyễn Văn Ký",
        signer_position="Phó Chủ tịch",
        reason="Đổi",
        corrections=[Correction(recognition, kind, **said)],
        by=None,
        at=now(),
    )[0]


@pytest.fixture
def story_of_two_makers():
    """Two seasons of one product; its maker is renamed and, in the second season, passes it on."""
    product = make_product(enterprise=make_enterprise("Công ty Đầu"))
    early = recognise(product, year=2024)[0]
    late = recognise(product, year=2026)[0]
    renamed = change(late, "correction", enterprise_name_vi="Công ty Đầu Mới")
    moved = change(renamed, "transfer", maker=make_enterprise("Công ty Sau"))
    return [early, late, renamed, moved]


def makers() -> list[str]:
    return [row.enterprise.name_vi for row in Recognition.ever.select_related("enterprise").order_by("pk")]


def test_a_transfer_moves_the_product_and_no_earlier_recognition(story_of_two_makers):
    assert makers() == ["Công ty Đầu Mới"] * 3 + ["Công ty Sau"]


def test_the_migration_finds_the_makers_of_rows_from_before():
    fill = import_module("registry.migrations.0003_corrections_and_chains").MAKERS
    for number in (1, 2):
        recognise(make_product(enterprise=make_enterprise(f"Công ty {number}")), year=2020 + number)
    before = makers()
    assert before == ["Công ty 1", "Công ty 2"]
    with no_triggers():
        Recognition.ever.update(enterprise=PublishedEnterprise.objects.get(name_vi="Công ty 2"))
        with connection.cursor() as cursor:
            cursor.execute(fill)

    assert makers() == before


def test_the_maker_of_a_decided_recognition_stays(story_of_two_makers):
    with pytest.raises(IntegrityError), transaction.atomic():
        Recognition.ever.filter(pk=story_of_two_makers[0].pk).update(
            enterprise=PublishedEnterprise.objects.get(name_vi="Công ty Sau")
        )


def test_a_maker_keeps_its_history_without_a_product_of_its_own(story_of_two_makers, client):
    early, _late, renamed, moved = story_of_two_makers
    first, second = early.enterprise, moved.enterprise

    assert queries.named_in(first) == [(2026, [renamed]), (2024, [early])]
    assert queries.named_in(second) == [(2026, [moved])]
    assert [one.name_vi for one in queries.enterprises()] == ["Công ty Sau"]
    page = client.get(f"/doanh-nghiep/{first.pk}-cong-ty-dau-moi/").content.decode()
    assert "đã chuyển cho doanh nghiệp khác" in page


def test_the_history_of_a_product_names_the_maker_of_that_time(story_of_two_makers, client):
    product = story_of_two_makers[0].product

    page = client.get(f"/san-pham/{product.pk}-{product.slug}/").content.decode()

    assert "khi đó do Công ty Đầu sản xuất" in page
    assert page.count("khi đó do") == 1


def test_machines_read_the_maker_whom_the_decision_names(story_of_two_makers, client):
    early, *_rest, moved = story_of_two_makers
    for recognition, name in ((early, "Công ty Đầu"), (moved, "Công ty Sau")):
        serial = issue(recognition).serial
        maker = client.get(f"/api/v1/certificates/{serial}").json()["enterprise"]
        listed = client.get(f"/api/v1/recognitions/{recognition.pk}").json()["enterprise"]

        assert maker == listed
        assert (maker["id"], maker["name_vi"]) == (recognition.enterprise_id, name)
        assert client.get(f"/api/v1/enterprises/{maker['id']}").status_code == 200
    assert client.get(f"/api/v1/enterprises/{early.enterprise_id}").json()["product_count"] == 0
