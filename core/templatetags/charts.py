"""Measures as pictures, each with its words for screen readers. A builtin of the template engine.

{% bar 7 9 label kind="ngoc" thin=True %}  {% sparkbars values labels title %}  {% linechart series title %}
{% hbars rows %}  {% stage_line steps %}
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()
Number = int | float | Decimal
LETTER = 8.5  # how wide one is in the drawing's units, as large as telephones show it


def _number(value: Number, decimals: int | None) -> str:
    """As people read it: 1.420 or 120,5."""
    if decimals is None:
        decimals = 0 if value == int(value) else 1
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)  # number_format only cuts
    return number_format(exact, decimals, use_l10n=True, force_grouping=True)


@register.simple_tag
def bar(
    value: Number | None, maximum: Number | None, label: str = "", kind: str = "lam", thin: bool = False
) -> SafeString:
    """How much of a whole. The words or numbers beside it say the same; the label is for screen readers."""
    top = float(maximum or 0) or 1.0
    share = max(0.0, min(float(value or 0), top))
    return format_html(
        '<progress class="bar {}{}" value="{}" max="{}" aria-label="{}">{} / {}</progress>',
        kind,
        " thin" if thin else "",
        f"{share:g}",
        f"{top:g}",
        label,
        _number(value or 0, None),
        _number(maximum or 0, None),
    )


@register.inclusion_tag("ui/stage_line.html")
def stage_line(steps: Iterable[Sequence[str]], label: str = "") -> dict[str, object]:
    """Steps are (label, state) or (label, state, note); state is done, current or todo."""
    return {
        "steps": [{"label": s[0], "state": s[1], "note": s[2] if len(s) > 2 else ""} for s in steps],
        "label": label or _("Progress"),
    }


@register.simple_tag
def sparkbars(
    values: Sequence[Number | None], labels: Sequence[object], title: str = "", decimals: int | None = None
) -> SafeString:
    """A few columns with their values written out; the last one is the darkest. Where the names beneath would touch
    each other on a telephone, only each second (third, ...) is written, the last one always."""
    known = [v for v in values if v is not None]
    if decimals is None and any(v != int(v) for v in known):
        decimals = 1
    top = float(max(known, default=0)) or 1.0
    count = max(len(values), 1)
    step, width = 380 / count, min(60.0, 380 / count * 0.64)
    every = ceil(max((len(str(label)) for label in labels), default=0) * LETTER / step) or 1
    parts: list[SafeString] = []
    spoken: list[str] = []
    for index, (value, label) in enumerate(zip(values, labels, strict=False)):
        middle = step * (index + 0.5)
        words = "–" if value is None else _number(value, decimals)
        spoken.append(f"{label}: {words}")
        height = max(0.0, float(value or 0)) / top * 56
        parts.append(
            format_html(
                '<rect class="column{}" x="{}" y="{}" width="{}" height="{}"/>'
                '<text class="value" x="{}" y="{}" text-anchor="middle">{}</text>'
                '<text x="{}" y="91" text-anchor="middle">{}</text>',
                " last" if index == count - 1 else "",
                f"{middle - width / 2:.1f}",
                f"{76 - height:.1f}",
                f"{width:.1f}",
                f"{height:.1f}",
                f"{middle:.1f}",
                f"{71 - height:.1f}",
                words,
                f"{middle:.1f}",
                label if (count - 1 - index) % every == 0 else "",
            )
        )
    return format_html(
        '<svg class="chart-svg sparkbars" viewBox="0 0 380 96" role="img" aria-label="{}">{}'
        '<path class="axis" d="M0 76h380"/></svg>',
        f"{title}. {'; '.join(spoken)}" if title else "; ".join(spoken),
        format_html_join("", "{}", ((p,) for p in parts)),
    )


@register.simple_tag
def linechart(series: Sequence[Mapping[str, Any]], title: str = "") -> SafeString:
    """Up to three lines over the same labels, each named at its end.

    A series is {"name": str, "points": [(label, value or None), …]}; values start at zero.
    """
    every = [v for s in series for _label, v in s["points"] if v is not None]
    labels = [label for label, _value in series[0]["points"]] if series else []
    top = float(max(every, default=0)) or 1.0
    longest = max((len(str(s["name"])) for s in series[:3]), default=0)
    left, high, low = 16.0, 18.0, 158.0
    right = 540.0 - max(56.0, min(longest * 7.6, 230.0))
    step = (right - left) / max(len(labels) - 1, 1)
    parts: list[SafeString] = [
        format_html('<path class="rule" d="M0 {}h{}"/>', f"{low - (low - high) * k / 3:.1f}", f"{right + 16:.0f}")
        for k in range(1, 4)
    ]
    parts.append(SafeString(f'<path class="axis" d="M0 {low:.0f}h{right + 16:.0f}"/>'))
    every_nth = max(1, -(-len(labels) // 10))
    for index, label in enumerate(labels):
        if index % every_nth == 0 or index == len(labels) - 1:
            parts.append(
                format_html(
                    '<text{} x="{}" y="180" text-anchor="middle">{}</text>',
                    SafeString(' class="minor"') if len(labels) > 5 and index % 2 != (len(labels) - 1) % 2 else "",
                    f"{left + step * index:.1f}",
                    label,
                )
            )
    spoken: list[str] = []
    ends: list[tuple[float, int, str, str]] = []
    for number, one in enumerate(series[:3], start=1):
        points = [
            (left + step * i, low - (low - high) * float(v) / top)
            for i, (_label, v) in enumerate(one["points"])
            if v is not None
        ]
        said = ", ".join(f"{a}: {'–' if v is None else _number(v, None)}" for a, v in one["points"])
        spoken.append(f"{one['name']}: {said}")
        if not points:
            continue
        path = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        parts.append(format_html('<path class="series series-{}" d="{}"/>', number, path))
        parts.append(
            format_html(
                '<circle class="dot-{}" cx="{}" cy="{}" r="4"/>',
                number,
                f"{points[-1][0]:.1f}",
                f"{points[-1][1]:.1f}",
            )
        )
        last = next(v for _label, v in reversed(one["points"]) if v is not None)
        ends.append((points[-1][1], number, str(one["name"]), _number(last, None)))
    lowest = 0.0
    for y, number, name, value in sorted(ends):
        place = max(y, lowest)
        lowest = place + 34
        parts.append(
            format_html(
                '<text class="name name-{}" x="{}" y="{}">{}</text><text class="value" x="{}" y="{}">{}</text>',
                number,
                f"{right + 14:.0f}",
                f"{place + 1:.1f}",
                name,
                f"{right + 14:.0f}",
                f"{place + 17:.1f}",
                value,
            )
        )
    return format_html(
        '<div class="chart-plot"><svg class="chart-svg linechart" viewBox="0 0 560 190" role="img" aria-label="{}">'
        "{}</svg>"
        '<ul class="legend" aria-hidden="true">{}</ul></div>',
        f"{title}. {'. '.join(spoken)}" if title else ". ".join(spoken),
        format_html_join("", "{}", ((p,) for p in parts)),
        format_html_join(
            "",
            '<li><svg class="chart-svg" viewBox="0 0 20 6"><path class="series series-{}" d="M1 3h18"/></svg>{}</li>',
            ((number, one["name"]) for number, one in enumerate(series[:3], start=1)),
        ),
    )


@register.inclusion_tag("ui/hbars.html")
def hbars(
    rows: Sequence[Sequence[Any]], name_head: str = "", value_head: str = "", caption: str = "", kind: str = "lam"
) -> dict[str, object]:
    """Bars side by side as a real table. A row is (label, value) or (label, value, url)."""
    top = max((float(r[1] or 0) for r in rows), default=0.0) or 1.0
    shown = [
        {
            "label": r[0],
            "value": _number(r[1] or 0, None),
            "width": f"{max(0.0, float(r[1] or 0)) / top * 200:.1f}",
            "url": r[2] if len(r) > 2 else "",
        }
        for r in rows
    ]
    return {"rows": shown, "name_head": name_head, "value_head": value_head, "caption": caption, "kind": kind}
