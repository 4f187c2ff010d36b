"""Criteria at the desk: drafts, live judgement, two people in one draft, and the rubric made of it."""

import hashlib
import json
from copy import deepcopy
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.canonical import digest
from core.errors import Refused
from core.models import AuditEvent
from programme import actions, rubric_actions, rubric_draft, rubric_file
from programme.models import Rubric, RubricDraft
from tests.evaluations.test_shipped_rubrics import FILES, FOLDER, read
from tests.story import SMALL_RUBRIC, Story, make_reference

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def start(story: Story, document: dict[str, Any] | None = None) -> RubricDraft:
    content = deepcopy(document or SMALL_RUBRIC)
    return rubric_actions.start_draft(content=content, based_on=None, by=story.officer, at=timezone.now())


def url(draft: RubricDraft, node: str = "") -> str:
    address = reverse("programme:rubric_draft", args=[draft.pk])
    return f"{address}?node={node}" if node else address


def typed(client: Client, draft: RubricDraft, node: str = "") -> dict[str, Any]:
    """What a browser would send back from the open form."""
    page = client.get(url(draft, node))
    form = page.context["form"]
    data: dict[str, Any] = {"version": page.context["draft"].version, "target": node}
    lists = list(form.lists.values()) if hasattr(form, "lists") else [rows for _g, _n, rows, _u in form.levels]
    for part in [form, *(line for rows in lists for line in rows.forms)]:
        for field in part:
            value = field.value()
            if value is not None and value is not False and value != []:
                data[field.html_name] = value
    return data | {rows.count_name: len(rows.forms) for rows in lists}


# --- from file to draft to rubric ---------------------------------------------------------------------
@pytest.mark.parametrize("name", FILES)
def test_a_shipped_rubric_goes_through_the_forms_unchanged(story, name):
    """Every form of every criterion, opened and saved as it is, changes nothing."""
    make_reference()
    document, rules = read(name)
    plain = json.loads(json.dumps(document, default=str))
    draft = start(story, plain)
    client = signed_in(story.officer)
    nodes = ["", *(found.node["_id"] for found in rubric_draft.walk(draft.content))]

    for node in nodes[:: 1 if len(nodes) < 30 else 9]:
        assert client.post(url(draft), {**typed(client, draft, node), "do": "save"}).status_code == 302

    draft.refresh_from_db()
    stored = rubric_draft.plain(draft.content)
    assert rubric_file.judge(stored) == rules
    assert {**plain, "cut": rules.cut} == stored
    assert client.get(reverse("programme:draft_export", args=[draft.pk])).json() == rubric_draft.plain(draft.content)


def test_a_copy_is_changed_and_made_into_criteria(story):
    rubric = story.rubric()
    client = signed_in(story.secretary)

    began = client.post(reverse("programme:rubric_new"), {"from": rubric.pk})
    draft = RubricDraft.objects.get()
    assert began["Location"] == url(draft)
    assert draft.content["code"] == "small-2"
    data = typed(client, draft, "n1") | {"label_vi": "Tăng trưởng doanh thu", "max_points": "50", "do": "save"}
    client.post(url(draft), data)
    draft.refresh_from_db()
    done = client.post(reverse("programme:draft_make", args=[draft.pk]), {"version": draft.version})

    made = Rubric.objects.get(code="small-2")
    assert done["Location"] == reverse("programme:rubric", args=[made.pk])
    assert made.criteria.get(code="1").label_vi == "Tăng trưởng doanh thu"
    assert digest(made.content) == made.digest
    assert "_id" not in json.dumps(made.content)
    assert made.published_at is None
    assert rubric.content == Rubric.objects.get(pk=rubric.pk).content
    acts = set(AuditEvent.objects.filter(act__startswith="rubric.").values_list("act", flat=True))
    assert {"rubric.draft_started", "rubric.loaded"} <= acts


def test_an_unsound_draft_is_saved_and_makes_no_criteria(story):
    draft = start(story)
    client = signed_in(story.officer)

    client.post(url(draft), typed(client, draft, "n1") | {"max_points": "45", "do": "save"})
    page = client.get(url(draft))
    refused = client.post(reverse("programme:draft_make", args=[draft.pk]), {"version": 2}, follow=True)

    assert "thiếu 5 điểm" in page.content.decode()
    assert "tổng điểm các tiêu chí là 95, không bằng thang điểm 100 (−5)" in page.content.decode()
    assert "Bản nháp chưa hợp lệ" in refused.content.decode()
    assert not Rubric.objects.exists()


def test_a_file_becomes_a_draft_or_is_refused_with_its_reasons(story):
    client, address = signed_in(story.officer), reverse("programme:rubric_new")

    def send(name: str, content: bytes):
        return client.post(address, {"from": "file", "file": SimpleUploadedFile(name, content)})

    repairable = {**SMALL_RUBRIC, "scale_max": 90}
    assert send("a.json", json.dumps(repairable).encode()).status_code == 302
    assert send("cnnt.toml", (FOLDER / "cnnt-2014.toml").read_bytes()).status_code == 302
    assert RubricDraft.objects.count() == 2
    for content in (b"\xff\xfe", b"[]", b'{"a": 1, "a": 2}', json.dumps({"criteria": 5}).encode()):
        refused = send("b.json", content)
        assert refused.status_code == 400
        assert "error-summary" in refused.content.decode()
    assert client.post(address, {"from": "file"}).status_code == 400
    assert client.post(address, {"from": "999999"}).status_code == 404
    assert RubricDraft.objects.count() == 2


def test_an_empty_draft_grows_criterion_by_criterion(story):
    client = signed_in(story.officer)
    client.post(reverse("programme:rubric_new"), {"from": "blank"})
    draft = RubricDraft.objects.get()

    client.post(url(draft), typed(client, draft) | {"title_vi": "Bộ mới", "title_en": "New", "do": "beside"})
    first = {"code": "1", "label_vi": "Một", "label_en": "One", "max_points": "62,5"}
    client.post(url(draft), typed(client, draft, "n1") | first | {"do": "beside"})
    second = {"code": "2", "label_vi": "Hai", "label_en": "Two", "max_points": "37,5"}
    client.post(url(draft), typed(client, draft, "n2") | second | {"do": "inside"})
    third = {"code": "2.1", "label_vi": "Con", "label_en": "Child", "max_points": "37,5"}
    client.post(url(draft), typed(client, draft, "n3") | third | {"do": "save"})

    draft.refresh_from_db()
    rules = rubric_file.judge(rubric_draft.plain(draft.content))
    assert [(c.code, str(c.max_points), c.is_leaf) for c in rules.criteria] == [
        ("1", "62.5", True),
        ("2", "37.5", False),
        ("2.1", "37.5", True),
    ]


def test_rules_levels_and_sets_are_written_in_the_form(story):
    make_reference()
    draft = start(story)
    client = signed_in(story.officer)
    data = typed(client, draft) | {
        "cut": "refer",
        "tie-2-code": "vote",
        "pass-2-type": "criterion_at_least",
        "pass-2-value": "12,5",
        "pass-2-criterion": "2",
        "band-0-label_vi": "Vàng",
        "band-0-label_en": "Gold",
        "band-0-start": "90",
        "do": "save",
    }
    assert client.post(url(draft), data).status_code == 302
    level = {"level0-2-points": "50", "level0-2-when_vi": "từ 20%", "level0-2-when_en": "20 % or more"}
    condition = {"condition_criterion": "1", "condition_points": "5", "eliminates_vi": "loại", "eliminates_en": "out"}
    client.post(url(draft), typed(client, draft, "n1") | level | {"justify_above": "45", "do": "save"})
    client.post(url(draft), typed(client, draft, "n2") | condition | {"do": "save"})

    draft.refresh_from_db()
    rules = rubric_file.judge(rubric_draft.plain(draft.content))
    assert (rules.cut, rules.tie_rules, rules.bands[0].label_en) == ("refer", ("2", "1", "vote"), "Gold")
    assert rules.pass_rules[2] == rubric_file.PassRule("criterion_at_least", rubric_file.judging.Fraction("12.5"), "2")
    assert [a.points for a in rules.criteria[0].anchors_for("standard")] == [20, 40, 50]
    assert rules.criteria[0].justify_above == 45
    assert rules.criteria[1].condition == rubric_file.Condition("1", rubric_file.judging.Decimal(5))
    assert rules.criteria[1].may_eliminate


def test_an_emptied_line_is_removed(story):
    draft = start(story)
    client = signed_in(story.officer)
    data = typed(client, draft, "n1")
    for name in ("points", "when_vi", "when_en"):
        del data[f"level0-0-{name}"]

    client.post(url(draft), data | {"do": "save"})

    draft.refresh_from_db()
    assert [level["points"] for level in rubric_draft.own(draft.content, "n1")["anchors"]] == [40]


def test_moving_keeps_what_a_criterion_says(story):
    draft = start(story)

    def codes(content: dict[str, Any]) -> list[tuple[str, int]]:
        return [(found.node["code"], found.depth) for found in rubric_draft.walk(content)]

    content = rubric_draft.move(draft.content, "n3", "up")
    assert codes(content) == [("1", 0), ("3", 0), ("2", 0)]
    content = rubric_draft.move(content, "n3", "in")
    assert codes(content) == [("1", 0), ("3", 1), ("2", 0)]
    content = rubric_draft.move(content, "n3", "out")
    assert codes(content) == [("1", 0), ("3", 0), ("2", 0)]
    assert "children" not in rubric_draft.find(content, "n1").node
    assert codes(rubric_draft.move(content, "n1", "up")) == codes(content)
    assert codes(rubric_draft.remove(content, "n3")) == [("1", 0), ("2", 0)]


# --- judged while typing ------------------------------------------------------------------------------
def test_what_is_typed_is_judged_beside_its_place_and_not_saved(story):
    draft = start(story)
    client, address = signed_in(story.officer), reverse("programme:draft_judge", args=[draft.pk])
    data = typed(client, draft, "n1") | {"max_points": "30", "label_en": ""}

    told = client.post(address, data).json()

    assert told["judged"] is True
    assert told["fields"]["level0-1-points"] == "40 điểm vượt mức tối đa 30"
    assert told["fields"]["label_en"] == "thiếu tên tiếng Anh"
    assert "thiếu 20 điểm" in told["verdict"]
    draft.refresh_from_db()
    assert draft.version == 1
    assert client.post(address, data | {"max_points": "abc"}).json() == {"judged": False}
    assert client.post(address, data | {"target": "n99"}).json() == {"judged": False}


def test_a_problem_after_an_empty_line_stands_beside_the_line_on_the_page(story):
    draft = start(story)
    client = signed_in(story.officer)
    data = typed(client, draft, "n1") | {"level0-2-points": "60", "level0-2-when_vi": "a", "level0-2-when_en": "a"}
    del data["level0-0-points"], data["level0-0-when_vi"], data["level0-0-when_en"]

    told = client.post(reverse("programme:draft_judge", args=[draft.pk]), data).json()

    assert set(told["fields"]) == {"level0-2-points"}


def test_the_check_button_judges_without_script_and_saves_nothing(story):
    draft = start(story)
    client = signed_in(story.officer)

    page = client.post(url(draft), typed(client, draft, "n2") | {"max_points": "31", "do": "check"})

    assert page.status_code == 200
    assert "thừa 1 điểm" in page.content.decode()
    assert 'value="31"' in page.content.decode()
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_figure_that_is_none_is_told_and_nothing_is_lost(story):
    draft = start(story)
    client = signed_in(story.officer)

    page = client.post(url(draft), typed(client, draft, "n2") | {"max_points": "abc", "label_vi": "Khác", "do": "up"})

    assert page.status_code == 400
    assert "Khác" in page.content.decode()
    draft.refresh_from_db()
    assert draft.version == 1


# --- two people ---------------------------------------------------------------------------------------
def test_two_people_in_different_fields_keep_both(story):
    draft = start(story)
    one, other = signed_in(story.officer), signed_in(story.secretary)
    mine, theirs = typed(one, draft, "n1"), typed(other, draft, "n1")

    other.post(url(draft), theirs | {"label_en": "Growth rate", "do": "save"})
    answer = one.post(url(draft), mine | {"label_vi": "Tốc độ tăng", "do": "save"}, follow=True)

    assert "Người secretary có sửa ở đây" in answer.content.decode()
    node = rubric_draft.own(RubricDraft.objects.get().content, "n1")
    assert (node["label_vi"], node["label_en"]) == ("Tốc độ tăng", "Growth rate")


def test_two_people_in_one_field_see_each_other_and_nothing_is_overwritten(story):
    draft = start(story)
    one, other = signed_in(story.officer), signed_in(story.secretary)
    mine = typed(one, draft, "n1") | {"label_vi": "Của tôi", "do": "save"}
    other.post(url(draft), typed(other, draft, "n1") | {"label_vi": "Của người kia", "do": "save"})

    page = one.post(url(draft), mine)

    words = page.content.decode()
    assert page.status_code == 409
    assert "Người secretary vừa sửa cùng chỗ này" in words
    assert "Của tôi" in words
    assert "Của người kia" in words
    assert rubric_draft.own(RubricDraft.objects.get().content, "n1")["label_vi"] == "Của người kia"
    again = mine | {"version": page.context["draft"].version}
    assert one.post(url(draft), again).status_code == 302
    assert rubric_draft.own(RubricDraft.objects.get().content, "n1")["label_vi"] == "Của tôi"


def test_work_in_another_criterion_disturbs_nobody(story):
    draft = start(story)
    one, other = signed_in(story.officer), signed_in(story.secretary)
    mine = typed(one, draft, "n1") | {"label_vi": "Một", "do": "save"}
    other.post(url(draft), typed(other, draft, "n2") | {"do": "up", "label_vi": "Hai"})

    assert one.post(url(draft), mine).status_code == 302

    content = RubricDraft.objects.get().content
    assert [node["label_vi"] for node in content["criteria"]] == ["Hai", "Một", "Chất lượng"]


def test_a_criterion_that_somebody_removed_is_not_brought_back(story):
    draft = start(story)
    one, other = signed_in(story.officer), signed_in(story.secretary)
    mine = typed(one, draft, "n1") | {"label_vi": "Một", "do": "save"}
    other.post(url(draft), typed(other, draft, "n1") | {"do": "remove"})

    answer = one.post(url(draft), mine, follow=True)

    assert "Tiêu chí này vừa bị xóa" in answer.content.decode()
    assert len(RubricDraft.objects.get().content["criteria"]) == 2
    with pytest.raises(Refused, match="Người secretary vừa xóa"):
        rubric_actions.change_draft(draft=draft, base=1, target="n1", values={}, by=story.officer, at=timezone.now())


def test_a_discarded_draft_is_gone_for_everybody(story):
    draft = start(story)
    client = signed_in(story.officer)
    data = typed(client, draft, "n1")
    client.post(reverse("programme:draft_discard", args=[draft.pk]), {"version": 1})

    assert client.post(url(draft), data | {"do": "save"}).status_code == 404
    assert not RubricDraft.objects.exists()


def test_a_draft_that_somebody_changed_is_neither_made_nor_discarded_unseen(story):
    draft = start(story)
    one, other = signed_in(story.officer), signed_in(story.secretary)
    other.post(url(draft), typed(other, draft, "n1") | {"label_vi": "Khác", "do": "save"})

    for name in ("draft_make", "draft_discard"):
        answer = one.post(reverse(f"programme:{name}", args=[draft.pk]), {"version": 1}, follow=True)
        assert "Người secretary vừa sửa bản nháp" in answer.content.decode()

    assert RubricDraft.objects.exists()
    assert not Rubric.objects.exists()


# --- the list, and who may ----------------------------------------------------------------------------
def test_published_criteria_open_to_be_read_and_copied(story):
    rubric = story.rubric()
    client = signed_in(story.officer)

    page = client.get(reverse("programme:rubric", args=[rubric.pk])).content.decode()
    file = client.get(reverse("programme:rubric_export", args=[rubric.pk]))

    assert "Sao chép thành bản nháp" in page
    assert rubric.digest in page
    assert "<input" not in page.split("<main")[1].replace('<input type="hidden"', "")
    assert hashlib.sha256(file.content).hexdigest() == rubric.digest


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_three(story):
    rubric = story.rubric()
    client = signed_in(story.officer)
    asked = []
    for rows in (1, 2):
        for number in range(rows):
            start(story)
            actions.load_rubric(document={**SMALL_RUBRIC, "code": f"r{rows}{number}"}, by=None, at=timezone.now())
        client.get(reverse("programme:rubrics"))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("programme:rubrics"))
        asked.append(len(queries))

    assert asked[0] == asked[1]
    assert rubric.title_vi in page.content.decode()


def test_a_criterion_with_an_unknown_sector_is_refused_when_loaded(story):
    sets = [{"code": "S1", "label_vi": "a", "label_en": "a", "sectors": ["nothing"]}]

    with pytest.raises(rubric_file.UnsoundRubric, match="set S1: there is no sector nothing"):
        actions.load_rubric(document={**SMALL_RUBRIC, "sets": sets}, by=None, at=timezone.now())
