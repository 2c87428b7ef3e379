"""Speed and gain: of the calibration pulse, of a person, or assumed."""

from typing import Final, NamedTuple

import numpy as np

from splkit.ecg.paper.contracts import Hints
from splkit.ecg.paper.layout.known import Fit
from splkit.ecg.paper.layout.marks import Marks
from splkit.ecg.paper.layout.pulse import Pulse
from splkit.errors import RecordingError

GAINS_MM_PER_MV: Final = (5.0, 10.0, 20.0)
SPEEDS_MM_PER_S: Final = (25.0, 50.0)
USUAL_MM_PER_MV, USUAL_MM_PER_S = 10.0, 25.0
"""What most ECGs are printed at: assumed where nothing tells."""
PULSE_S: Final = 0.2
"""The calibration pulse lasts so long, where its width is to tell the speed."""
EXACT: Final = 0.08
"""A pulse is as high as its gain says, to this share."""


class Scale(NamedTuple):
    """Speed in mm/s; gains of limb and chest leads in mm/mV."""

    mm_per_s: float
    limb: float
    chest: float
    notes: tuple[str, ...]
    assumed: tuple[str, ...]
    """Those of the notes that neither a pulse nor a person confirms."""

    def gain(self, label: str) -> float:
        """Of a lead as it is labelled: "-aVR" says that it is drawn upside down."""
        gain = self.chest if label.startswith("V") else self.limb
        return -gain if label.startswith("-") else gain


def find_scale(marks: Marks, pulses: tuple[Pulse, ...], best: Fit, hints: Hints) -> Scale:
    """The scale of the page.

    Raises:
        RecordingError: a pulse is of no known gain, or not of that which is stated.
    """
    mm_per_s, speed_note = _speed(marks, pulses, hints)
    limb, chest, notes, assumed = _gains(marks, pulses, best, hints)
    if mm_per_s is None:
        mm_per_s, assumed = USUAL_MM_PER_S, (*assumed, speed_note)
    return Scale(mm_per_s, limb, chest, (*notes, speed_note), assumed)


def _gains(
    marks: Marks, pulses: tuple[Pulse, ...], best: Fit, hints: Hints
) -> tuple[float, float, tuple[str, ...], tuple[str, ...]]:
    """Of limb leads and of chest leads; notes; those of the notes that are assumed."""
    heights: dict[str, list[float]] = {}
    for p in pulses:
        last = p.right > best.first_x + 0.3 * best.pitch
        column = len(best.known.columns) - 1 if last and p.row < best.known.rows else 0
        lead = best.lead(p.row, column)
        if lead is not None:
            kind = "chest" if lead.startswith("V") else "limb"
            heights.setdefault(kind, []).append((p.foot - p.top) / marks.mm_y)
    gains = {kind: _gain(float(np.median(each)), hints) for kind, each in heights.items()}
    notes = [
        f"gain of {kind} leads {gains[kind]:g} mm/mV from {len(each)} pulses of {np.median(each):.1f} mm"
        for kind, each in heights.items()
    ]
    if not gains and hints.mm_per_mv:
        return hints.mm_per_mv, hints.mm_per_mv, (f"gain {hints.mm_per_mv:g} mm/mV as stated",), ()
    if not gains:
        note = f"gain {USUAL_MM_PER_MV:g} mm/mV assumed: no pulse was found"
        return USUAL_MM_PER_MV, USUAL_MM_PER_MV, (note,), (note,)
    for kind, other in (("limb", "chest"), ("chest", "limb")):
        if kind not in gains:
            gains[kind] = gains[other]
            notes.append(f"gain of {kind} leads is that of {other} leads: no pulse says otherwise")
    return gains["limb"], gains["chest"], tuple(notes), ()


def _gain(height_mm: float, hints: Hints) -> float:
    gain = min(GAINS_MM_PER_MV, key=lambda g: abs(np.log(height_mm / g)))
    stated = hints.mm_per_mv
    if stated is not None and abs(stated / height_mm - 1) <= EXACT:
        return stated
    if abs(height_mm / gain - 1) > EXACT:
        raise RecordingError(
            "the calibration pulse of 1 mV is 5, 10 or 20 mm high",
            found=f"{height_mm:.1f} mm",
            next_step="check the grid's pitch with --px-per-mm, or state --gain",
        )
    if stated is not None:
        raise RecordingError(
            "the gain stated is that of the calibration pulse",
            found=f"gain {stated:g} mm/mV contradicts the pulse of {height_mm / stated:.2g} mV",
            next_step=f"leave --gain out, or state --gain {gain:g}",
        )
    return gain


def _speed(marks: Marks, pulses: tuple[Pulse, ...], hints: Hints) -> tuple[float | None, str]:
    """The speed, None where nothing tells it; and a note."""
    wide = float(np.median([p.right - p.left for p in pulses])) / marks.mm_x if pulses else np.nan
    measured = next((s for s in SPEEDS_MM_PER_S if abs(wide / (PULSE_S * s) - 1) < 0.12), None)
    if hints.mm_per_s is not None:
        if measured is not None and abs(hints.mm_per_s / measured - 1) > 0.12:
            raise RecordingError(
                "the speed stated is that of the calibration pulse of 0.2 s",
                found=f"speed {hints.mm_per_s:g} mm/s contradicts the pulse of {wide / hints.mm_per_s:.2g} s",
                next_step=f"leave --speed out, or state --speed {measured:g}",
            )
        return hints.mm_per_s, f"speed {hints.mm_per_s:g} mm/s as stated"
    if measured is not None:
        return measured, f"speed {measured:g} mm/s from pulses {wide:.1f} mm wide"
    return None, f"speed {USUAL_MM_PER_S:g} mm/s assumed: no pulse tells it"
