"""Printed speeds and gains: read where sure, never another number, and held against pulse and person."""

from typing import Any, cast

import numpy as np
import pytest

from splkit.ecg.paper.contracts import Hints, Sheet
from splkit.ecg.paper.layout.layout import find_layout
from splkit.ecg.paper.layout.marks import find_marks
from splkit.ecg.paper.layout.scaletext import Printed, read_scale_texts
from splkit.ecg.paper.render.page import render_page
from splkit.ecg.paper.render.records import simulated_leads
from splkit.ecg.paper.render.style import Style
from splkit.ecg.paper.render.text import draw_text
from splkit.errors import RecordingError

MM = 7.0
FONTS = ("dejavu", "mono")


def written(*texts: str, font: str = "sans", capital_mm: float = 2.6) -> Sheet:
    """Texts alone, one below the other."""
    canvas = np.zeros((round((len(texts) + 1) * 9 * MM), round(120 * MM)), np.float32)
    for row, text in enumerate(texts, 1):
        draw_text(canvas, text, 10 * MM, row * 9 * MM, capital_mm * MM, font)
    return Sheet(canvas, MM, MM, np.eye(3))


def read(*texts: str, **look: Any) -> Printed:
    return read_scale_texts(find_marks(written(*texts, **look)))


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("25mm/s   10mm/mV   0.5-40 Hz", ((25.0,), (10.0,))),
        ("50 mm/s   5 mm/mV   0.05-150 Hz", ((50.0,), (5.0,))),
        ("Speed: 25 mm/s  Gain: 20 mm/mV  F 50~ 0.15-100 Hz W", ((25.0,), (20.0,))),
        ("Limb: 10 mm/mV  Chest: 5 mm/mV", ((), (5.0, 10.0))),
        ("100 mm/s", ((100.0,), ())),
        ("25 mm/s  50 mm/s", ((), ())),
    ],
)
def test_what_is_printed_is_read(font: str, text: str, printed: tuple[tuple[float, ...], ...]) -> None:
    assert read(text, font=font) == printed


@pytest.mark.parametrize("font", (*FONTS, "sans", "serif", "bold"))
def test_no_other_text_passes_for_a_scale(font: str) -> None:
    others = (
        "15 mm/s", "26 mm/s", "250 mm/s", "5 mm/s", "75 mm/s", "28mm/s", "1 mm/mV", "0.5 mm/mV", "8 mm/mV",
        "18 mm/mV", "6mm/mV", "40 mm/mV", "25 mm Hg", "250 ms", "10 mm", "100 bpm", "mm/mV", "mm/s", "50 Hz",
        "50 Hz  ADS", "25 Hz  W", "100 Hz AC",
        "Vent. rate 50 BPM", "QT/QTc 425/450 ms", "25.10.2005 10:25:50", "ID: 10502520",
    )  # fmt: skip
    for text in others:
        assert read(text, font=font) == ((), ()), text


def page(**look: Any) -> Sheet:
    """Rows of 150 mm, so half a usual page."""
    seconds = 150.0 / look.get("mm_per_s", 25.0)
    style = Style(grid="none", px_per_mm_x=MM, px_per_mm_y=MM, seconds=seconds, row_mm=26.0, **look)
    rgb = render_page(simulated_leads(4.0, seed=3), style).rgb
    return Sheet((1 - rgb[..., 0] / np.float32(255)).astype(np.float32), MM, MM, np.eye(3))


def test_without_a_pulse_the_scale_is_as_printed() -> None:
    layout = find_layout(
        page(pulse="none", header=1, mm_per_s=50.0, limb_mm_per_mv=20.0, chest_mm_per_mv=20.0)
    )
    assert {(p.mm_per_s, p.mm_per_mv) for p in layout.panels} == {(50.0, 20.0)}
    assert layout.assumed == ()
    assert {"speed 50 mm/s as printed", "gain 20 mm/mV as printed"} <= set(layout.notes)


def test_two_gains_without_a_pulse_to_tell_them_apart() -> None:
    layout = find_layout(page(pulse="none", header=1, chest_mm_per_mv=5.0))
    assert any("5 and 10 mm/mV are printed, and no pulse tells which" in each for each in layout.assumed)


def test_gain_of_the_leads_that_have_no_pulse_is_the_other_one_printed() -> None:
    gains = {
        p.lead: p.mm_per_mv for p in find_layout(page(pulse="left", header=1, chest_mm_per_mv=5.0)).panels
    }
    assert (gains["aVF"], gains["V2"]) == (10.0, 5.0)


def test_printed_gain_against_the_pulse() -> None:
    odd = page(pulse="left", header=1, pulse_mv=0.5)
    with pytest.raises(RecordingError, match=r"gain 10 mm/mV printed contradicts the pulse of 5\.\d mm"):
        find_layout(odd)
    assert {p.mm_per_mv for p in find_layout(odd, Hints(mm_per_mv=5)).panels} == {5.0}


def test_printed_scale_against_what_is_stated() -> None:
    layout = find_layout(page(pulse="none", header=1), Hints(mm_per_mv=20, mm_per_s=25))
    assert layout.assumed == ("gain 20 mm/mV as stated, though 10 mm/mV is printed",)
    assert cast(float, layout.panels[0].mm_per_mv) == 20.0


def test_one_of_two_gains_that_cannot_be_read_leaves_the_other_in_doubt() -> None:
    two = written("Limb: 10 mm/mV  Chest: 5 mm/mV")
    assert read_scale_texts(find_marks(two)).mm_per_mv == (5.0, 10.0)
    blot = two.coverage.copy()
    inked = np.flatnonzero(blot.max(axis=0) > 0.5)
    unit = round(inked[-1] - 13.5 * MM)
    number = np.flatnonzero(blot[:, unit - round(6 * MM) : unit].max(axis=0) > 0.5) + unit - round(6 * MM)
    blot[:, number[-1] - round(1.5 * MM) : number[-1] + 1] = 0
    assert read_scale_texts(find_marks(Sheet(blot, MM, MM, np.eye(3)))).mm_per_mv == ()
