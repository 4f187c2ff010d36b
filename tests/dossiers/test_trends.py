"""Growth, export share and the questions about unusual figures: pure."""

from decimal import Decimal

import pytest

from dossiers.trends import Year, doubts, export_share, growth


def codes(*years: Year, track: str = "standard", rate: str | None = None) -> list[tuple[str, str, int]]:
    found = doubts(years, track=track, usd_rate_vnd=Decimal(rate) if rate else None)
    return [(doubt.code, doubt.measure, doubt.year) for doubt in found]


def year(number: int, revenue: str | None = "200", **more) -> Year:
    values = {"export_usd_million": Decimal(1), "workers": 100} | more
    return Year(number, revenue_vnd_billion=None if revenue is None else Decimal(revenue), **values)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [("100", "150", "50"), ("100", "50", "-50"), ("0", "5", None), (None, "5", None), ("5", None, None)],
)
def test_growth_is_in_per_cent_and_silent_without_a_base(before, after, expected):
    def number(text):
        return None if text is None else Decimal(text)

    assert growth(number(before), number(after)) == number(expected)


def test_the_export_share_uses_the_rate_of_the_season():
    # 2 million USD at 25,000 VND are 50 billion VND: a quarter of 200.
    reported = Year(2025, revenue_vnd_billion=Decimal(200), export_usd_million=Decimal(2))

    assert export_share(reported, Decimal(25_000)) == Decimal(25)
    assert export_share(reported, None) is None
    assert export_share(Year(2025, revenue_vnd_billion=Decimal(0), export_usd_million=Decimal(2)), Decimal(1)) is None


def test_usual_figures_raise_no_question():
    assert codes(year(2023), year(2024, "220"), year(2025, "260"), rate="25000") == []


def test_ten_times_as_much_is_asked_as_a_wrong_unit():
    assert codes(year(2024, "200"), year(2025, "2000")) == [("jump", "revenue_vnd_billion", 2025)]
    assert codes(year(2024, "2000"), year(2025, "200")) == [("jump", "revenue_vnd_billion", 2025)]


def test_less_than_half_is_asked_once_as_a_fall():
    assert codes(year(2024, "300"), year(2025, "149")) == [("fall", "revenue_vnd_billion", 2025)]
    assert codes(year(2024, "300"), year(2025, "150")) == []


def test_a_fall_to_nothing_is_a_fall():
    assert ("fall", "workers", 2025) in codes(year(2024), year(2025, workers=0))


def test_a_product_cannot_earn_more_than_its_maker():
    assert codes(year(2025, enterprise_revenue_vnd_billion=Decimal(199))) == [
        ("more_than_enterprise", "revenue_vnd_billion", 2025)
    ]
    assert codes(year(2025, enterprise_revenue_vnd_billion=Decimal(200))) == []


def test_exports_above_the_revenue_are_asked_only_with_a_rate():
    reported = year(2025, "200", export_usd_million=Decimal(9))

    assert codes(reported, rate="25000") == [("more_than_sold", "export_usd_million", 2025)]
    assert codes(reported) == []


def test_a_figure_below_the_track_is_asked_for_the_last_year_only():
    assert codes(year(2024, "60"), year(2025, "99")) == [("below_track", "", 2025)]
    assert codes(year(2024, "60"), year(2025, "100")) == []
    assert codes(year(2025, "11"), track="hi_tech") == []


def test_a_confirmation_ends_when_the_value_changes_but_not_when_it_is_padded():
    def key(value: str) -> str:
        return doubts([year(2024, "200"), year(2025, value)], track="standard")[0].key

    assert key("2000") == key("2000.000")
    assert key("2000") != key("2001")
