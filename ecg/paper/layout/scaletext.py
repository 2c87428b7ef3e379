"""Speed and gain as they are printed: "25mm/s", "10 mm/mV". Only texts that are read surely count."""

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from splkit.ecg.paper.contracts import Array, Box, Plane
from splkit.ecg.paper.layout.marks import Marks
from splkit.ecg.paper.layout.network import HEIGHT, log_probabilities, normalize
from splkit.ecg.paper.layout.words import LETTER_MM
from splkit.ecg.paper.opencv import cv2

CLASSES: Final = (
    "", "12.5 mm/s", "25 mm/s", "50 mm/s", "100 mm/s", "2.5 mm/mV", "5 mm/mV", "10 mm/mV", "20 mm/mV",
)  # fmt: skip
"""The empty one is any other text."""
WIDTH: Final = 128
"""Of what the network sees, in pixels: a text eight times as wide as high."""
SURE: Final = float(np.log(0.99))
"""Log probability from which a text counts as read."""
POSSIBLE: Final = float(np.log(0.2))
"""From here on a text may be a scale, and leaves those that are sure in doubt."""
SAME_ENDING: Final = 0.8
"""Correlation of "m/mV" with another one of the same print: 0.96 and more; with any other text under 0.7."""
ASPECT: Final = (2.6, 8.5)
"""Width over height of "5mm/s" in narrow type and of "100 mm/s" in wide type."""
SPACE: Final = 0.2
"""A space is at least that share of the letters' height; digits of typewriters stand as far apart."""
ALONE: Final = 0.3
"""So far from the text before stands one that is read whole: "25 mm/s" ends as "5 mm/s" does."""
MOST: Final = 400
"""Texts that are tried on one page."""


class Printed(NamedTuple):
    """What a page says of its scale, each value once; none where nothing is read surely."""

    mm_per_s: tuple[float, ...] = ()
    mm_per_mv: tuple[float, ...] = ()


def read_scale_texts(marks: Marks) -> Printed:
    """Speeds and gains that are printed anywhere on the page."""
    places = [box for line in _lines(marks) for box in _texts(marks, line)][:MOST]
    if not places:
        return Printed()
    crops: Plane = np.stack(
        [
            normalize(marks.coverage[int(b.top) : int(b.bottom), int(b.left) : int(b.right)], WIDTH)
            for b in places
        ]
    ).reshape(-1, HEIGHT, WIDTH)
    log_p = log_probabilities("scale_texts.npz", crops)
    speeds, gains = (_values(marks, places, log_p, unit) for unit in ("mm/s", "mm/mV"))
    return Printed(speeds if len(speeds) == 1 else (), gains)


def _values(marks: Marks, places: list[Box], log_p: Array, unit: str) -> tuple[float, ...]:
    """The values of one unit that are read surely; none where another text may be a value as well.

    "Limb: 10 mm/mV Chest: 5 mm/mV" of which one is unreadable must not pass for one gain.
    """
    of_unit = [k for k, text in enumerate(CLASSES) if text.endswith(unit)]
    best = log_p[:, of_unit].max(axis=1)
    sure: list[int] = np.flatnonzero(best > SURE).tolist()
    values = {of_unit[int(k)] for k in log_p[sure][:, of_unit].argmax(axis=1)}
    read = [places[i] for i in sure]
    possible = [places[i] for i in np.flatnonzero(best > POSSIBLE).tolist()]
    # A page has one speed and may have two gains.
    endings = [_same_ending(marks, each) for each in read if unit == "mm/mV"]
    others = [box for box in endings if box is not None]
    if any(not any(_overlap(box, each) for each in read) for box in (*possible, *others)):
        return ()
    return tuple(sorted(float(CLASSES[k].split(" ")[0]) for k in values))


def _same_ending(marks: Marks, text: Box) -> Box | None:
    """The place on its line that looks most like the text's second half, if it is the same unit once more."""
    top, bottom, left, right = (int(each) for each in (text.top, text.bottom, text.left, text.right))
    middle, slack = (left + right) // 2, (bottom - top) // 4
    ending = np.ascontiguousarray(marks.coverage[top:bottom, middle:right])
    line = np.ascontiguousarray(marks.coverage[max(0, top - slack) : bottom + slack])
    alike = cv2().matchTemplate(line, ending, cv2().TM_CCOEFF_NORMED).max(axis=0)
    alike[max(0, left - (right - middle)) : right] = -1
    at = int(alike.argmax())
    return Box(at, top, at + right - middle, bottom) if alike[at] > SAME_ENDING else None


def _overlap(a: Box, b: Box) -> bool:
    across = min(a.right, b.right) - max(a.left, b.left)
    return across > 0 and min(a.bottom, b.bottom) > max(a.top, b.top)


def _lines(marks: Marks) -> list[list[Box]]:
    """Letters on one line each, from left to right; edges to the right and below exclusive."""
    x, y, w, h, area = marks.boxes.T
    letter = (
        (h >= 0.6 * LETTER_MM[0] * marks.mm_y)
        & (h <= LETTER_MM[1] * marks.mm_y)
        & (w <= 15 * marks.mm_x)
        & (area > 3)
    )
    letter[0] = False
    order = np.flatnonzero(letter)
    lines: list[list[Box]] = []
    for i in order[np.argsort(x[order], kind="stable")].tolist():
        box = Box(int(x[i]), int(y[i]), int(x[i] + w[i]), int(y[i] + h[i]))
        fits = [line for line in lines if _goes_on(line[-1], box)]
        if fits:
            max(fits, key=lambda line: line[-1].right).append(box)
        else:
            lines.append([box])
    return [line for line in lines if len(line) >= 2]


def _goes_on(last: Box, box: Box) -> bool:
    """Whether a letter stands on the line of the last one, within a few spaces of it."""
    tall = max(last.bottom - last.top, box.bottom - box.top)
    shared = min(last.bottom, box.bottom) - max(last.top, box.top)
    least = min(last.bottom - last.top, box.bottom - box.top)
    return box.left - last.right < 1.2 * tall and shared >= 0.6 * least and least >= 0.4 * tall


def _texts(marks: Marks, line: list[Box]) -> list[Box]:
    """Everything on a line that may be one text: from a space, or its start, to a space or its end."""
    tall = float(np.median([b.bottom - b.top for b in line]))
    gaps = [b.left - a.right for a, b in pairwise(line)]
    starts = [
        0,
        *(
            i
            for i, gap in enumerate(gaps, 1)
            if gap >= ALONE * tall and not _point(marks, *line[i - 1 : i + 1])
        ),
    ]
    ends = [*(i for i, gap in enumerate(gaps, 1) if gap >= SPACE * tall), len(line)]
    found = []
    for first in starts:
        before = np.inf if first == 0 else gaps[first - 1]
        for end in ends:
            part = line[first:end]
            if not part:
                continue
            # What stands nearer to the text before than its own parts do to each other is no whole text.
            if max(gaps[first : end - 1], default=0.0) > 1.25 * before:
                break
            box = Box(
                part[0].left,
                min(b.top for b in part),
                max(b.right for b in part),
                max(b.bottom for b in part),
            )
            aspect = (box.right - box.left) / (box.bottom - box.top)
            if aspect > ASPECT[1]:
                break
            if aspect >= ASPECT[0]:
                found.append(box)
    return found


def _point(marks: Marks, a: Box, b: Box) -> bool:
    """Whether a point stands between two letters: "0.5 mm/mV" has one before what reads "5 mm/mV"."""
    top, bottom = int(b.top), int(b.bottom)
    between = marks.mask[top:bottom, int(a.right) : int(b.left)]
    upper = 2 * len(between) // 3
    return bool(between[upper:].any() and not between[:upper].any())
