"""The names of leads as a plotter writes them: strokes of one width."""

import numpy as np

from splkit.ecg.paper.contracts import Plane
from splkit.ecg.paper.render.pen import draw_line

Stroke = tuple[tuple[float, float], ...]

_BOWL: Stroke = ((0, 1), (0.4, 1), (0.55, 0.9), (0.55, 0.62), (0.4, 0.5), (0, 0.5))
_RING: Stroke = (
    (0.15, 0), (0, 0.2), (0, 0.4), (0.15, 0.55), (0.4, 0.55), (0.55, 0.35), (0.55, 0.2), (0.4, 0),
)  # fmt: skip
GLYPHS: dict[str, tuple[Stroke, ...]] = {
    "I": (((0.05, 1), (0.05, 0)),),
    "V": (((0, 1), (0.3, 0), (0.6, 1)),),
    "R": (((0, 0), *_BOWL), ((0.25, 0.5), (0.6, 0))),
    "L": (((0, 1), (0, 0), (0.5, 0)),),
    "F": (((0.5, 1), (0, 1), (0, 0)), ((0, 0.5), (0.4, 0.5))),
    "a": (((0.45, 0.6), (0.45, 0)), ((0.45, 0.45), (0.3, 0.6), (0.12, 0.6), (0, 0.4), (0, 0.18)),
          ((0, 0.18), (0.12, 0), (0.3, 0), (0.45, 0.15))),
    "1": (((0.05, 0.8), (0.25, 1), (0.25, 0)),),
    "2": (((0, 0.8), (0.12, 1), (0.42, 1), (0.55, 0.8), (0.5, 0.6), (0, 0), (0.55, 0)),),
    "3": (((0, 1), (0.5, 1), (0.25, 0.6), (0.45, 0.55), (0.55, 0.35), (0.55, 0.2), (0.4, 0), (0.1, 0),
           (0, 0.15)),),
    "4": (((0.42, 0), (0.42, 1), (0, 0.3), (0.6, 0.3)),),
    "5": (((0.5, 1), (0.05, 1), (0, 0.55), (0.38, 0.6), (0.55, 0.4), (0.55, 0.2), (0.4, 0), (0.1, 0),
           (0, 0.12)),),
    "6": (((0.45, 1), (0.15, 0.75), (0, 0.4)), _RING, ((0.15, 0), (0.4, 0))),
    "8": ((*_RING, _RING[0]), ((0.15, 0.55), (0.05, 0.7), (0.05, 0.88), (0.17, 1), (0.4, 1), (0.5, 0.88),
          (0.5, 0.7), (0.4, 0.55))),
    "9": (((0.1, 0), (0.4, 0.25), (0.55, 0.6)), tuple((0.55 - x, 1 - y) for x, y in _RING),
          ((0.4, 1), (0.15, 1))),
    "-": (((0.05, 0.45), (0.45, 0.45)),),
}  # fmt: skip
"""By letter, its strokes: x from its left, y up from the baseline, 1 is the height of capitals."""

_SPACE, _WIDTH = 0.22, 0.11


def stroke_text(text: str, capital_px: float) -> tuple[Plane, int, int]:
    """The ink of a text of `GLYPHS`, and where its top left pixel lies from the start of the baseline."""
    edge = 3
    advances = [max(x for stroke in GLYPHS[letter] for x, _ in stroke) + _SPACE for letter in text]
    size = (round(capital_px) + 2 * edge, round(sum(advances) * capital_px) + 2 * edge)
    mask = np.zeros(size, np.float32)
    down, left = size[0] - edge, float(edge)
    for letter, advance in zip(text, advances, strict=True):
        for stroke in GLYPHS[letter]:
            points = np.array(stroke) * capital_px
            draw_line(mask, np.column_stack([left + points[:, 0], down - points[:, 1]]), _WIDTH * capital_px)
        left += advance * capital_px
    return mask, -edge, -down
