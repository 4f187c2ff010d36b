"""A form of another year is loaded without a line of code, and a wrong one is refused whole."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from certificates import forms
from certificates.models import PaperForm
from core.errors import Refused

pytestmark = pytest.mark.django_db
OTHER = Path(__file__).parent / "another_year.json"


def load(*arguments) -> str:
    out = StringIO()
    call_command("load_paper_form", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_form_is_judged_kept_and_known_again():
    assert "sound" in load("--check", OTHER)
    assert not PaperForm.objects.exists()
    assert "kept" in load(OTHER)
    assert "known already" in load(OTHER)

    other = PaperForm.objects.get()
    assert forms.form_for(other.from_year, at=timezone.now()) == other
    assert forms.form_for(2026, at=timezone.now()).code == "2026"


def test_what_is_wrong_is_told_with_its_place_and_nothing_is_kept(tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text(OTHER.read_text().replace('"format": 1', '"format": 7'))

    with pytest.raises(CommandError, match="format must be 1"):
        load(bad)
    with pytest.raises(CommandError, match="absent"):
        load(tmp_path / "absent.json")
    assert not PaperForm.objects.exists()


def test_a_changed_form_needs_a_new_code_and_a_kept_one_never_changes():
    load(OTHER)
    changed = OTHER.read_text().replace('"title": "', '"title": "Mới ', 1)

    with pytest.raises(Refused):
        forms.load_form(text=changed, by=None, at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperForm.objects.update(from_year=2000)
