"""The front end's constants against docs/frontend.md and their sources: at 1000 Hz a sample is 1 ms."""

import pytest

from splkit.ecg.frontend import FrontEndConfig

AT_1000_HZ = {
    "recentre": 40,
    "isolation": 240,
    "shadow": 300,
    "learning": 2000,
    "refractory": 200,
    "t_wave": 240,
    "t_wave_rr": 1200,
    "t_wave_tail": 100,
    "t_wave_fade": 150,
    "t_wave_wide": 125,
    "t_wave_over": 60,
    "decay": 240,
    "pause": 2000,
    "pause_step": 500,
    "rr_min": 300,
    "rr_max": 2000,
    "neighbour": 900,
    "quiet": 740,
    "mask": 100,
    "isoelectric_from": 120,
    "isoelectric_to": 40,
    "isoelectric_box": 20,
    "flat": 700,
    "fine_box": 11,
}
DECIMATED_MS = {"box": 17, "lag": 23, "integration": 80, "separation": 90}


@pytest.mark.parametrize(("name", "ms"), AT_1000_HZ.items())
def test_a_duration_is_what_the_documentation_says(name: str, ms: int) -> None:
    assert getattr(FrontEndConfig.for_rate(1000, uv_per_count=1.0), name) == ms
    assert getattr(FrontEndConfig.for_rate(250, uv_per_count=1.0), name) == pytest.approx(ms / 4, abs=0.5)


@pytest.mark.parametrize(("name", "ms"), DECIMATED_MS.items())
def test_a_duration_of_the_detector_is_to_a_decimated_sample(name: str, ms: int) -> None:
    """About 160 Hz: 1000 Hz is decimated by 6, 300 Hz by 2."""
    for fs_hz, decimation in ((1000, 6), (300, 2)):
        config = FrontEndConfig.for_rate(fs_hz, uv_per_count=1.0)
        assert config.decimation == decimation
        step_ms = 1000 * decimation / fs_hz
        assert getattr(config, name) * step_ms == pytest.approx(ms, abs=step_ms / 2 + 1e-9)


def test_amplitudes_are_in_counts() -> None:
    """A cycle's R has 50 uV, a P wave 0.3 mV at most, measured from before and after it together."""
    for uv_per_count in (0.5, 1.0, 5.0):
        config = FrontEndConfig.for_rate(300, uv_per_count)
        assert config.amplitude_floor == 50 / uv_per_count
        assert config.p_wave == 2 * 300 / uv_per_count


def test_a_cycle_reaches_from_300_ms_before_r_to_600_ms_after_it() -> None:
    """And 5 ms of alignment, with a tap of interpolation before and two after."""
    config = FrontEndConfig.for_rate(1000, uv_per_count=1.0)
    assert (config.before, config.after) == (305 + 1, 605 + 2)
    assert config.step_q16 == round(1000 / 300 * 65536)
