"""A drawn page and the truth about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Array, Box, Grid, Layout, Page, Panel
from splkit.ecg.paper.render.style import Style

Warp = Callable[[Array], Array]
"""Points (n, 2) of one picture to points of another."""


@dataclass(frozen=True)
class LeadSet:
    """The leads of one record, sampled together.

    Attributes:
        signals_mv: by lead, float64[n] in mV, all of one length, finite.
        fs_hz: their sampling rate.
        source: where they come from, for messages and truth files.
    """

    signals_mv: Mapping[str, Array]
    fs_hz: float
    source: str

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return min(len(signal) for signal in self.signals_mv.values()) / self.fs_hz


@dataclass(frozen=True)
class Trace:
    """One panel's line, sample by sample.

    Attributes:
        panel: its place on the page as drawn, before any distortion.
        first_sample: of the record.
        signal_mv: float64[n], of the lead itself, even where the page shows it upside down (-aVR).
        points: (n, 2), x and y on the page of each sample, in pixels; outside the page where the ink is.
    """

    panel: Panel
    first_sample: int
    signal_mv: Array
    points: Array


@dataclass(frozen=True)
class Label:
    """A printed text and where it stands on the page; `lead` where it names a panel."""

    text: str
    box: Box
    lead: str | None = None


@dataclass(frozen=True)
class Rendered:
    """A page and the truth about it.

    Attributes:
        rgb: (height, width, 3).
        traces: one a panel, in the layout's order; their points are on this page.
        layout: on the page as drawn, before any distortion; its clutter is labels, separators and pulses.
        grid: on this page. Where the paper is bent, the homography that fits best, and what it leaves.
        labels: on this page.
        style: what it was drawn with.
        fs_hz: of the record.
        source: of the record.
        page_from_drawn: points of the page as drawn, before any distortion, to this page.
        distortions: their names and amounts, in the order in which they were applied.
    """

    rgb: npt.NDArray[np.uint8]
    traces: tuple[Trace, ...]
    layout: Layout
    grid: Grid
    labels: tuple[Label, ...]
    style: Style
    fs_hz: float
    source: str
    page_from_drawn: Warp = lambda points: points
    distortions: tuple[tuple[str, float], ...] = ()

    @property
    def page(self) -> Page:
        """As `splkit digitize` would have read it."""
        return Page(self.rgb, f"rendered {self.source}")
