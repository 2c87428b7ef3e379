"""What machines print above and below the traces. The people are invented."""

from dataclasses import dataclass

import numpy as np

from splkit.ecg.paper.render.style import Style

_NAMES = ("DOE, JANE", "Muster, Max", "ROSSI MARIO", "Smith, Anna", "TEST, PATIENT", "Li Wei", "Garcia, Ana")
_RHYTHMS = ("Sinus rhythm", "SINUS BRADYCARDIA", "Normal ECG", "Atrial fibrillation", "Unconfirmed diagnosis")


@dataclass(frozen=True)
class Line:
    """A text and where it stands.

    `across` is a share of the page's width; `down_mm` is from the top of the page, if negative from its end.
    """

    text: str
    across: float
    down_mm: float


def header_lines(style: Style, rng: np.random.Generator) -> tuple[Line, ...]:
    """Header and footer of the machine that `style.header` names by number."""
    if style.header is None:
        return ()
    machines = (_research, _cart, _bedside, _plain)
    return machines[style.header % len(machines)](style, rng)


def scale_texts(style: Style) -> tuple[str, str]:
    """Speed and gain as printed."""
    if style.limb_mm_per_mv == style.chest_mm_per_mv:
        return f"{style.mm_per_s:g} mm/s", f"{style.limb_mm_per_mv:g} mm/mV"
    limb, chest = (f"{gain:g} mm/mV" for gain in (style.limb_mm_per_mv, style.chest_mm_per_mv))
    return f"{style.mm_per_s:g} mm/s", f"Limb: {limb}  Chest: {chest}"


def _date(rng: np.random.Generator) -> str:
    day, month, year = rng.integers(1, 29), rng.integers(1, 13), rng.integers(1998, 2026)
    return (
        f"{day:02d}.{month:02d}.{year} {rng.integers(24):02d}:{rng.integers(60):02d}:{rng.integers(60):02d}"
    )


def _facts(rng: np.random.Generator) -> tuple[str, str, str]:
    """Name, number, sex and age."""
    sex = rng.choice(("Male", "Female"))
    return str(rng.choice(_NAMES)), f"{rng.integers(10**7, 10**8)}", f"{rng.integers(18, 95)} yr {sex}"


def _research(style: Style, rng: np.random.Generator) -> tuple[Line, ...]:
    name, number, person = _facts(rng)
    speed, gain = (text.replace(" mm", "mm") for text in scale_texts(style))
    return (
        Line(f"ID: {number}", 0.02, 6), Line(f"Name: {name}", 0.3, 6), Line(f"Date: {_date(rng)}", 0.6, 6),
        Line(person, 0.02, 11.5), Line(f"{speed}", 0.15, -4), Line(gain, 0.35, -4),
    )  # fmt: skip


def _cart(style: Style, rng: np.random.Generator) -> tuple[Line, ...]:
    name, number, person = _facts(rng)
    speed, gain = scale_texts(style)
    rate, pr, qrs, qt = (
        rng.integers(45, 120),
        rng.integers(120, 220),
        rng.integers(70, 140),
        rng.integers(340, 460),
    )
    return (
        Line(name, 0.03, 6), Line(f"ID:{number}", 0.25, 6), Line(_date(rng), 0.45, 6), Line(person, 0.03, 11),
        Line(f"Vent. rate {rate} BPM", 0.25, 11), Line(f"PR interval {pr} ms", 0.25, 15.5),
        Line(f"QRS duration {qrs} ms", 0.25, 20), Line(f"QT/QTc {qt}/{qt + 20} ms", 0.25, 24.5),
        Line(str(rng.choice(_RHYTHMS)), 0.55, 11), Line(f"{speed}   {gain}   0.05-150 Hz", 0.03, -4),
        Line("12SL v241", 0.6, -4),
    )  # fmt: skip


def _bedside(style: Style, rng: np.random.Generator) -> tuple[Line, ...]:
    name, number, person = _facts(rng)
    speed, gain = scale_texts(style)
    return (
        Line(f"{number}  {name}", 0.05, 5), Line(person, 0.05, 9.5), Line(_date(rng), 0.7, 5),
        Line(f"HR {rng.integers(45, 120)}", 0.7, 9.5),
        Line(f"Speed: {speed}  Gain: {gain}  F 50~ 0.15-100 Hz W", 0.3, -5),
    )  # fmt: skip


def _plain(style: Style, rng: np.random.Generator) -> tuple[Line, ...]:
    speed, gain = scale_texts(style)
    return Line(_date(rng), 0.05, 7), Line(f"{speed}  {gain}  50 Hz  ADS  35 Hz", 0.45, 7)
