import json
import re

import pytest
from django.core.management import call_command

from programme.models import Rubric
from reference.models import Sector, Ward
from registry import load
from registry.models import ReportedRecognition, SeasonFigure, SectorFigure, SourceNote

pytestmark = pytest.mark.django_db


def rows():
    models = [Ward, Sector, SeasonFigure, SectorFigure, ReportedRecognition, SourceNote, Rubric]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_loading_twice_changes_nothing(capsys):
    call_command("load_reference")
    first = rows()
    call_command("load_reference")

    assert rows() == first


def test_it_prints_one_line_of_counts(capsys):
    call_command("load_reference")

    lines = capsys.readouterr().out.strip().splitlines()
    assert len(lines) == 1
    assert "126 wards" in lines[0]
    assert "8 sectors" in lines[0]


def test_hanoi_has_51_wards_and_75_communes():
    call_command("load_reference")

    assert Ward.objects.count() == 126
    assert Ward.objects.filter(type_vi="Phường").count() == 51
    assert Ward.objects.filter(type_vi="Xã").count() == 75
    assert Sector.objects.count() == 8


def test_seasons_stand_as_the_sources_print_them():
    call_command("load_reference")

    figure = SeasonFigure.objects.get(year=2021)
    assert (figure.applied_products, figure.recognised_products, figure.top10_products) == (54, 46, 10)
    assert figure.decision_number == "5012/QĐ-UBND"
    assert len(figure.sources) == 3
    assert SeasonFigure.objects.get(year=2020).applied_products is None
    assert not SeasonFigure.objects.filter(year=2013).exists()


def test_the_sectors_of_2022_add_up_to_what_was_recognised():
    call_command("load_reference")

    figures = SectorFigure.objects.filter(period="2022")
    assert sum(f.recognised_products for f in figures) == SeasonFigure.objects.get(year=2022).recognised_products


def test_a_row_that_the_files_no_longer_hold_goes():
    call_command("load_reference")
    ReportedRecognition.objects.create(period="1999", product_name="Không có", source_url="")

    call_command("load_reference")

    assert not ReportedRecognition.objects.filter(period="1999").exists()


def test_a_note_that_says_same_repeats_the_row_above():
    call_command("load_reference")

    assert not ReportedRecognition.objects.filter(note__startswith="same").exists()


def test_every_source_that_a_note_cites_is_listed_and_both_languages_cite_the_same():
    notes = json.loads((load.DATA / "contradictions.json").read_text())
    cited = set()
    for note in notes:
        numbers = re.findall(r"\[(S?\d+)\]", note["text_vi"])
        assert numbers == re.findall(r"\[(S?\d+)\]", note["text_en"])
        cited |= set(numbers)

    assert cited == set(load.sources())
    assert len(notes) == 15


def test_no_stored_text_is_a_link():
    assert all(address == "" or address.startswith("http") for address in load.sources().values())


def test_the_proposed_criteria_are_loaded_as_a_draft():
    call_command("load_reference")

    rubric = Rubric.objects.get(code="kip-proposal")
    assert rubric.is_proposal
    assert rubric.published_at is None
