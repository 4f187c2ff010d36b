"""The criteria of a season in public: fixed before scoring, with a digest that anyone can check."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from core.canonical import canonical
from core.errors import Refused
from programme import actions, rubric_file
from programme.models import Rubric, Season
from tests.story import SMALL_RUBRIC, make_reference

pytestmark = pytest.mark.django_db
FOLDER = Path(settings.BASE_DIR) / "programme" / "rubrics"
RULES = SMALL_RUBRIC | {
    "format": 2,
    "tie_rules": ["2", "vote"],
    "cut": "refer",
    "award_bands": [{"label_vi": "Vàng", "label_en": "Gold", "from": 90}],
    "criteria": [
        SMALL_RUBRIC["criteria"][0] | {"justify_above": 45},
        SMALL_RUBRIC["criteria"][1] | {"condition": {"criterion": "1", "at_least": 5}},
        SMALL_RUBRIC["criteria"][2] | {"eliminates_vi": "Vi phạm pháp luật", "eliminates_en": "Breaks the law"},
    ],
}


def page(client, year: int, language: str = "vi") -> str:
    with translation.override(language):
        return client.get(reverse("public:season", args=[year])).content.decode()


def public_season(story, document) -> Season:
    season = story.season(document)
    Season.objects.filter(pk=season.pk).update(published_at=story.now)
    return season


def test_the_page_says_every_rule(client, story):
    season = public_season(story, RULES)

    words = page(client, season.year)

    for sentence in (
        "Sản phẩm đạt khi tổng điểm từ 70 trở lên",
        "Mỗi tiêu chí cấp một phải đạt ít nhất 40% số điểm của nó.",
        "Xuất khẩu (2)",
        "biểu quyết có ghi biên bản của hội đồng",
        "Ở vị trí cuối của danh sách đầu bảng, hội đồng biểu quyết.",
        "Vàng: từ 90 điểm",
        "Chỉ hỏi khi tiêu chí 1. Tăng trưởng đạt ít nhất 5 điểm; nếu không thì tính 0.",
        "Phải nêu lý do khi cho trên 45 điểm.",
        "Vi phạm pháp luật",
        "từ 10%",
        season.rubric.digest,
    ):
        assert sentence in words, sentence
    assert "Asked only when criterion 1. Growth has at least 5 points" in page(client, season.year, "en")


def test_the_file_of_the_page_hashes_to_the_published_digest(client, story):
    season = public_season(story, RULES | {"scale_max": "100.0"})

    answer = client.get(reverse("public:rubric_file", args=[season.year]))

    assert hashlib.sha256(answer.content).hexdigest() == season.rubric.digest
    assert answer["Content-Type"] == "application/json"
    assert season.rubric.digest[:12] in answer["Content-Disposition"]
    assert rubric_file.judge(rubric_file.read_bytes(answer.content, toml=False)) == actions.rules_of(season.rubric)
    assert canonical(json.loads(answer.content)) == answer.content


def test_before_publication_there_is_no_file_and_the_page_says_so(client, story):
    season = story.season(published=False)
    Season.objects.filter(pk=season.pk).update(published_at=story.now)

    assert client.get(reverse("public:rubric_file", args=[season.year])).status_code == 404
    assert client.get(reverse("public:rubric_file", args=[1999])).status_code == 404
    assert "chưa công bố bộ tiêu chí" in page(client, season.year)


def test_criteria_are_published_before_scoring_opens_or_not_at_all(story):
    season = story.season(published=False)
    rubric, _new = actions.load_rubric(document=SMALL_RUBRIC, by=story.secretary, at=story.now)
    late = season.scoring_begins_at

    with pytest.raises(Refused, match="Việc chấm điểm đã mở"):
        actions.publish_rubric(season=season, rubric=rubric, by=story.secretary, at=late)
    season.refresh_from_db()
    assert season.rubric is None
    moment = late - timedelta(seconds=1)
    actions.publish_rubric(season=season, rubric=rubric, by=story.secretary, at=moment)
    season.refresh_from_db()
    assert (season.rubric, season.rubric_published_at) == (rubric, moment)


def test_a_season_keeps_the_criteria_it_published_even_in_the_database(story):
    season = story.season()
    other, _new = actions.load_rubric(document={**SMALL_RUBRIC, "code": "other"}, by=None, at=story.now)

    with pytest.raises(Refused):
        actions.publish_rubric(season=season, rubric=other, by=story.secretary, at=story.now)
    for value in (other, None):
        with pytest.raises(IntegrityError, match="has published its rubric"), transaction.atomic():
            Season.objects.filter(pk=season.pk).update(rubric=value)
    Season.objects.filter(pk=season.pk).update(top_places=9)


def test_sets_are_shown_one_by_one_with_their_cases(client, story):
    make_reference()
    document = rubric_file.read_bytes((FOLDER / "ocop-1048.json").read_bytes(), toml=False)
    season = public_season(story, document)

    words = page(client, season.year)

    assert words.count("<details") >= 3
    for sentence in ("Ngành vải, may mặc", "Thủ công mỹ nghệ gia dụng", "Bộ tiêu chí này theo một chương trình khác"):
        assert sentence in words
    assert words.count("Trường hợp: Công ty, hợp tác xã, tổ hợp tác") == 3
    assert words.count("Sản phẩm vi phạm sở hữu trí tuệ") == 3
    assert 'id="criterion-S13.A.1.1"' in words
    assert "Pass from 50 points: INFERRED" in words


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.iterdir()))
def test_every_shipped_rubric_can_be_shown(client, story, name):
    make_reference()
    call_command("load_rubric", str(FOLDER / name))
    season = story.season(published=False)
    Season.objects.filter(pk=season.pk).update(published_at=story.now)
    actions.publish_rubric(season=season, rubric=Rubric.objects.get(), by=story.secretary, at=story.now)

    assert Rubric.objects.get().digest in page(client, season.year)
    assert Rubric.objects.get().digest in page(client, season.year, "en")
