"""Constants, counts, quantization, and the C that carries them."""

import re
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from splkit.codegen.frontend_sources import front_end_sources
from splkit.ecg.frontend import (
    WINDOWS,
    FrontEndConfig,
    InputQuantization,
    Verdict,
    Window,
    quantize_cycles,
    thresholds,
    to_counts,
)
from splkit.ecg.frontend import config as front_end_shape
from splkit.ecg.recordings.recording import Recording
from splkit.errors import ModelError, RecordingError

RAM_BYTES_MAX = 3200

ROOT = Path(__file__).parents[2]
TWIN, C = ROOT / "ecg" / "frontend", ROOT / "codegen" / "frontend"
THRESHOLDS = {name: value for name, value in vars(thresholds).items() if name.isupper()}
SHAPE = (
    "COARSE_STEP", "QRS_SIZE", "CHUNK", "CHUNK_PUSHES", "MEASURE_PUSH", "COARSE_PUSH", "SHAPE_PUSH",
    "COMPARE_PUSH", "FOLLOW_PUSH", "ALIGN_PUSH", "JOB_PUSHES",
)  # fmt: skip
"""What of `splkit.ecg.frontend.config` depends on no rate."""

C_ALONE = {
    "RAILS_SPAN", "HIGHEST_STEP", "LOWEST_STEP", "SHARPNESS_STEP", "LARGEST_SHIFT_BITS", "AVERAGED_CYCLES",
    "SPL_FE_WAVES", "SPL_FE_PENDING", "SPL_EVENT_BEAT", "SPL_EVENT_CYCLE",
}  # fmt: skip
"""Numbers that only the C has: sizes of its rings, steps of its work, bits of its events."""


@pytest.mark.parametrize("fs_hz", [0, 124, 1001, -300])
def test_rates_that_are_refused(fs_hz: int) -> None:
    with pytest.raises(RecordingError, match="125 to 1000 Hz"):
        FrontEndConfig.for_rate(fs_hz, uv_per_count=5.0)


@pytest.mark.parametrize("uv_per_count", [0.0, -1.0, float("nan"), float("inf")])
def test_count_sizes_that_are_refused(uv_per_count: float) -> None:
    with pytest.raises(RecordingError, match="positive number of microvolts"):
        FrontEndConfig.for_rate(300, uv_per_count)


@pytest.mark.parametrize("uv_per_count", [1e-12, 1.0, 1e12])
@pytest.mark.parametrize("window", WINDOWS.values())
def test_constants_fit_their_c_types(window: Window, uv_per_count: float) -> None:
    for fs_hz in range(125, 1001):
        config = FrontEndConfig.for_rate(fs_hz, uv_per_count, 1, window)
        values = asdict(config)
        del values["uv_per_count"], values["window"]
        assert all(isinstance(value, int) and 1 <= value <= 2**27 for value in values.values())
        assert 120 <= fs_hz / config.decimation <= 240
        assert config.separation > config.integration and config.ring <= 65535
        assert config.isoelectric_box >= 2
        energy_max = 4 * 32768 * config.decimation * config.box * config.integration
        assert max(energy_max, config.height_floor) <= 2**25


def test_waves_that_settle_at_once_fit_their_ring() -> None:
    header = front_end_sources(FrontEndConfig.for_rate(300, 1.0), InputQuantization(2**30, 0, 0), "a test")
    size = int(re.findall(r"#define SPL_FE_WAVES (\d+)", header["spl_frontend.h"])[0])
    for fs_hz in range(125, 1001):
        config = FrontEndConfig.for_rate(fs_hz, uv_per_count=1.0)
        apart = (config.separation + 1) * config.decimation
        placed_after_r = config.curvature_delay + apart - config.recentre
        assert 1 + (config.settling - placed_after_r) / apart <= size


def test_counts_are_rounded_and_saturated() -> None:
    config = FrontEndConfig.for_rate(300, uv_per_count=2.0)
    recording = Recording(np.array([0.0, 0.0031, -0.0031, 1e9, -1e9]), 300.0, "II", "test")
    assert to_counts(recording, config).tolist() == [0, 2, -2, 32767, -32768]


def test_another_rate_is_refused() -> None:
    recording = Recording(np.array([0.0, 1.0]), 360.0, "II", "test")
    with pytest.raises(RecordingError, match="found 360 Hz"):
        to_counts(recording, FrontEndConfig.for_rate(300, uv_per_count=1.0))


def test_quantization_differs_from_the_real_value_by_its_two_roundings() -> None:
    averaged = np.random.default_rng(0).integers(-32768, 32768, (50, 270)).astype(np.int16)
    for scale, zero_point in [(0.0216, -52), (0.5, 0), (1e-4, 127), (3.0, -128)]:
        exact = np.clip(averaged / 4096 / scale + zero_point, -128, 127)
        shift = InputQuantization.for_input(scale, zero_point).shift
        first_rounding, second_rounding = 0.5 * 2.0 ** min(shift, 0), 0.5
        error = np.abs(quantize_cycles(averaged, scale, zero_point) - exact).max()
        assert error <= (first_rounding + second_rounding) * (1 + 1e-6)


def test_ties_are_rounded_away_from_zero() -> None:
    averaged = np.array([[-6144, -2048, 2048, 6144]], np.int16)
    assert quantize_cycles(averaged, scale=1.0, zero_point=0).tolist() == [[-2, -1, 1, 2]]


@pytest.mark.parametrize(("scale", "zero_point"), [(0.0, 0), (-1.0, 0), (float("nan"), 0), (0.02, 128)])
def test_inputs_that_are_refused(scale: float, zero_point: int) -> None:
    with pytest.raises(ModelError, match="positive scale"):
        InputQuantization.for_input(scale, zero_point)


def test_header_holds_the_constants() -> None:
    config = FrontEndConfig.for_rate(500, uv_per_count=4.88)
    header = front_end_sources(config, InputQuantization(2**30, -6, -7), "banner")["spl_frontend_config.h"]
    defined = dict(re.findall(r"#define (SPL_\w+) \(?(-?\d+)\)?", header))
    assert header.startswith("/* banner\n")
    assert defined.pop("SPL_INPUT_MULTIPLIER") == str(2**30)
    assert defined.pop("SPL_INPUT_SHIFT") == "-6"
    assert defined.pop("SPL_INPUT_ZERO_POINT") == "-7"
    assert defined.pop("SPL_FS_HZ") == "500"
    assert (defined.pop("SPL_CYCLE_SIZE"), defined.pop("SPL_CYCLE_R_INDEX")) == ("270", "90")
    found = {name.removeprefix("SPL_FE_"): int(value) for name, value in defined.items()}
    of_rate = {name.upper(): value for name, value in asdict(config).items()}
    shape = {name: getattr(front_end_shape, name) for name in SHAPE}
    assert {name: value for name, value in found.items() if name not in THRESHOLDS | shape} == {
        name: value for name, value in of_rate.items() if name in found
    } | {"AVERAGED_SHIFT": 3, "LEAST_SHIFT": 3}
    assert {name: value for name, value in found.items() if name in THRESHOLDS | shape} == THRESHOLDS | shape


def test_a_threshold_is_read_by_both_twins_and_written_once() -> None:
    """Neither the C nor the numpy twin has a value of its own for what the other knows too."""
    twin = "".join(path.read_text() for path in TWIN.glob("*.py") if path.name != "thresholds.py")
    c = "".join(path.read_text() for path in C.glob("*.[ch]"))
    for name in THRESHOLDS:
        assert re.search(rf"\b{name}\b", twin) and re.search(rf"\bSPL_FE_{name}\b", c), name
    written = dict(re.findall(r"^#define (\w+) \(?(-?\d+)", c, re.MULTILINE))
    assert set(written) == C_ALONE


def test_verdicts_have_the_same_numbers_in_c() -> None:
    header = (C / "spl_frontend.h").read_text()
    found = {name: int(value) for name, value in re.findall(r"SPL_VERDICT_(\w+) = (\d+)", header)}
    assert found == {verdict.name: verdict.value for verdict in Verdict}
    assert f"SPL_VERDICTS = {len(Verdict)}\n" in header


@pytest.mark.parametrize("fs_hz", [125, 300, 1000])
def test_cortex_m4_build_is_silent_and_small(tmp_path: Path, fs_hz: int) -> None:
    compiler = shutil.which("arm-none-eabi-gcc")
    if compiler is None:
        pytest.skip("no arm-none-eabi-gcc: apt install gcc-arm-none-eabi")
    config, quantization = FrontEndConfig.for_rate(fs_hz, 1.0), InputQuantization(2**30, 0, 0)
    for name, text in front_end_sources(config, quantization, "a test").items():
        (tmp_path / name).write_text(text)
    budget = RAM_BYTES_MAX * max(fs_hz, 300) // 300
    (tmp_path / "ram.c").write_text(
        f'#include "spl_frontend.h"\nextern char fits[sizeof(spl_frontend_t) <= {budget} ? 1 : -1];\n'
    )
    flags = ["-mcpu=cortex-m4", "-mthumb", "-O2", "-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Werror"]
    for source in tmp_path.glob("*.c"):
        command = [compiler, *flags, "-c", str(source), "-o", str(tmp_path / "out.o")]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0 and not result.stderr, result.stderr
