"""Speed and gain: of the calibration pulse, of a person, as printed, or assumed."""

from typing import Final, NamedTuple

import numpy as np

from splkit.ecg.paper.contracts import Hints
from splkit.ecg.paper.layout.known import Fit
from splkit.ecg.paper.layout.marks import Marks
from splkit.ecg.paper.layout.pulse import GAINS_MM_PER_MV, Pulse
from splkit.ecg.paper.layout.scaletext import read_scale_texts
from splkit.errors import RecordingError

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
        RecordingError: a pulse is of no known gain, or not of that which is stated or printed.
    """
    printed = read_scale_texts(marks)
    speed = _speed(marks, pulses, printed.mm_per_s, hints)
    limb, chest, gain_notes = _gains(marks, pulses, best, printed.mm_per_mv, hints)
    notes = (*gain_notes, speed.note)
    return Scale(
        speed.value,
        limb.value,
        chest.value,
        tuple(dict.fromkeys(notes)),
        tuple(dict.fromkeys(each.note for each in (limb, chest, speed) if each.assumed)),
    )


class Told(NamedTuple):
    """A value, by what it is told, and whether neither the page nor a person tells it surely."""

    value: float
    note: str
    assumed: bool = False


def _untold(what: str, unit: str, printed: tuple[float, ...], stated: float | None, usual: float) -> Told:
    """A value that no pulse tells: as stated, as printed, or the usual one."""
    said = " and ".join(f"{value:g}" for value in printed)
    if stated is not None:
        if printed and stated not in printed:
            return Told(stated, f"{what} {stated:g} {unit} as stated, though {said} {unit} is printed", True)
        return Told(stated, f"{what} {stated:g} {unit} as stated")
    if len(printed) == 1:
        return Told(printed[0], f"{what} {printed[0]:g} {unit} as printed")
    why = (
        f"{said} {unit} are printed, and no pulse tells which" if printed else "no pulse and no text tells it"
    )
    return Told(usual, f"{what} {usual:g} {unit} assumed: {why}", True)


def _gains(
    marks: Marks, pulses: tuple[Pulse, ...], best: Fit, printed: tuple[float, ...], hints: Hints
) -> tuple[Told, Told, tuple[str, ...]]:
    """Of limb leads and of chest leads; notes."""
    heights: dict[str, list[float]] = {}
    for p in pulses:
        last = p.right > best.first_x + 0.3 * best.pitch
        column = len(best.known.columns) - 1 if last and p.row < best.known.rows else 0
        lead = best.lead(p.row, column)
        if lead is not None:
            kind = "chest" if lead.startswith("V") else "limb"
            heights.setdefault(kind, []).append((p.foot - p.top) / marks.mm_y)
    if not heights:
        told = _untold("gain", "mm/mV", printed, hints.mm_per_mv, USUAL_MM_PER_MV)
        return told, told, (told.note,)
    gains: dict[str, Told] = {}
    for kind, each in heights.items():
        high = float(np.median(each))
        gain = _gain(high, hints)
        if printed and gain not in printed and hints.mm_per_mv is None:
            raise _printed_otherwise("gain", printed, "mm/mV", f"{high:.1f} mm")
        note = f"gain of {kind} leads {gain:g} mm/mV from {len(each)} pulses of {high:.1f} mm"
        gains[kind] = Told(gain, note)
    for kind, other in (("limb", "chest"), ("chest", "limb")):
        if kind not in gains:
            left = [value for value in printed if value != gains[other].value]
            if len(left) == 1 and len(printed) == 2:
                gains[kind] = Told(left[0], f"gain of {kind} leads {left[0]:g} mm/mV as printed")
            else:
                note = f"gain of {kind} leads is that of {other} leads: no pulse says otherwise"
                gains[kind] = Told(gains[other].value, note)
    return gains["limb"], gains["chest"], tuple(each.note for each in gains.values())


def _printed_otherwise(what: str, printed: tuple[float, ...], unit: str, pulse: str) -> RecordingError:
    said = " and ".join(f"{value:g}" for value in printed)
    return RecordingError(
        f"the {what} printed is that of the calibration pulse",
        found=f"{what} {said} {unit} printed contradicts the pulse of {pulse}",
        next_step=f"look which of them holds, and state --{what}",
    )


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


def _speed(marks: Marks, pulses: tuple[Pulse, ...], printed: tuple[float, ...], hints: Hints) -> Told:
    wide = float(np.median([p.right - p.left for p in pulses])) / marks.mm_x if pulses else np.nan
    measured = next((s for s in SPEEDS_MM_PER_S if abs(wide / (PULSE_S * s) - 1) < 0.12), None)
    stated = hints.mm_per_s
    if measured is None:
        return _untold("speed", "mm/s", printed, stated, USUAL_MM_PER_S)
    if stated is not None and abs(stated / measured - 1) > 0.12:
        raise RecordingError(
            "the speed stated is that of the calibration pulse of 0.2 s",
            found=f"speed {stated:g} mm/s contradicts the pulse of {wide / stated:.2g} s",
            next_step=f"leave --speed out, or state --speed {measured:g}",
        )
    if stated is not None:
        return Told(stated, f"speed {stated:g} mm/s as stated")
    if printed and measured not in printed:
        raise _printed_otherwise("speed", printed, "mm/s", f"{wide:.1f} mm, 0.2 s at {measured:g} mm/s")
    return Told(measured, f"speed {measured:g} mm/s from pulses {wide:.1f} mm wide")
