"""Pages whose signal is known: images beside their records, clean or distorted, and rendered pages."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from paper_score import Truth

from splkit.ecg.leads import TWELVE_LEADS
from splkit.ecg.paper.contracts import Hints, Page
from splkit.ecg.paper.pages.image import load_page
from splkit.ecg.paper.render.pages import SIMULATED, Pages
from splkit.ecg.paper.render.random_style import hints_for
from splkit.ecg.paper.render.rendered import Rendered

CANON = {name.lower(): name for name in TWELVE_LEADS}


@dataclass(frozen=True)
class Distortion:
    """Rotation about the middle, a shadow that deepens to the right, JPEG; none of it by default."""

    degrees: float = 0.0
    right_edge: float = 1.0
    jpeg_quality: int = 0

    def apply(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The page, distorted; the paper is white where nothing was."""
        height, width = rgb.shape[:2]
        middle = (width / 2 - 0.5, height / 2 - 0.5)
        turn = cv2.getRotationMatrix2D(middle, self.degrees, 1.0)
        if self.degrees:
            rgb = cv2.warpAffine(rgb, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,) * 3)
        if self.right_edge != 1:
            shade = np.linspace(1.0, self.right_edge, width)[None, :, None]
            rgb = np.clip(np.round(rgb * shade), 0, 255).astype(np.uint8)
        if self.jpeg_quality:
            options = [cv2.IMWRITE_JPEG_QUALITY, self.jpeg_quality]
            done, packed = cv2.imencode(".jpg", rgb[:, :, ::-1], options)
            assert done
            rgb = np.ascontiguousarray(cv2.imdecode(packed, cv2.IMREAD_COLOR)[:, :, ::-1])
        return rgb


@dataclass(frozen=True)
class Case:
    """A page, what was printed on it, what a person would state of it, and how it was made."""

    page: Page
    truths: list[Truth]
    hints: Hints
    looks: str


CLEAN, DISTORTED = Distortion(), Distortion(5.0, 0.7, 40)


@dataclass(frozen=True)
class Known:
    """A page of a folder: NAME.png with NAME.json (which leads, which samples) and a WFDB record."""

    path: Path
    distortion: Distortion

    @property
    def name(self) -> str:
        """For tables."""
        return self.path.stem

    def load(self) -> Case:
        """The page and what was printed on it."""
        page = load_page(self.path)
        rgb = self.distortion.apply(page.rgb)
        return Case(Page(rgb, page.source, page.px_per_mm_hint), list(self._truth()), Hints(), "")

    def _truth(self) -> Iterator[Truth]:
        import wfdb

        facts = json.loads(self.path.with_suffix(".json").read_text())
        record = wfdb.rdrecord(str(self.path.with_name(self.path.stem.rsplit("-", 1)[0])))
        names = [name.lower() for name in record.sig_name]
        seen: set[str] = set()
        for each in sorted(facts["leads"], key=lambda each: each["end_sample"] - each["start_sample"]):
            lead = CANON.get(each["lead_name"].lower(), each["lead_name"])
            first, end = each["start_sample"], each["end_sample"]
            signal_mv = record.p_signal[first:end, names.index(lead.lower())]
            start_s = each.get("start_s", first / record.fs)
            is_rhythm = each.get("is_rhythm", lead in seen)
            yield Truth(lead, is_rhythm, start_s, float(record.fs), np.asarray(signal_mv))
            seen.add(lead)


def pages_of(folder: Path, distortion: Distortion) -> list[Known]:
    """The pages of a folder that have their truth beside them."""
    return [
        Known(path, distortion) for path in sorted(folder.glob("*.png")) if path.with_suffix(".json").exists()
    ]


@dataclass(frozen=True)
class Drawn:
    """A page of our own renderer: style, distortions and a simulated patient, all from the seed."""

    seed: int

    @property
    def name(self) -> str:
        """For tables."""
        return f"seed-{self.seed}"

    def rendered(self) -> Rendered:
        """The page and all that is true of it."""
        potassium_meq_l = float(np.random.default_rng([self.seed, 9]).uniform(3, 8))
        return Pages(SIMULATED, any_style=True, potassium_meq_l=potassium_meq_l).draw(self.seed)[0]

    def load(self) -> Case:
        """The page and what was printed on it."""
        drawn = self.rendered()
        truths = [
            Truth(trace.panel.lead, trace.panel.is_rhythm, trace.panel.start_s, drawn.fs_hz, trace.signal_mv)
            for trace in drawn.traces
        ]
        style = drawn.style
        steps = " ".join(f"{name}={amount:.2g}" for name, amount in drawn.distortions)
        looks = f"{drawn.layout.name} {style.px_per_mm_x:.1f} px/mm {style.grid} {style.grid_colour} {steps}"
        return Case(drawn.page, truths, hints_for(style), looks)
