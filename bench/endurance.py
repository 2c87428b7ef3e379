"""A long real recording through the whole firmware in Renode and in QEMU, held against the host twin.

    python bench/endurance.py                                   # 30 minutes of mitdb/101, both engines
    python bench/endurance.py --engine renode --minutes 2 --ecg toy
    python bench/endurance.py --engine renode --peripherals renode   # on the peripherals of Renode

Every line is compared: beats with their verdicts, estimates with the network's output of each averaged cycle.
Exit status 1 where a line differs, a sample is lost, or the core works more than a hundredth of the time.
"""

import argparse
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from splkit import boards
from splkit.ecg.recordings.readers import read_recording
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.parity.twin import Twin
from splkit.firmware.simulators.playback import counts_for
from splkit.firmware.simulators.qemu import simulate_qemu
from splkit.firmware.simulators.renode import Peripherals, run_renode
from splkit.needs import CC
from splkit.quantize.carried import card_for
from splkit.quantize.reference import reference_model

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("SPLKIT_DATA", ROOT.parent / "shared" / "data"))
BOARDS = {"renode": "nrf52", "qemu": "mps2-an386"}
CLOCK_HZ = 64_000_000
MOST_LOAD = 0.01
FS_HZ = 300
LONGEST_S: dict[Peripherals, float] = {"splkit": math.inf, "renode": 500.0}
"""Renode's own RTC wraps after 512 s, and never reaches a compare of 0, which comes then."""


def exported(engine: str, folder: Path) -> Path:
    """The bundled model, exported and built for the engine's board."""
    board, model = boards.load(BOARDS[engine]), reference_model()
    export(ExportRequest(model, card_for(model), board, FS_HZ, board.ecg.uv_per_count), folder)
    return folder


def run(engine: str, elf: Path, counts: NDArray[np.int16], peripherals: Peripherals) -> tuple[list[str], int]:
    """A run's lines and the instructions that its core executed."""
    if engine == "renode":
        result = run_renode(elf, BOARDS[engine], counts, FS_HZ, peripherals=peripherals)
        assert result.samples == len(counts), f"{result.samples} of {len(counts)} samples were taken"
        return result.lines, result.instructions
    plugin, count = elf.with_name("count.so"), elf.with_name("count.txt")
    source = ROOT / "bench" / "qemu_instructions.c"
    subprocess.run([CC.path(), "-shared", "-fPIC", "-O2", "-o", plugin, source], check=True)
    lines = simulate_qemu(elf, counts, FS_HZ, options=("-plugin", f"{plugin},to={count}"))
    return lines, int(count.read_text())


def stretches(counts: NDArray[np.int16], peripherals: Peripherals) -> list[NDArray[np.int16]]:
    """The recording in runs of equal lengths, as few as the peripherals take."""
    runs = max(1, math.ceil(len(counts) / FS_HZ / LONGEST_S[peripherals]))
    return np.array_split(counts, runs)


def report(engine: str, ecg: str, minutes: float, peripherals: Peripherals) -> bool:
    """Runs one engine and prints what came of it; whether all is as it should be."""
    said, expected, instructions = [], [], 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = exported(engine, Path(scratch) / "firmware")
        twin, counts = Twin(folder), counts_for(folder, read_recording(ecg), minutes * 60)
        runs = stretches(counts, peripherals)
        for stretch in runs:
            expected += twin.lines(twin.front_end(stretch), len(stretch))
            lines, executed = run(engine, folder / "firmware.elf", stretch, peripherals)
            said += lines[1:]
            instructions += executed
    equal = said == expected
    load = instructions / (len(counts) / FS_HZ) / CLOCK_HZ
    kinds = {kind: sum(line.startswith(f"{kind} ") for line in said) for kind in "BKAE"}
    length = f"{len(counts)} samples, {len(counts) / FS_HZ / 60:.1f} minutes"
    models = f", peripherals of {peripherals}" if engine == "renode" else ""
    print(f"{engine} ({BOARDS[engine]}{models}): {length} of {Path(ecg).name}, runs: {len(runs)}")
    print(f"  {kinds['B']} beats, {kinds['K']} SPL estimates, {kinds['A']} alert states, {kinds['E']} errors")
    print(f"  lines {'equal to the twin' if equal else 'DIFFER from the twin'}, {len(expected)} of them")
    print(f"  {instructions} instructions, {load:.2%} of {CLOCK_HZ // 1_000_000} million a second")
    return equal and kinds["E"] == 0 and load < MOST_LOAD


def main() -> int:
    """Reads the command line; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--engine", choices=[*BOARDS, "both"], default="both")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--ecg", default=str(DATA / "mitdb" / "101"))
    parser.add_argument("--peripherals", choices=get_args(Peripherals), default="splkit", help="in Renode")
    arguments = parser.parse_args()
    engines = list(BOARDS) if arguments.engine == "both" else [arguments.engine]
    passed = [report(engine, arguments.ecg, arguments.minutes, arguments.peripherals) for engine in engines]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
