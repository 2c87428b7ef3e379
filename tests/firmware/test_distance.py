"""The distance on the device: C and ELF against the twin, and what follows from an unlike cycle."""

import ctypes
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support.broadcast import broadcasting, records
from support.c_format import assert_formatted
from support.distance_models import PLAIN, cycle_of, distance_card, hand_made_distance, learned
from support.single_answer import single_answer_model

from splkit import boards
from splkit.ecg.recordings.recording import Recording
from splkit.firmware.binary.elf import Elf
from splkit.firmware.binary.stack import stack_bound
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.manifest import read_manifest
from splkit.firmware.parity.host import WARNINGS, load_library
from splkit.firmware.parity.twin import Twin
from splkit.firmware.simulators.application import Application
from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.simulators.playback import counts_for
from splkit.firmware.wire.framing import unframe
from splkit.firmware.wire.protocol import parse_lines
from splkit.needs import CC
from splkit.quantize.distance import Distance


def recording(*t_over_r: float) -> Recording:
    """Half a minute of a plain beat for each: with T waves of that height, a beat every 0.8 s."""
    time_s = np.arange(round(30 * len(t_over_r) * 500)) / 500
    signal_uv = np.zeros(len(time_s))
    for number, t in enumerate(t_over_r):
        for beat in range(37):
            r_s = 0.5 + 30 * number + 0.8 * beat
            near = slice(max(round((r_s - 0.4) * 500), 0), round((r_s + 0.7) * 500))
            signal_uv[near] += replace(PLAIN, r_s=r_s, t_over_r=t).uv(time_s[near])
    return Recording(signal_uv / 1000, 500, "V5", "made by hand")


def export_with(distance: Distance, folder: Path) -> Path:
    """A network of one answer with a distance on its card, for nrf52."""
    board = boards.load("nrf52")
    request = ExportRequest(
        single_answer_model(), distance_card(distance), board, board.ecg.fs_hz, board.ecg.uv_per_count,
        single_file=True,
    )  # fmt: skip
    export(request, folder)
    return folder


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_with(hand_made_distance(), tmp_path_factory.mktemp("distance") / "export")


@pytest.fixture(scope="module")
def core(exported: Path) -> CoreSimulator:
    return CoreSimulator(exported / "firmware.elf")


def extreme() -> NDArray[np.int16]:
    """Cycles at the ends of int16, along and against the first component, and anything."""
    rng = np.random.default_rng(6)
    signs = np.sign(hand_made_distance().components[0])
    along = np.repeat(np.where(signs < 0, -32768, 32767), 5)
    turning = np.tile([-32768, 32767], 135)
    ends = [np.full(270, -32768), np.full(270, 32767), along, -1 - along, turning]
    some = rng.integers(-32768, 32768, (40, 270))
    return np.concatenate([ends, some]).astype(np.int16)


def of_c(library: ctypes.CDLL, cycles: NDArray[np.int16], lift: int = 0) -> list[int]:
    function = library.spl_distance
    function.restype, function.argtypes = ctypes.c_uint32, (ctypes.c_void_p, ctypes.c_uint32)
    return [int(function(np.ascontiguousarray(each).ctypes.data, lift)) for each in cycles]


def test_c_and_elf_have_the_twins_distances(exported: Path, core: CoreSimulator) -> None:
    library = load_library(exported, [*exported.glob("lib/**/*.c")])
    spoiled = np.array([-cycle_of(PLAIN), np.roll(cycle_of(PLAIN), 6)])
    cycles = np.concatenate([learned(60, seed=8).averaged, spoiled, extreme()])
    expected = hand_made_distance().percent(cycles).tolist()
    assert of_c(library, cycles) == expected
    assert min(expected) < 100 < expected[60] and len(set(expected)) > 50
    for lift in (1, 2, 3):  # sums of an early mean's shares
        lifted = (cycles.astype(np.int64) << lift).clip(-32768, 32767).astype(np.int16)
        assert of_c(library, cycles, lift) == hand_made_distance().percent(lifted).tolist()
    buffer = core.allocate(540)
    for cycle, percent in list(zip(cycles, expected, strict=True))[::4]:
        core.write(buffer, cycle)
        assert core.call("spl_distance", buffer, 0, writable=[]) == percent


@pytest.mark.parametrize("name", ["mean", "components", "reciprocals", "least", "greatest"])
def test_the_self_test_finds_a_constant_that_changed(exported: Path, tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(exported, tmp_path / "changed"))
    config = folder / "lib" / "spl_distance_config.h"
    text, arena = config.read_text(), ctypes.create_string_buffer(1 << 16)
    assert load_library(exported, [*exported.glob("lib/**/*.c")]).spl_self_test_all(arena) == 0
    start = text.index("{", text.index(f"distance_{name}["))
    number = re.search(r"-?\d+", text[start:])
    assert number is not None
    at = start + number.start()
    config.write_text(f"{text[:at]}{int(number[0]) ^ 1}{text[at + len(number[0]) :]}")
    assert load_library(folder, [*folder.glob("lib/**/*.c")]).spl_self_test_all(arena) == -2


def test_no_card_makes_it_overflow(exported: Path, tmp_path: Path) -> None:
    """Components that are all alike and as long, or as short, as can be, and means at an end of int16.

    The C is compiled so that an overflow, or a shift of what has no room, ends the process that runs it.
    """
    free = {"least": (-(1 << 21),) * 8, "greatest": (1 << 21,) * 8}
    for end, weights in ((-32768, (127,) * 54), (32767, (127, *(0,) * 53)), (-32768, (127, -127) * 27)):
        plain = Distance(mean=(end,) * 54, components=(weights,) * 8, limit=2_147_483_600, held_out=1, **free)
        folder = tmp_path / str(sum(weights))
        assert held_by_sanitizer(exported, plain, extreme(), folder) == plain.percent(extreme()).tolist()


def held_by_sanitizer(
    exported: Path, distance: Distance, cycles: NDArray[np.int16], folder: Path
) -> list[int]:
    """The C's distances with the constants of another distance, by a program under UBSan."""
    folder.mkdir()
    arrays = {"int16_t distance_mean": distance.mean, "int32_t distance_least": distance.least,
              "int32_t distance_greatest": distance.greatest,
              "int32_t distance_reciprocals": distance.basis.reciprocals.tolist()}  # fmt: skip
    columns = zip(*distance.components, strict=True)
    rows = ",".join("{" + ",".join(map(str, row)) + "}" for row in columns)
    lines = [f"static const {name}[] = {{{','.join(map(str, each))}}};" for name, each in arrays.items()]
    lines += [f"static const int8_t distance_components[][8] = {{{rows}}};"]
    lines += [f"#define SPL_DISTANCE_PERCENT {distance.unit}u", "#define SPL_DISTANCE_CRC32 0u"]
    (folder / "spl_distance_config.h").write_text("\n".join(lines))
    for name in ("spl_distance.c", "spl_distance.h"):
        (folder / name).write_bytes((exported / "lib" / name).read_bytes())
    (folder / "main.c").write_text(
        '#include <stdio.h>\n#include "spl_distance.h"\n#include "spl_model.h"\n'
        "uint32_t spl_crc32(uint32_t crc, const void *data, uint32_t bytes) { "
        "return data == NULL ? bytes : crc; }\n"
        "int main(void) {\n  int16_t cycle[270];\n"
        "  while (fread(cycle, sizeof cycle, 1, stdin) == 1) {\n"
        '    printf("%lu\\n", (unsigned long)spl_distance(cycle, 0));\n  }\n  return 0;\n}\n'
    )
    options = ["-std=c99", "-O1", *WARNINGS, "-fsanitize=undefined", "-fno-sanitize-recover=all"]
    include = ["-I.", f"-I{exported / 'include'}", f"-I{exported / 'lib'}"]
    made = subprocess.run(
        [CC.path(), *options, *include, "main.c", "spl_distance.c", "-o", "distances"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    done = subprocess.run([folder / "distances"], input=cycles.tobytes(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return [int(line) for line in done.stdout.split()]


def test_an_unlike_cycle_is_no_estimate_anywhere(exported: Path, core: CoreSimulator) -> None:
    """T waves turn over: lines, alert state, the last estimate, calibration and the advertisement."""
    application = broadcasting(core)
    samples = counts_for(exported, recording(0.35, -0.5, 0.35))
    third = len(samples) // 3
    said = []
    for part in range(3):
        application.push(samples[part * third : (part + 1) * third])
        status = unframe(application.send("status")[0]).split()
        calibrated = unframe(application.send("calibrate 4500")[0])
        said.append((status[4:6], calibrated, records(application)[-1][5:7]))
    unlike = [event for event in parse_lines(application.lines).faults if event.word == "unlike"]
    assert len(unlike) >= 3 and all(each.count > 100 for each in unlike)
    assert unlike[0].words.startswith("no estimate: the cycle is unlike those of training, at ")
    (before, taken, _), (during, refused, advert), (after, _, _) = said
    assert before[0] == "normal" and before[1] != "-" and taken == "R calibrate ok"
    assert during == ["none", "-"] and refused == "R calibrate error stale" and list(advert) == [0xFF, 0xFF]
    assert after[0] == "normal"


def test_a_refused_cycle_costs_no_inference(exported: Path) -> None:
    """The self-test at the start runs the only one."""
    counts = counts_for(exported, recording(-0.5), 20)
    simulator = CoreSimulator(exported / "firmware.elf")
    with simulator.counting("spl_") as counter:
        Application(simulator).push(counts)
    assert counter.calls["spl_infer"].count == 1 < counter.calls["spl_take_answer"].count
    assert counter.calls["spl_distance"].worst < 4_800  # of 353,027 for an inference: 1.4 %


def test_the_distance_is_not_where_the_stack_is_deepest(exported: Path) -> None:
    bound = stack_bound(Elf(exported / "firmware.elf"))
    assert not any(function.startswith("spl_distance") for function, _ in bound.chain)
    assert bound.bytes <= 0.75 * boards.load("nrf52").memory.stack_bytes


def test_lines_are_the_twins(exported: Path) -> None:
    counts = counts_for(exported, recording(0.35, -0.5))
    application, twin = Application(CoreSimulator(exported / "firmware.elf")), Twin(exported)
    application.push(counts)
    expected = twin.lines(twin.front_end(counts), len(counts))
    assert application.lines[1:] == expected
    assert {unframe(line).split()[0] for line in expected} == {"B", "K", "A", "E"}


def test_the_library_is_formatted_and_fits_into_one_file(exported: Path, tmp_path: Path) -> None:
    assert_formatted([exported / "include" / "spl.h", *exported.glob("*/spl_[cd]*.h")])
    compiler = [CC.path(), "-std=c99", *WARNINGS, "-c", "spl.c", "-o", str(tmp_path / "spl.o")]
    done = subprocess.run(compiler, cwd=exported / "single", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_manifest_has_the_cards_distance(exported: Path) -> None:
    card = json.loads((exported / "model" / "card.json").read_text())
    manifest = json.loads((exported / "manifest.json").read_text())
    assert manifest["distance"] == card["distance"] and card["distance"]["limit"] > 0
    assert read_manifest(exported).distance == hand_made_distance()
