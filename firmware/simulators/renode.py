"""The `renode` engine: the very ELF that is flashed, on a simulated chip with its peripherals, in Renode."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Literal

import numpy as np
import numpy.typing as npt

from splkit import boards
from splkit.children import child
from splkit.errors import ToolError, UsageError
from splkit.folders import scratch_folder
from splkit.needs import RENODE
from splkit.progress import Advance, ignore_progress

OPTIONS = ("--disable-xwt", "--console", "--plain")
SETTLE_S = 1.0
"""Simulated time before and after the recording: start-up, and the last lines on the wire."""
TIMEOUT_S = 120
"""For the start; a recording then runs at least as fast as in life."""
POLL_S = 0.2
FINISHED = "splkit: the recording has been played"
EXECUTED = "splkit: instructions executed, samples taken"
COMPLAINTS = ("[ERROR]", "non existing peripheral", "There was an error executing command")
UNHANDLED = "Unhandled"
"""Renode's word for a register or a bit that a model lacks; its own models lack many of the chip's."""

Peripherals = Literal["splkit", "renode"]
"""Whose models of the chip's peripherals: ours, which refuse wrong settings, or those of Renode."""


def find_renode_test() -> Path:
    """Renode's runner of Robot Framework suites, beside `renode`.

    Raises:
        ToolError: there is no Renode, or no renode-test beside it.
    """
    found = shutil.which("renode-test", path=RENODE.path().resolve().parent) or shutil.which("renode-test")
    if found is None:
        raise ToolError(
            "Renode comes with renode-test", found=f"none beside {RENODE.path()}", next_step=RENODE.install
        )
    return Path(found)


def platform_files(board: str, folder: Path) -> Path:
    """Copy the Renode files of a board, and of boards with its chip, into `folder`; returns its script.

    Raises:
        UsageError: Renode does not have the board.
    """
    if "renode" not in boards.load(board).simulators:
        raise UsageError(
            f"{board} runs on {' and '.join(boards.load(board).simulators)}",
            found="--engine renode",
            next_step="export for nrf52, or choose another engine",
        )
    chip = boards.load(board).chip
    for each in boards.all_boards()[0]:
        if each.chip != chip:
            continue
        for entry in boards.folder(each.name).iterdir():
            if entry.name.endswith((".cs", ".repl", ".resc")):
                (folder / entry.name).write_bytes(entry.read_bytes())
    return folder / f"{board}.resc"


@dataclass(frozen=True)
class RenodeRun:
    """What a run leaves.

    Attributes:
        lines: that came out of the UART, the banner first.
        instructions: that the core executed, interrupts included.
        samples: that the converter took.
        duration_s: of the run, simulated.
    """

    lines: list[str]
    instructions: int
    samples: int
    duration_s: float


def simulate_renode(
    elf: Path, board: str, counts: npt.NDArray[np.int16], fs_hz: int, advance: Advance = ignore_progress
) -> list[str]:
    """The lines of `run_renode`."""
    return run_renode(elf, board, counts, fs_hz, advance).lines


def run_renode(
    elf: Path,
    board: str,
    counts: npt.NDArray[np.int16],
    fs_hz: int,
    advance: Advance = ignore_progress,
    peripherals: Peripherals = "splkit",
) -> RenodeRun:
    """Stream a recording through a whole firmware.

    Args:
        elf: `firmware.elf` of an exported folder.
        board: the name of its board.
        counts: int16[n], one lead, at the firmware's sampling rate `fs_hz`.
        advance: called with the number of samples done.
        peripherals: whose models; the converter is ours in any case.

    Raises:
        UsageError: Renode does not have the board.
        ToolError: Renode is missing, or the run did not end as it should.
    """
    program = RENODE.path()
    with scratch_folder() as folder:
        platform_files(board, folder)
        shutil.copyfile(elf, folder / "firmware.elf")
        (folder / "recording.i16").write_bytes(counts.astype("<i2").tobytes())
        duration_s = len(counts) / fs_hz + 2 * SETTLE_S
        script = _script(board, folder / "lines.txt", duration_s)
        complaints: tuple[str, ...] = (*COMPLAINTS, UNHANDLED)
        if peripherals == "renode":
            script = f"$platform=@{boards.load(board).chip.lower()}_renode.repl\n{script}"
            complaints = COMPLAINTS
        (folder / "run.resc").write_text(script)
        log = _run(program, folder, TIMEOUT_S + len(counts) / fs_hz, len(counts), advance)
        _judge(log, elf, complaints)
        lines = (folder / "lines.txt").read_text("ascii", "replace").splitlines()
        instructions, samples = (int(word, 0) for word in log.partition(EXECUTED)[2].split()[:2])
        return RenodeRun(lines, instructions, samples, duration_s)


def _script(board: str, lines: Path, duration_s: float) -> str:
    """Renode looks into the run's folder for what it reads, but not for what it writes."""
    written = str(lines).replace(" ", "\\ ")
    return (
        f"include @{board}.resc\n"
        f"uarte0 CreateFileBackend @{written} true\n"
        f'emulation RunFor "{duration_s:.3f}"\n'
        f'echo "{EXECUTED}"\n'
        "cpu ExecutedInstructions\n"
        "runMacro $taken\n"
        f'echo "{FINISHED}"\n'
        "quit\n"
    )


def _run(program: Path, folder: Path, limit_s: float, samples: int, advance: Advance) -> str:
    """Run the script; returns all that Renode said. The beats that come out tell how far it is."""
    end, done = monotonic() + limit_s, 0
    with (folder / "log.txt").open("w+", encoding="utf-8", errors="replace") as log:
        with child(
            [program, *OPTIONS, "-e", "include @run.resc"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        ) as process:
            while process.poll() is None:
                if monotonic() > end:
                    process.kill()
                sleep(POLL_S)
                position = _last_beat(folder / "lines.txt")
                advance(max(0, position - done))
                done = max(done, position)
        advance(samples - done)
        log.seek(0)
        return log.read()


def _last_beat(lines: Path) -> int:
    """The R peak of the last whole beat line so far."""
    if not lines.exists():
        return 0
    whole = lines.read_text("ascii", "replace").split("\n")[:-1]
    return next((int(line.split()[1]) for line in reversed(whole) if line.startswith("B ")), 0)


def _judge(log: str, elf: Path, complaints: Sequence[str]) -> None:
    """Renode exits with 0 whatever happened: what it said decides.

    Raises:
        ToolError: a command failed, a peripheral complained, or the run did not reach its end.
    """
    complaint = next((line for line in log.splitlines() if any(each in line for each in complaints)), None)
    if complaint is None and FINISHED not in log:
        complaint = log.strip().rpartition("\n")[2] or "nothing"
    if complaint is not None:
        raise ToolError(
            "a firmware runs in Renode without a complaint",
            found=f"{complaint.strip()!r} for {elf}",
            next_step="use --engine core to see what the functions compute, or look at the drivers",
        )
