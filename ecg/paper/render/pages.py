"""Pages by number: each seed its record, style and distortions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from splkit.ecg.paper.render.distort import Step, distort
from splkit.ecg.paper.render.page import render_page
from splkit.ecg.paper.render.random_style import random_style
from splkit.ecg.paper.render.records import read_leads, simulated_leads
from splkit.ecg.paper.render.rendered import LeadSet, Rendered
from splkit.ecg.paper.render.style import Style

SIMULATED = "simulated"
"""The name that stands for a simulated patient, another for each seed."""
_WITHOUT_STRIPS = ("12x1", "6x1")


@dataclass(frozen=True)
class Pages:
    """What to draw.

    Attributes:
        record: a path, or `SIMULATED`.
        choices: fields of `Style` that are chosen; the others are usual, or drawn from the seed.
        steps: distortions, applied in this order after those of the seed.
        any_style: draw style and distortions from the seed.
        start_s: where in the record to start.
        potassium_meq_l: of a simulated patient.
    """

    record: str
    choices: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    any_style: bool = False
    start_s: float = 0.0
    potassium_meq_l: float = 4.5

    def name(self, seed: int) -> str:
        """Of a page and its files: letters, digits and _, as WFDB asks for."""
        return f"{re.sub(r'[^A-Za-z0-9]', '_', Path(self.record).stem)}_{seed:05d}"

    def draw(self, seed: int) -> tuple[Rendered, LeadSet]:
        """One page and the record on it.

        Raises:
            RecordingError: the record cannot be read, or lacks one of the twelve leads.
            UsageError: a choice or a distortion cannot be, or the record is too short.
        """
        style, steps = self._look(seed)
        record = self._record_of(seed, style.shown_s)
        page = render_page(record, style, seed)
        return distort(page, (*steps, *self.steps), seed), record

    def _look(self, seed: int) -> tuple[Style, tuple[Step, ...]]:
        style, steps = random_style(seed) if self.any_style else (Style(), ())
        choices = dict(self.choices)
        if choices.get("layout", style.layout) in _WITHOUT_STRIPS:
            choices.setdefault("rhythm", ())
        if choices.get("layout", "6x1") != "6x1":
            choices.setdefault("chest_only", False)
        return replace(style, **choices), steps

    def _record_of(self, seed: int, seconds: float) -> LeadSet:
        if self.record == SIMULATED:
            return simulated_leads(self.potassium_meq_l, seed, max(seconds, 1.0))
        return self._read

    @cached_property
    def _read(self) -> LeadSet:
        return read_leads(self.record, self.start_s)
