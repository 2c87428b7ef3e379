"""A page as someone might bring it: style and distortions drawn from a seed, over all there are."""

from typing import Any, cast, get_args

import numpy as np

from splkit.ecg.paper.contracts import Hints
from splkit.ecg.paper.render.arrange import ROW_MM
from splkit.ecg.paper.render.distort import Step
from splkit.ecg.paper.render.style import (
    PX_PER_MM,
    Font,
    GridKind,
    LabelPlace,
    LayoutName,
    Pulse,
    Rgb,
    Separator,
    Style,
)

_LAYOUTS: dict[LayoutName, float] = {"3x4": 0.5, "6x2": 0.18, "12x1": 0.12, "6x1": 0.1, "3x5": 0.1}
_STRIPS = (("II",), ("V1",), ("II", "V5"), ("V1", "II"), ("V1", "II", "V5"), ())
_STRIP_SHARES = (0.5, 0.1, 0.1, 0.1, 0.1, 0.1)
_GRIDS: dict[GridKind, float] = {"full": 0.76, "5mm": 0.1, "dotted": 0.08, "none": 0.06}
_COLOURS = {
    "red": 0.35, "pink": 0.15, "orange": 0.12, "green": 0.1, "grey": 0.12, "blue": 0.08, "black": 0.08,
}  # fmt: skip
_PAPERS: tuple[Rgb, ...] = ((255, 255, 255), (252, 250, 244), (255, 246, 244), (244, 246, 250))
_INKS: tuple[Rgb, ...] = ((16, 16, 18), (20, 20, 24), (48, 48, 56), (24, 28, 80))
_RANGES = {
    "handwriting": (1, 3.4), "stamp": (0.3, 0.9), "crease": (0.2, 1.0),
    "curvature": (0.1, 1.0), "perspective": (0.005, 0.05), "rotation": (0.1, 10.0),
    "shading": (0.1, 0.5), "shadow": (0.1, 0.5), "colour": (0.05, 0.2),
}  # fmt: skip
"""Amounts of what may happen to paper and light, drawn evenly; in the order in which it happens."""
_NO_MM = ("curvature", "perspective", "rotation")
"""What cannot be undone on paper without a grid."""
_PULSES, _PULSE_SHARES = ("left", "right", "none"), (0.6, 0.15, 0.25)
_NOT_COPIED = ("shading", "shadow", "colour", "perspective", "curvature")
"""What copiers and faxes know nothing of: they press the paper flat under a lamp of their own."""
_MOST_SKEW = 3.0
"""Degrees by which paper is askew in a copier or a fax."""


def random_style(seed: int) -> tuple[Style, tuple[Step, ...]]:
    """The look of one page and what happens to it.

    One page in five is clean. The others have one to four distortions of paper and light, then what a
    scanner, a camera, a copier or a fax does to them. Paper without a grid is never turned or bent, as
    nothing on it would tell. The same seed gives the same page.
    """
    rng = np.random.default_rng([seed, 3])
    style = _style(rng)
    return style, _steps(rng, style)


def hints_for(style: Style) -> Hints:
    """What a person must state of a page of this style, since nothing on it tells but printed numbers."""
    no_pulse = style.pulse == "none"
    return Hints(
        px_per_mm=style.px_per_mm_x if style.grid == "none" else None,
        mm_per_s=style.mm_per_s if no_pulse else None,
        mm_per_mv=style.limb_mm_per_mv if no_pulse else None,
    )


def _pick(rng: np.random.Generator, shares: dict[Any, float]) -> Any:
    return list(shares)[rng.choice(len(shares), p=np.array(list(shares.values())) / sum(shares.values()))]


def _style(rng: np.random.Generator) -> Style:
    layout = _pick(rng, _LAYOUTS)
    strips = () if layout in ("12x1", "6x1") else _STRIPS[rng.choice(len(_STRIPS), p=_STRIP_SHARES)]
    chest_only = bool(layout == "6x1" and rng.random() < 0.4)
    fast = bool(rng.random() < 0.15)
    limb = float(rng.choice((5.0, 10.0, 20.0), p=(0.1, 0.8, 0.1)))
    chest = limb / 2 if limb > 5 and rng.random() < 0.12 else limb
    scale = float(np.exp(rng.uniform(*np.log(PX_PER_MM))))
    grid = _pick(rng, _GRIDS)
    squareness = float(rng.uniform(0.97, 1.03)) if grid != "none" and rng.random() < 0.5 else 1.0
    return Style(
        layout=layout,
        rhythm=strips,
        cabrera=bool(not chest_only and rng.random() < 0.08),
        chest_only=chest_only,
        columns_follow=bool("II" not in strips or rng.random() < 0.95),
        mm_per_s=50.0 if fast else 25.0,
        limb_mm_per_mv=limb,
        chest_mm_per_mv=chest,
        px_per_mm_x=scale,
        px_per_mm_y=float(np.clip(scale * squareness, *PX_PER_MM)),
        left_mm=float(rng.uniform(6, 20)),
        right_mm=float(rng.uniform(6, 20)),
        top_mm=float(rng.uniform(30, 60)),
        bottom_mm=float(rng.uniform(16, 30)),
        row_mm=float(ROW_MM[layout] * rng.uniform(0.9, 1.15) * max(1.0, 0.075 * limb)),
        pulse=cast(Pulse, "both" if chest != limb else str(rng.choice(_PULSES, p=_PULSE_SHARES))),
        separator=rng.choice(get_args(Separator)).item(),
        label=rng.choice(get_args(LabelPlace), p=(0.5, 0.25, 0.25)).item(),
        font=rng.choice(get_args(Font)).item(),
        label_mm=float(rng.uniform(2.0, 3.5)),
        grid=grid,
        grid_colour=_pick(rng, _COLOURS),
        grid_framed=bool(rng.random() < 0.25),
        grid_mm=(float(rng.uniform(0, 5)), float(rng.uniform(0, 5))),
        minor_width_mm=float(rng.uniform(0.08, 0.18)),
        major_width_mm=float(rng.uniform(0.15, 0.4)),
        paper=_PAPERS[rng.integers(len(_PAPERS))],
        ink=_INKS[rng.integers(len(_INKS))],
        stroke_mm=float(rng.uniform(0.2, 0.5)),
        header=None if rng.random() < 0.1 else int(rng.integers(4)),
    )


def _steps(rng: np.random.Generator, style: Style) -> tuple[Step, ...]:
    if rng.random() < 0.2:
        return ()
    pixels = _pixels(rng, style)
    is_copy = any(name in ("copy", "fax") for name, _ in pixels)
    barred = (*(_NO_MM if style.grid == "none" else ()), *(_NOT_COPIED if is_copy else ()))
    possible = [name for name in _RANGES if name not in barred]
    chosen = set(
        rng.choice(possible, size=min(int(rng.integers(1, 5)), len(possible)), replace=False).tolist()
    )
    ranges = _RANGES | ({"rotation": (0.1, _MOST_SKEW)} if is_copy else {})
    steps: list[Step] = [(name, float(rng.uniform(*ranges[name]))) for name in _RANGES if name in chosen]
    return (*steps, *pixels)


def _pixels(rng: np.random.Generator, style: Style) -> list[Step]:
    """What the machine does that took the picture."""
    kind = rng.random()
    if kind < 0.08 and style.grid != "none":  # a fax has a scale of its own, which only a grid tells
        return [("fax", float(rng.choice((3.85, 7.7), p=(0.2, 0.8))))]
    if kind < 0.2:
        return [("copy", float(rng.uniform(0.2, 1.0)))]
    finest_px = style.stroke_mm * style.px_per_mm_x
    steps: list[Step] = []
    if rng.random() < 0.6:
        steps.append(("blur", float(rng.uniform(0.3, max(0.4, min(0.8 * finest_px, 2.0))))))
    if rng.random() < 0.6:
        steps.append(("noise", float(rng.uniform(1, 12))))
    if rng.random() < 0.7:
        steps.append(("jpeg", float(rng.integers(30, 90))))
    return steps
