"""The library without the application: spl.h alone gives interval, alert state and suspicion of a sine."""

import ctypes
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support.single_answer import single_answer_model

from splkit import boards
from splkit.codegen.compile import compile_model
from splkit.codegen.generate import write_library
from splkit.ecg.frontend import FrontEndConfig, to_counts
from splkit.ecg.simulator.patient import draw_patient
from splkit.ecg.simulator.record import simulate_record
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.manifest import read_manifest
from splkit.firmware.parity.host import load_library
from splkit.firmware.parity.twin import Twin
from splkit.firmware.wire.framing import unframe
from splkit.quantize.carried import card_for
from splkit.quantize.reference import reference_model

OK, NULL, OUT_OF_RANGE, SURPRISE = 0, -1, -6, -7
ALL_BITS = -(1 << 31), (1 << 31) - 1
STRICT = ("-std=c99", "-O2", "-Wall", "-Wextra", "-Wconversion", "-Werror")
MAIN = """#include "spl.h"
#include <stdio.h>

static spl_t spl;

int main(void) {
  int16_t sample;
  spl_init(&spl);
  while (fread(&sample, sizeof sample, 1, stdin) == 1) {
    spl_beat_t beat;
    spl_estimate_t estimate;
    const uint32_t events = spl_push(&spl, sample, &beat, &estimate);
    if (events & SPL_EVENT_SILENCE) {
      printf("A %u none\\n", (unsigned)spl_silent_since(&spl));
    }
    if (events & SPL_EVENT_ESTIMATE) {
      printf("K %u %d %d %d ", (unsigned)estimate.r_sample, (int)estimate.spl_ueq_l,
             (int)estimate.low_ueq_l, (int)estimate.high_ueq_l);
      for (int i = 0; i < SPL_OUTPUT_SIZE; i++) {
        printf(i == 0 ? "%d" : "/%d", estimate.outputs[i]);
      }
      printf(" %s %d %d %u\\n", spl_alert_word(estimate.alert), (int)estimate.risk_high_permille,
             (int)estimate.risk_critical_permille, (unsigned)estimate.cycles);
    }
    if ((events & SPL_EVENT_ALERT) &&
        !((events & SPL_EVENT_SILENCE) && spl_alert(&spl) == SPL_ALERT_NONE)) {
      printf("A %u %s\\n", (unsigned)spl_alert_since(&spl), spl_alert_word(spl_alert(&spl)));
    }
  }
  return 0;
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export with the library in one file, too."""
    folder = tmp_path_factory.mktemp("alone") / "export"
    board = boards.load("nrf52")
    request = ExportRequest.for_board(reference_model(), board)
    export(
        ExportRequest(request.model, request.card, board, 300, request.uv_per_count, single_file=True), folder
    )
    return folder


@pytest.fixture(scope="module")
def samples(folder: Path) -> NDArray[np.int16]:
    """A sine wave of 1.5 Hz, 2 mV; lead off for 20 s; a simulated patient at 4.2 and at 7.5 mEq/L; off."""
    config, patient = Twin(folder).config, draw_patient(np.random.default_rng(4))
    parts = [
        to_counts(simulate_record(level, duration_s=60, seed=400 + i, patient=patient).recording, config)
        for i, level in enumerate((4.2, 7.5))
    ]
    wave_uv = 2000 * np.sin(2 * np.pi * 1.5 * np.arange(40 * config.fs_hz) / config.fs_hz)
    off = np.zeros(20 * config.fs_hz, np.int16)
    return np.concatenate([np.round(wave_uv / config.uv_per_count).astype(np.int16), off, *parts, off])


@pytest.mark.parametrize("shape", ["folder", "single file"])
def test_it_says_what_the_whole_firmware_says(
    shape: str, folder: Path, samples: NDArray[np.int16], tmp_path: Path
) -> None:
    single = folder / "single"
    files = [single / "spl.c"] if shape == "single file" else sorted(folder.glob("lib/**/*.c"))
    places = [single] if shape == "single file" else [folder / "include", folder / "lib" / "kernels"]
    (tmp_path / "main.c").write_text(MAIN)
    program = tmp_path / "program"
    include = [f"-I{place}" for place in places]
    subprocess.run(["cc", *STRICT, *include, "-o", program, tmp_path / "main.c", *files], check=True)
    done = subprocess.run([program], input=samples.astype("<i2").tobytes(), capture_output=True, check=True)
    twin = Twin(folder)
    texts = [unframe(each) for each in twin.lines(twin.front_end(samples), len(samples))]
    expected = [text for text in texts if text[0] in "KA"]
    assert done.stdout.decode().splitlines() == expected
    states = [text.split()[2] for text in expected if text[0] == "A"]
    assert states[:3] == ["sine", "none", "normal"] and states[-1] == "none"
    assert not {"high", "critical"}.isdisjoint(states)


def test_the_documentation_says_how_much_ram_a_stream_takes(folder: Path, root: Path) -> None:
    manifest = read_manifest(folder)
    spl_t_bytes, arena_bytes = manifest.spl_t_bytes, manifest.arena_bytes
    assert arena_bytes + 2500 < spl_t_bytes < arena_bytes + 3500  # the front end, the alert state
    assert f"{spl_t_bytes:,} bytes" in (root / "docs" / "export.md").read_text()


def test_levels_are_held_to_their_ranges(folder: Path) -> None:
    library = load_library(folder, [*folder.glob("lib/**/*.c")])
    stream = ctypes.create_string_buffer(8192)
    assert library.spl_init(stream) == OK

    def set_levels(*levels: int) -> int:
        return int(library.spl_set_levels(stream, *(ctypes.c_int32(each) for each in levels)))

    before = stream.raw
    for levels in [
        *((4999, 6500), (5500, 8001), (5500, 5799), (6500, 5500), ALL_BITS, ALL_BITS[::-1]),
        *((5500, ALL_BITS[0]), (ALL_BITS[1], ALL_BITS[1])),
    ]:
        assert set_levels(*levels) == OUT_OF_RANGE, levels
        assert stream.raw == before
    for levels in ((5000, 5300), (7700, 8000), (5500, 6500)):
        assert set_levels(*levels) == OK
    assert library.spl_set_levels(None, 5500, 6500) == NULL


def test_blood_tests_are_held_to_their_ranges(folder: Path) -> None:
    library = load_library(folder, [*folder.glob("lib/**/*.c")])
    stream = ctypes.create_string_buffer(8192)
    assert library.spl_init(stream) == OK
    before = stream.raw

    def calibrate(*tests: tuple[int, int, int], day: int = 9) -> int:
        given = (ctypes.c_uint16 * 3 * max(len(tests), 1))()
        for at, test in enumerate(tests):
            given[at][:] = test
        return int(library.spl_calibrate(stream, given, len(tests), ctypes.c_uint16(day)))

    for tests in [
        [(4700, 4700, 10)],
        [(4700, 4700, 9), (4700, 4700, 8)],
        [(4700, 1999, 9)],
        [(4700, 10_001, 9)],
        [(4700, 4700, 9)] * 7,
    ]:
        assert calibrate(*tests) == OUT_OF_RANGE, tests
        assert stream.raw == before
    assert calibrate((4700, 9900, 9)) == SURPRISE
    assert library.spl_calibrate(None, None, 0, 0) == library.spl_calibrate(stream, None, 1, 0) == NULL
    assert stream.raw == before
    assert calibrate(*[(4700, 4900, 9)] * 6) == OK and stream.raw != before
    assert calibrate() == OK and stream.raw == before


def test_an_interval_is_held_to_the_plausible_range(tmp_path: Path) -> None:
    model = single_answer_model()
    config = FrontEndConfig.for_rate(300, 5.0)
    write_library(compile_model(model.read_bytes(), model.name), card_for(model), config, tmp_path)
    library = load_library(tmp_path, [*tmp_path.glob("lib/**/*.c")])
    stream = ctypes.create_string_buffer(8192)
    assert library.spl_init(stream) == OK

    def ends(value: int) -> tuple[int, int] | None:
        low, high = ctypes.c_int32(), ctypes.c_int32()
        known = library.spl_interval(stream, value, ctypes.byref(low), ctypes.byref(high)) & 0xFF
        return (low.value, high.value) if known else None

    # Its card: 1.14 mEq/L to either side, 2 to 10 plausible.
    assert ends(4500) == (3360, 5640)
    assert ends(2500) == (2000, 3640)
    assert ends(9500) == (8360, 10000)
    assert ends(1999) is None and ends(10001) is None
