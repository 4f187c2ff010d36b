"""What `make bench` compares is the same page, and its report says so when a goal is missed."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest

from bench import certificates_report
from bench import certificates_ways as ways
from tests.certificates.reading import codes_on, squeezed, text_of


@pytest.mark.pdf
@pytest.mark.parametrize("naive", [ways.naive, ways.naive_plain])
def test_the_naive_way_makes_the_same_page(naive, settings):
    theirs, ours = naive(7), ways.ours(7)

    assert squeezed(text_of(theirs)) == squeezed(text_of(ours))
    assert codes_on(theirs, 300) == codes_on(ours, 300) == [ways.qr_text(7)]
    for content in (theirs, ours):
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert len(pdf.pages) == 1
            assert "/StructTreeRoot" in pdf.Root
            assert len(pdf.attachments) == 1


def facts(**cpu):
    key = {
        "cpu": {"documented": 100.0, "key_kept": 80.0, "ours": 5.0, "bare": 0.3},
        "whole": {"naive": 300.0, "naive_plain": 200.0, "ours": 50.0},
        "added": {"documented": 8000, "key_kept": 8000, "ours": 6000},
    }
    times = {"naive": 200.0, "naive_plain": 120.0, "ours": 40.0, "check": 10.0} | cpu
    return {
        "at": datetime(2026, 11, 22, tzinfo=UTC),
        "machine": {"cores": 2, "memory": 8, "system": "Linux", "python": "3.11", "load": 0.1},
        "ways": {"runs": 3, "cpu": times, "fastest": times, "first": {}, "bytes": {"ours": 36_000}},
        "signing": {"runs": 3, "keys": dict.fromkeys(certificates_report.KEYS, key)},
        "rates": [{"per_second": 25.0, "per_cpu_second": 25.0}, {"per_second": 48.0, "per_cpu_second": 24.0}],
        "memory": {"peak": {"1": 120.0, "100": 130.0, "500": 131.0, "2000": 132.0}},
        "count": 2000,
    }


def test_the_report_names_what_was_met_and_what_was_missed():
    page = certificates_report.text(facts())

    assert "| naive / ours, full render | >= 2.8 | 5.0 | met |" in page
    assert "| two workers / one, by the clock | >= 1.6 | 1.9 | met |" in page
    assert "| MiB grown from 500 to 2,000 | <= 5 | 1.0 | met |" in page
    assert "missed" not in page
    assert "| naive / ours, full render | >= 2.8 | 2.0 | missed |" in certificates_report.text(facts(ours=100.0))
