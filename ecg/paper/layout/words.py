"""The sheet's words, and what the network of the labels reads in them."""

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Box, Plane
from splkit.ecg.paper.layout.labels import CLASSES, WIDTH, read_words
from splkit.ecg.paper.layout.marks import Marks, Word
from splkit.ecg.paper.layout.network import HEIGHT, normalize
from splkit.ecg.paper.opencv import cv2
from splkit.errors import RecordingError

LETTER_MM: Final = (1.2, 7.0)
"""Height of letters that are read: labels are 2 to 5 mm high, and digits beside them a little less."""
MOST_WORDS: Final = 700
"""The fullest pages of ECG machines have some 250, and a stroke of each beat may pass for one; a page of text
has a thousand."""
BARE: Final = 0.25
"""Width over height of a stroke that is no letter but I."""
OTHER_INK: Final = (0.25, 0.35, 0.45, 0.6)
"""Coverage that counts as ink where labels are fainter than traces, or darker than what joins them to one."""
SURE: Final = 0.8
"""Probability of a label that is read at another coverage than the page's."""
STROKE: Final = CLASSES.index("I")
"""Any upright stroke looks like it."""


class CrowdedError(RecordingError):
    """More words than any ECG has: the page is no better for being turned."""


def with_words(marks: Marks) -> Marks:
    """The marks with their words read.

    Raises:
        CrowdedError: there are more words than any ECG has.
    """
    return replace(marks, words=_words(marks.coverage, marks.boxes, marks.mm_x, marks.mm_y))


def with_other_ink(marks: Marks) -> Marks:
    """The marks with words, and with the labels that show where more or less counts as ink.

    Print that is blurred is fainter than a trace. Where two labels overlap, the surer one is kept.
    """
    found = list(marks.words)
    for level in OTHER_INK:
        mask = (marks.coverage > level).astype(np.uint8)
        boxes = cv2().connectedComponentsWithStats(mask, connectivity=8)[2]
        try:
            words = _words(marks.coverage, boxes, marks.mm_x, marks.mm_y)
        except CrowdedError:
            continue  # noise is ink at that level
        for word in words:
            if np.argmax(word.log_p) in (0, STROKE) or word.log_p.max() < np.log(SURE):
                continue
            there = [other for other in found if _overlap(other.box, word.box)]
            if all(_sureness(other) < _sureness(word) for other in there):
                found = [*(other for other in found if not _overlap(other.box, word.box)), word]
    return replace(marks, words=tuple(found))


def _overlap(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) > max(one.left, other.left)
    return across and min(one.bottom, other.bottom) > max(one.top, other.top)


def _sureness(word: Word) -> float:
    """Log probability of its label; of what is no label, less than any."""
    return float(word.log_p.max()) if np.argmax(word.log_p) else -np.inf


def _words(coverage: Plane, boxes: npt.NDArray[np.int32], mm_x: float, mm_y: float) -> tuple[Word, ...]:
    places = [
        Box(left, top, right - 1, bottom - 1)
        for left, top, right, bottom in _group(boxes, mm_x, mm_y)
        if LETTER_MM[0] <= (bottom - top) / mm_y <= LETTER_MM[1] and right - left <= 3.5 * (bottom - top)
    ]
    if len(places) > MOST_WORDS:
        # Pieces of a black grid are bare strokes. Without them "I" is unread; other labels tell the layout.
        places = [each for each in places if each.right - each.left > BARE * (each.bottom - each.top)]
    if len(places) > MOST_WORDS:
        raise CrowdedError(
            f"an ECG has traces and at most {MOST_WORDS} words",
            found=f"{len(places)} words, or marks as high as letters",
            next_step="take the page of the ECG, or scan it in colour: its grid may have been left in black",
        )
    crops = [normalize(coverage[_rows(each), _columns(each)], WIDTH) for each in places]
    log_p = read_words(np.array(crops, np.float32).reshape(-1, HEIGHT, WIDTH))
    return tuple(Word(box, p) for box, p in zip(places, log_p, strict=True))


def _rows(box: Box) -> slice:
    return slice(int(box.top), int(box.bottom) + 1)


def _columns(box: Box) -> slice:
    return slice(int(box.left), int(box.right) + 1)


def _group(boxes: npt.NDArray[np.int32], mm_x: float, mm_y: float) -> list[tuple[int, int, int, int]]:
    """Letters joined to words: (left, top, right, bottom), the last two exclusive."""
    x, y, w, h, _ = boxes.T
    letter = (
        (h <= LETTER_MM[1] * mm_y)
        & (w <= 15 * mm_x)
        & ((h >= LETTER_MM[0] * mm_y) | (w >= 0.5 * mm_x))
        & (w * h > 3)
    )
    letter[0] = False
    order = np.flatnonzero(letter)
    order = order[np.argsort(x[order], kind="stable")]
    widest = 0.4 * LETTER_MM[1] * mm_x
    done: list[list[int]] = []
    words: list[list[int]] = []
    for k, i in enumerate(order.tolist()):
        a = [int(x[i]), int(y[i]), int(x[i] + w[i]), int(y[i] + h[i])]
        if k % 64 == 0:
            # Letters come from left to right: no later one joins a word that ends so far before.
            done += [word for word in words if a[0] - word[2] > widest]
            words = [word for word in words if a[0] - word[2] <= widest]
        for word in words:
            tall = max(word[3] - word[1], a[3] - a[1])
            shared = min(word[3], a[3]) - max(word[1], a[1])
            # Letters of a word stand less than half their height apart; a word's space is wider.
            near = a[0] - word[2] <= 0.4 * tall * mm_x / mm_y
            if near and shared >= 0.5 * min(word[3] - word[1], a[3] - a[1]) and tall <= LETTER_MM[1] * mm_y:
                word[:] = [word[0], min(word[1], a[1]), max(word[2], a[2]), max(word[3], a[3])]
                break
        else:
            words.append(a)
    return [(a, b, c, d) for a, b, c, d in (*done, *words)]
