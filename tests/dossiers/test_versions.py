"""What changed between two versions that were sent, in words."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from dossiers import actions
from dossiers.versions import differences
from dossiers.views.desk.versions import parts_of, pieces_of
from enterprises.models import Enterprise
from tests.dossiers.desk import page, url


@pytest.fixture
def officer(story):
    client = Client()
    client.force_login(story.officer)
    return client


def answered(story, clerk="clerk"):
    """A dossier whose supplement brought a new certificate and other figures."""
    dossier = story.checking(clerk)
    asked = [actions.Asked(part, "other", "Sửa.") for part in ("quality_certificates", "figures", "product")]
    actions.request_supplement(dossier=dossier, defects=asked, by=story.officer, at=story.tick())
    dossier.documents.filter(paper="quality_certificates").update(removed_at=story.tick())
    story.attach(dossier, "quality_certificates", clerk, b"%PDF-1.4 new")
    by = story.person(clerk)
    actions.report_figures(dossier=dossier, figures={2025: {"workers": 250}}, by=by, at=story.tick())
    text = "Mô tả sản phẩm. " * 9 + "Mô tả mới."
    actions.describe(dossier=dossier, description=text, by=by, at=story.tick())
    return actions.answer_supplement(dossier=dossier, by=by, at=story.tick())


def test_the_answer_to_a_supplement_is_shown_field_by_field(officer, story):
    dossier = answered(story)

    text = page(officer, url("changes", dossier.pk))

    assert "Bản 1 → 2" in text
    assert "<del>200</del>" in text
    assert "<ins>250</ins>" in text
    assert "<ins>quality_certificates.pdf</ins>" in text
    assert "<ins>mới." in text.replace("\n", " ")
    assert "business_registration.pdf" not in text  # what did not change is left out


def test_a_dossier_sent_once_says_that_there_is_nothing_to_compare(officer, story):
    dossier = story.checking()

    for query in ({}, {"ban": "nam-truoc"}, {"ban": "99"}, {"ban": "'x"}):
        assert "Chưa có gì để so" in page(officer, url("changes", dossier.pk, **query))


def test_against_the_year_before_with_names_instead_of_keys(officer, story):
    before = story.eligible()
    type(before.season).objects.filter(pk=before.season_id).update(year=2025, decided_at=story.now)
    Enterprise.objects.filter(pk=before.enterprise_id).update(legal_representative="Lê Thị Mới", form="limited")
    now = story.submitted(product=before.product)

    text = page(officer, url("changes", now.pk))

    assert "So với hồ sơ năm trước" in text
    assert "<del>Trần Văn Thử</del>" in text
    assert "<ins>Lê Thị Mới</ins>" in text
    assert "<del>Công ty cổ phần</del>" in text


def test_it_asks_the_database_as_often_for_many_changes_as_for_few(officer, story):
    few, many = answered(story, "a"), answered(story, "b")
    asked = [actions.Asked("quality_certificates", "other", "Sửa.")]
    actions.request_supplement(dossier=many, defects=asked, by=story.officer, at=story.tick())
    for number in range(3):
        story.attach(many, "quality_certificates", "b", b"%PDF-1.4 " + str(number).encode())
    actions.answer_supplement(dossier=many, by=story.person("b"), at=story.tick())
    counts = []
    for dossier in (few, few, many):
        with CaptureQueriesContext(connection) as caught:
            page(officer, url("changes", dossier.pk))
        counts.append(len(caught))

    assert counts[1] == counts[2]


texts = st.text(alphabet="ab  ", max_size=30)


@given(texts, texts)
def test_the_marked_text_holds_both_texts_whole(before, after):
    pieces = pieces_of(before, after)

    assert " ".join(p.text for p in pieces if p.kind != "new") == before or not before
    assert " ".join(p.text for p in pieces if p.kind != "old") == after or not after


plain = st.none() | st.integers(0, 5) | st.text(max_size=5) | st.booleans()
content = st.dictionaries(
    st.sampled_from(["enterprise", "product", "undertakings"]), st.dictionaries(st.text(max_size=4), plain, max_size=3)
)


@pytest.mark.django_db
@given(content, content)
def test_two_versions_differ_exactly_where_they_say_so(before, after):
    found = differences(before, after)

    assert (found == []) == all(
        before.get(part, {}).get(name) == after.get(part, {}).get(name)
        for part in {*before, *after}
        for name in {*before.get(part, {}), *after.get(part, {})}
    )
    assert sum(len(part.changes) for part in parts_of(before, after)) == len(found)


def test_the_page_lists_figures_year_by_year_and_texts_as_the_dossier_has_them():
    from dossiers.views.desk.versions import parts_of

    # As the database gives JSON back: shorter names first, then by letters.
    year = {"workers": 1, "revenue_vnd_billion": "1", "export_usd_million": "1"}
    before = {"figures": {"2025": year, "2024": year}, "product": {"track": "a", "name_vi": "a"}}
    other = {"workers": 2, "revenue_vnd_billion": "2", "export_usd_million": "2"}
    after = {"figures": {"2025": other, "2024": other}, "product": {"track": "b", "name_vi": "b"}}

    texts, figures = parts_of(before, after)

    assert [change.name[:4] for change in figures.changes] == ["2024"] * 3 + ["2025"] * 3
    assert "doanh thu" in figures.changes[0].name
    assert "lao động" in figures.changes[2].name
    assert "tên" in texts.changes[0].name.lower()
