"""The frame and the pale pattern of the corners, drawn once per form as strokes beneath the page's own content."""

from collections.abc import Iterator

from certificates.form_parts import Frame

PAGE_MM = (297.0, 210.0)
POINT = 72 / 25.4
ROUND = 0.5523  # a quarter of a circle as a Bézier curve
CORNER_MM, SCALE_MM = 44.0, 5.5


def ornament(frame: Frame) -> bytes:
    """PDF operators in points from the lower left corner, marked as an artifact: nothing for a reader to say."""
    drawn = ["/Artifact BMC", "q", "0 J 0 j"]
    if frame.corners != "none" and frame.tint_percent:
        drawn += [_colour(frame.colour, frame.tint_percent / 100), "1.1 w", *_corners(frame)]
    if frame.style != "none":
        drawn += [_colour(frame.colour, 1), *_rectangle(frame.margin_mm, frame.outer_pt)]
    if frame.style == "double":
        drawn += _rectangle(frame.margin_mm + frame.outer_pt / POINT + frame.gap_mm, frame.inner_pt)
    return "\n".join([*drawn, "Q", "EMC"]).encode("ascii")


def _colour(name: str, share: float) -> str:
    """The colour of strokes, mixed with the white of the paper: there is no transparency in the file."""
    parts = (int(name[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return " ".join(f"{1 - share * (1 - part):.4f}" for part in parts) + " RG"


def _rectangle(inset_mm: float, stroke_pt: float) -> list[str]:
    left = inset_mm * POINT + stroke_pt / 2
    width, height = (side * POINT - 2 * left for side in PAGE_MM)
    return [f"{stroke_pt:.2f} w", f"{left:.2f} {left:.2f} {width:.2f} {height:.2f} re S"]


def _corners(frame: Frame) -> Iterator[str]:
    inset = frame.margin_mm * POINT + (0 if frame.style == "none" else frame.outer_pt)
    if frame.style == "double":
        inset += frame.gap_mm * POINT + frame.inner_pt
    right, top = (side * POINT - inset for side in PAGE_MM)
    shape = list(_fans() if frame.corners == "fans" else _waves())
    for x, y, across, up in ((inset, inset, 1, 1), (right, inset, -1, 1), (inset, top, 1, -1), (right, top, -1, -1)):
        yield f"q {across} 0 0 {up} {x:.2f} {y:.2f} cm"
        yield from shape
        yield "Q"


def _fans() -> Iterator[str]:
    """Quarter circles around the corner."""
    for number in range(1, 13):
        r = number * CORNER_MM / 12 * POINT
        c = r * ROUND
        yield f"{r:.2f} 0 m {r:.2f} {c:.2f} {c:.2f} {r:.2f} 0 {r:.2f} c S"


def _waves() -> Iterator[str]:
    """Rows of scales that grow fewer away from the corner, three arcs to a scale."""
    size, rows = SCALE_MM * POINT, int(CORNER_MM / SCALE_MM)
    for row in range(rows * 2):
        y = row * size / 2
        for column in range(rows - (row + 1) // 2):
            x = (column + (0.5 if row % 2 else 0)) * size + size / 2
            for part in (1.0, 0.66, 0.33):
                r = size / 2 * part
                c = r * ROUND
                curve = f"{x - r:.2f} {y + c:.2f} {x - c:.2f} {y + r:.2f} {x:.2f} {y + r:.2f} c"
                back = f"{x + c:.2f} {y + r:.2f} {x + r:.2f} {y + c:.2f} {x + r:.2f} {y:.2f} c"
                yield f"{x - r:.2f} {y:.2f} m {curve} {back} S"
