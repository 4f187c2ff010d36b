"""Looking up without an account tells little, to whoever knows two things, and not often."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from dossiers.models import Dossier
from dossiers.views import track as door
from tests.dossiers.applicant import tell_time, url, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)
    door._own_counts.clear()


def look(number, tax_code, **extra):
    return Client().post(reverse("dossiers:track"), {"number": number, "tax_code": tax_code}, **extra)


def names_of(story, dossier):
    return (
        dossier.enterprise.name_vi, dossier.product.name_vi, dossier.enterprise.tax_code,
        str(story.person("clerk")), str(story.officer), "Chứng nhận ISO",
    )  # fmt: skip


def test_number_and_tax_code_show_stage_and_dates_but_no_names(story):
    dossier = story.supplement()

    page = words(look(dossier.number.lower(), dossier.enterprise.tax_code))

    assert "Cần bổ sung" in page
    assert "13/08/2026" in page
    for name in names_of(story, dossier):
        assert name not in page


def test_the_code_of_the_receipt_opens_the_same_at_once(story):
    dossier = story.supplement()

    answer = Client().get(url("track_code", code=dossier.track_code))

    assert "Cần bổ sung" in words(answer)
    assert answer["Referrer-Policy"] == "no-referrer"
    for name in names_of(story, dossier):
        assert name not in words(answer)


def test_the_code_is_random_and_long_and_everybodys_own(story):
    codes = {story.submitted(f"clerk-{n}").track_code for n in range(3)}

    assert len(codes) == 3
    assert all(len(code) >= 22 for code in codes)  # 16 bytes in base 64
    assert story.draft().track_code is None


@pytest.mark.parametrize("code", ["x", "None", "A" * 22, "%20", "0" * 200])
def test_any_other_code_is_not_found(story, code):
    story.submitted()

    assert Client().get(url("track_code", code=code)).status_code == 404


def test_the_receipt_carries_the_code_in_its_qr(story):
    from dossiers.views.applicant.send import _address

    dossier = story.submitted()

    assert _address(dossier).endswith(f"/{dossier.track_code}/")
    assert dossier.enterprise.tax_code not in _address(dossier)


def test_every_wrong_pair_gets_the_same_answer(story):
    dossier = story.submitted()
    right, other = dossier.enterprise.tax_code, story.enterprise("song-to").tax_code

    def answer(number, tax_code):
        cache.clear()
        page = words(look(number, tax_code)).split("<main")[1]
        token = page.split("csrfmiddlewaretoken")[1].split('"')[2]
        return page.replace(token, "").replace(f'value="{number}"', "").replace(f'value="{tax_code}"', "")

    first = answer(dossier.number, other)
    assert first == answer("H26.12-260803-9999", right) == answer("H26.12-260803-9999", other)
    assert first == answer(dossier.number, "0000000000"), "a code that fails its check digit is no other answer"
    assert "Không có hồ sơ nào khớp" in first


def test_spaces_dots_and_the_branch_hyphen_do_not_matter(story):
    dossier = story.submitted()
    code = dossier.enterprise.tax_code

    assert dossier.number in words(look(f"  {dossier.number} ", f"{code[:4]} {code[4:7]}.{code[7:]}"))


@pytest.mark.parametrize("short", ["", "1234", "123456789", "12345678901"])
def test_the_last_four_digits_are_no_longer_enough(story, short):
    dossier = story.submitted()

    page = words(look(dossier.number, short or dossier.enterprise.tax_code[-4:]))

    assert "track-result" not in page


def test_a_draft_cannot_be_tracked(story):
    dossier = story.draft()

    assert "Không có hồ sơ nào khớp" in words(look("None", dossier.enterprise.tax_code))


def test_one_address_looks_up_five_times_a_minute_whatever_the_numbers(story):
    code = story.submitted().enterprise.tax_code
    answers = [look(f"H26.12-{n}", code) for n in range(7)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert "Hãy đợi một phút" in words(answers[-1])
    assert look("H26.12-99", code, REMOTE_ADDR="203.0.113.9").status_code == 200


def test_many_addresses_do_not_help_against_one_number(story, settings):
    dossier = story.submitted()
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    wrong = story.enterprise("song-to").tax_code

    codes = [look(dossier.number, wrong, REMOTE_ADDR=f"203.0.113.{n}").status_code for n in range(50)]

    assert codes == [200] * 5 + [429] * 45
    assert look(dossier.number, dossier.enterprise.tax_code, REMOTE_ADDR="198.51.100.1").status_code == 429


def test_numbers_and_codes_tried_in_a_row_from_many_addresses_find_nothing(story):
    """D12: the pairs a stranger would try; each of twenty addresses is stopped after five, so is each number."""
    dossiers = [story.submitted(f"clerk-{n}") for n in range(2)]
    stranger = story.enterprise("song-to").tax_code
    found = 0
    for n in range(20):
        for k in range(10):
            answer = look(dossiers[k % 2].number, stranger, REMOTE_ADDR=f"198.51.100.{n}")
            found += "track-result" in words(answer)
    assert found == 0


def test_without_the_cache_looking_up_works_and_is_still_limited(story, monkeypatch):
    from redis.exceptions import ConnectionError as Gone

    def fail(*args, **kwargs):
        raise Gone("no cache")

    dossier = story.submitted()
    monkeypatch.setattr(cache, "add", fail, raising=False)
    monkeypatch.setattr(cache, "incr", fail, raising=False)

    answers = [look(dossier.number, dossier.enterprise.tax_code) for _ in range(7)]

    assert dossier.number in words(answers[0])
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2


@pytest.mark.parametrize(
    ("number", "code"),
    [("", ""), ("\x00", "12\x00"), ("x" * 999, "12345"), ("%", "%%%%"), ("H", "１２３４５６７８９０")],
)
def test_odd_look_ups_are_errors_of_the_form(db, number, code):
    assert look(number, code).status_code == 200


def test_an_older_code_fills_in_the_number(db):
    page = words(Client().get(reverse("dossiers:track"), {"number": "H26.12-260803-0001"}))

    assert 'value="H26.12-260803-0001"' in page


def test_old_dossiers_got_their_code(story):
    from importlib import import_module

    from django.apps import apps

    dossier = story.submitted()
    Dossier.objects.update(track_code=None)

    import_module("dossiers.migrations.0007_track_codes").fill(apps, None)

    assert len(Dossier.objects.get(pk=dossier.pk).track_code) >= 22
