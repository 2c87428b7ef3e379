"""What the steps of `splkit digitize` hand to each other; docs/paper_steps.md says which step makes which.

Coordinates are pixels as OpenCV has them: the centre of the first pixel is (0, 0), x to the right, y down.
A *page* is the image as it was read; the *sheet* is the same paper without perspective, rotation or shear.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Plane = npt.NDArray[np.float32]

SEGMENT_FS_HZ = 500
"""Rate of what comes out: that of most ECG machines, and above what 25 mm/s on 16 px/mm can show."""

GOOD_CONFIDENCE = 0.9
"""From this confidence on a segment is called good; a page with another one is to be looked at."""


class Box(NamedTuple):
    """A rectangle in pixels, edges included."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Page:
    """One page, upright and in sRGB."""

    rgb: npt.NDArray[np.uint8]
    """(height, width, 3)."""
    source: str
    """The file, and the page of it where there are several; for messages."""
    px_per_mm_hint: float | None = None
    """What the file states as its resolution. Often misstated, so it decides nothing alone."""
    lines: tuple[Array, ...] = ()
    """(n, 2) each: x and y of the long lines that a PDF draws itself, in pixels."""


@dataclass(frozen=True)
class Ink:
    """A page taken apart: what is ink of traces and letters, and what is grid."""

    coverage: Plane
    """(height, width), 0 to 1: the share of the pixel that ink covers."""
    grid: Plane
    """(height, width), 0 to 1: how dark the grid is there, ink taken away."""
    one_hue: bool = False
    """True where grid and ink have one hue: the coverage then holds the grid too, as far as it is dark."""


@dataclass(frozen=True)
class Bend:
    """How far bent paper lies from flat, in mm: a polynomial of 4th degree along each axis (`bend.py`)."""

    coefficients: Array
    """(2, 15)."""
    middle_mm: Array
    reach_mm: Array
    """(2,) each: the place from which and the length in which positions are counted."""


@dataclass(frozen=True)
class Grid:
    """Where the paper's millimetres lie on the page."""

    page_from_mm: Array
    """(3, 3) homography to page pixels from mm on the paper: x right, y down, from where 5 mm lines cross."""
    px_per_mm_x: float
    px_per_mm_y: float
    """At the middle of the page, along x and along y: real pages are not square."""
    residual_mm: float
    """Root mean square distance of the grid lines found from those of the homography."""
    bend: Bend | None = None
    """What the paper's curvature adds to the homography; None where it lies flat."""


@dataclass(frozen=True)
class Sheet:
    """The ink on straight paper, at 11 px/mm at most; its own pixels where the page was straight."""

    coverage: Plane
    px_per_mm_x: float
    px_per_mm_y: float
    page_from_sheet: Array
    """(3, 3) homography, for the overlay; `Grid.bend` is not in it."""


@dataclass(frozen=True)
class Panel:
    """The place of one lead on the sheet."""

    lead: str
    """As `splkit.ecg.leads` writes it, for example "aVR"."""
    is_rhythm: bool
    """A strip below the leads, named `II_rhythm` in tables."""
    left: float
    right: float
    """x of the first sample and of the end of the last, in pixels."""
    baseline: float
    """y of 0 mV as near as it is known, in pixels: the pulse's foot or the level of the trace."""
    start_s: float
    """On the clock of the record: 2.5 for the second column of a 3x4 page whose columns follow each other."""
    mm_per_s: float
    mm_per_mv: float
    """Negative where the lead is drawn upside down: aVR of the Cabrera order, printed as -aVR."""


@dataclass(frozen=True)
class Layout:
    """What is drawn where."""

    name: str
    """For example "3x4+1": three rows of four leads and one rhythm strip."""
    panels: tuple[Panel, ...]
    clutter: tuple[Box, ...] = ()
    """Ink that is no trace: labels, separators, pulses."""
    notes: tuple[str, ...] = ()
    """What was measured or assumed, for example "gain 10 mm/mV from the pulse of 1 mV"."""
    labels_read: float = 1.0
    """The share of the lead labels that were read in their places."""
    assumed: tuple[str, ...] = ()
    """Those of the notes on speed and gain that neither the page nor a person confirms."""
    time_agreed: bool = True
    """Whether two witnesses have the first column begin at the same place."""


@dataclass(frozen=True)
class Stroke:
    """The line that a pen drew for one panel, on the sheet."""

    panel: Panel
    x: Array
    y: Array
    """Pixels, x rising by half a pixel; y is nan where nothing is known."""
    seen: npt.NDArray[np.bool_]
    """Where ink shows the line; elsewhere it is hidden by a label, a separator or another trace."""
    residual: float
    """Root mean square of drawn coverage less seen coverage, about the line."""


@dataclass(frozen=True)
class Quality:
    """How far a segment is to be trusted."""

    coverage: float
    """Share of its time that ink shows."""
    residual: float
    hidden_ms: float
    """The longest span that is hidden."""
    strip_correlation: float | None = None
    """With the rhythm strip of the same lead at the same time."""
    einthoven_mv: float | None = None
    """Root mean square of what I + III - II, or aVR + aVL + aVF, leaves."""
    spread_mv: float = 0.0
    spread_px: float = 0.0
    """Standard deviation of the signal, in mV and in pixels: errors are about a pixel, whatever its size."""
    unexplained: float = 0.0
    """Ink near the trace that no stroke explains, as a share of the ink of its own line."""
    unexplained_touching: float = 0.0
    """The part of it that touches the trace."""
    elsewhere: float = 0.0
    """Share of the trace that is nearer to another row's level than to its own."""
    reach_rows: float = 0.0
    """How far it goes from its own level, in distances to the nearest other row."""
    beats_alike: float | None = None
    """Correlation of its steep places with those of the other leads at the same time."""
    strip_lag_ms: float | None = None
    """How much later its beats stand than those of a rhythm strip; None without a strip."""
    beat_hidden: float = 0.0
    """Share of the signal that lies where it is hidden, as other leads have it, less what was found there."""
    time_agreed: bool = True
    """Whether two witnesses on the page have time begin at the same place."""
    crossed: float = 0.0
    """Share of the signal, squared, that lies where other traces are; or of one that passes its level."""
    confidence: float = 0.0
    """0 to 1, the one number made of all others: how likely 10 dB are (`confidence.py`)."""


@dataclass(frozen=True)
class Segment:
    """One lead over one span of time, in mV."""

    lead: str
    is_rhythm: bool
    start_s: float
    signal_mv: Array
    """At SEGMENT_FS_HZ; nan where nothing is known."""
    quality: Quality


@dataclass(frozen=True)
class Digitized:
    """A page as numbers."""

    page: Page
    grid: Grid
    layout: Layout
    strokes: tuple[Stroke, ...]
    """On the sheet; `page_from_sheet` takes them to the page, and `grid.bend` where the paper is bent."""
    page_from_sheet: Array
    segments: tuple[Segment, ...]
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Hints:
    """What a person states of a page; None where the page itself is to tell."""

    layout: str | None = None
    leads: tuple[str, ...] | None = None
    """In the order of the panels, row by row."""
    mm_per_s: float | None = None
    mm_per_mv: float | None = None
    px_per_mm: float | None = None
    corners: tuple[tuple[float, float], ...] | None = None
    """Of the paper on the page, in pixels: top left, top right, bottom right, bottom left."""
