"""Distortions by name, one after the other, each from a seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from splkit.ecg.paper.render.camera import add_noise, blur, compress, fax, photocopy
from splkit.ecg.paper.render.light import cast_shadow, shade, tint
from splkit.ecg.paper.render.marks import crease, stamp, write_by_hand
from splkit.ecg.paper.render.rendered import Rendered
from splkit.ecg.paper.render.warps import bend, project, rotate
from splkit.errors import UsageError

Step = tuple[str, float]
"""A distortion's name and how much of it."""


@dataclass(frozen=True)
class Distortion:
    """One kind of distortion; `usual` is its amount where none is given, `least` to `most` what it takes."""

    apply: Callable[[Rendered, float, np.random.Generator], Rendered]
    unit: str
    least: float
    usual: float
    most: float


DISTORTIONS = {
    "handwriting": Distortion(write_by_hand, "words", 1, 2, 10),
    "stamp": Distortion(stamp, "of its ink's strength", 0.1, 0.6, 1),
    "crease": Distortion(crease, "of its strength", 0.1, 0.6, 1),
    "curvature": Distortion(bend, "mm of sag", 0.1, 1.0, 4),
    "perspective": Distortion(project, "of the page by which a corner moves", 0.005, 0.03, 0.12),
    "rotation": Distortion(rotate, "degrees, to either side", 0.05, 3, 10),
    "shading": Distortion(shade, "of the light", 0.05, 0.3, 0.6),
    "shadow": Distortion(cast_shadow, "of the light", 0.05, 0.35, 0.6),
    "colour": Distortion(tint, "of each colour", 0.02, 0.15, 0.4),
    "blur": Distortion(blur, "px of sigma", 0.2, 0.8, 3),
    "noise": Distortion(add_noise, "grey levels", 1, 6, 25),
    "copy": Distortion(photocopy, "of hardness", 0, 0.7, 1),
    "fax": Distortion(fax, "lines a mm", 3.85, 7.7, 7.7),
    "jpeg": Distortion(compress, "of quality", 30, 50, 95),
}
"""In the order in which they happen to a page: to the paper, before the camera, within it."""


def distort(page: Rendered, steps: Sequence[Step], seed: int) -> Rendered:
    """Applies distortions in the order given.

    Args:
        page: what was drawn; its truth moves along.
        steps: names of `DISTORTIONS` and amounts within their ranges.
        seed: the same arguments give the same bytes.

    Raises:
        UsageError: there is no such distortion, or its amount is out of range.
    """
    for index, (name, amount) in enumerate(steps):
        check_step((name, amount))
        page = DISTORTIONS[name].apply(page, amount, np.random.default_rng([seed, 2, index]))
    return replace(page, distortions=(*page.distortions, *steps))


def check_step(step: Step) -> None:
    """Raises `UsageError` where a distortion is unknown or its amount out of range."""
    name, amount = step
    if name not in DISTORTIONS:
        raise UsageError(
            f"a distortion is one of {', '.join(DISTORTIONS)}",
            found=repr(name),
            next_step="choose among those",
        )
    kind = DISTORTIONS[name]
    if not kind.least <= amount <= kind.most:
        raise UsageError(
            f"{name} is {kind.least:g} to {kind.most:g} {kind.unit}",
            found=f"{amount:g}",
            next_step="choose within",
        )
