"""Pictures that hold no ECG, or more than one: each ends in one sentence, none in numbers."""

import numpy as np
import pytest

from splkit.ecg.paper.contracts import Page
from splkit.ecg.paper.digitize import digitize
from splkit.ecg.paper.render.page import render_page
from splkit.ecg.paper.render.records import simulated_leads
from splkit.ecg.paper.render.style import Style
from splkit.errors import RecordingError

pytest.importorskip("cv2", reason="OpenCV, of the extra [digitize], is not installed")

HIGH, WIDE = 500, 700


def fur() -> np.ndarray:
    """A texture whose power falls with frequency, as that of photos does."""
    rng = np.random.default_rng(0)
    rate = np.hypot(np.fft.fftfreq(HIGH)[:, None], np.fft.rfftfreq(WIDE)[None])
    rate[0, 0] = 1
    drawn = rng.normal(size=rate.shape) + 1j * rng.normal(size=rate.shape)
    wave = np.fft.irfft2(drawn / rate**1.2, s=(HIGH, WIDE))
    return np.asarray(255 * (wave - wave.min()) / np.ptp(wave))


def stripes() -> np.ndarray:
    return np.tile(127 + 100 * np.sin(np.arange(WIDE) / 7), (HIGH, 1)) + 0.1 * fur()


def squares() -> np.ndarray:
    made = np.full((HIGH, WIDE), 235.0)
    made[::40] = made[:, ::40] = 120
    return made


def two_pages() -> np.ndarray:
    style = Style(px_per_mm_x=4.0, px_per_mm_y=4.0)
    pages = [render_page(simulated_leads(5.0, seed=seed), style).rgb for seed in (1, 2)]
    return np.vstack(pages)


PICTURES = {
    "white": lambda: np.full((HIGH, WIDE), 255.0),
    "black": lambda: np.zeros((HIGH, WIDE)),
    "noise": lambda: np.random.default_rng(1).uniform(0, 255, (HIGH, WIDE)),
    "fur": fur,
    "stripes": stripes,
    "squares": squares,
    "two pages": two_pages,
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", PICTURES)
def test_no_numbers_come_of_it(name):
    grey = np.clip(PICTURES[name](), 0, 255).astype(np.uint8)
    rgb = grey if grey.ndim == 3 else np.repeat(grey[:, :, None], 3, axis=2)
    with pytest.raises(RecordingError) as raised:
        digitize(Page(rgb, f"{name}.png"))
    assert raised.value.next_step and "\n" not in str(raised.value)
