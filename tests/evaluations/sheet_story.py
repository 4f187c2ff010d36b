"""A rubric that asks for everything a sheet can ask, and a member who scores by it."""

from typing import Any

from django.urls import reverse

from tests.story import Story


def node(code: str, most: int, **facts: Any) -> dict[str, Any]:
    return {"code": code, "label_vi": f"Tiêu chí {code}", "label_en": f"Criterion {code}", "max_points": most} | facts


def level(points: int, words: str, **facts: Any) -> dict[str, Any]:
    return {"points": points, "when_vi": words, "when_en": f"{words} (en)"} | facts


# G is free and asks for reasons at both ends; E can end the evaluation; C is a choice of two cases in which two levels
# have the same points; N is asked only where G has 20.
RICH: dict[str, Any] = {
    "format": 1,
    "code": "rich",
    "title_vi": "Bộ tiêu chí đủ kiểu",
    "title_en": "Every kind of criterion",
    "status": "proposal",
    "scale_max": 100,
    "tie_rules": ["G"],
    "pass_rule": {
        "type": "all_of",
        "rules": [{"type": "total_at_least", "value": 50}, {"type": "ballot_share_at_least", "value": "2/3"}],
    },
    "aggregation": {"per_criterion": "mean", "total": "sum", "decimals": 2, "rounding": "half_up"},
    "criteria": [
        node(
            "G", 40, justify_below=10, justify_above=35,
            anchors=[level(10, "Đạt"), level(20, "Khá"), level(30, "Tốt"), level(40, "Xuất sắc")],
        ),
        node("E", 20, eliminates_vi="Sản phẩm bị thu hồi", eliminates_en="Product recalled"),
        node(
            "C", 25, choice="anchors",
            anchors=[
                level(10, "ít", case_vi="Có chứng nhận", case_en="Certified"),
                level(25, "nhiều", case_vi="Có chứng nhận", case_en="Certified"),
                level(10, "tự công bố", case_vi="Không có chứng nhận", case_en="Not certified"),
            ],
        ),
        node("N", 15, condition={"criterion": "G", "at_least": 20}),
    ],
}  # fmt: skip


def sheet_of(dossier: Any) -> str:
    return reverse("evaluations:sheet", args=[dossier.pk])


def rich(n: int = 1) -> tuple[Story, list[Any], Any]:
    """`n` dossiers with the council under the rich rubric, and the first member's seat."""
    story = Story()
    story.season(RICH)
    found = story.scoring(n)
    return story, found, story.seats()[0]


WHOLE = {"points-G": "30", "points-E": "15", "option-C": "1", "points-N": "12,5", "ballot": "yes"}
