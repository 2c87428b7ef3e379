"""Puts wrong settings into the drivers, and says which the simulated nRF52840 in Renode notices.

    RENODE=~/renode/renode python bench/renode_faults.py [--only NAME ...] [--json]

The faults are those of bench/configuration_faults.toml. Each is built with a library of known answers,
and a session of half a minute uses every driver: beats, commands, settings, button, electrodes,
supply, advertisements, a line that nobody drives, a loss of power, the watchdog. A fault is noticed
where a model complains, or where lines or packets differ from those without it. Those of other boards
are left out, as are faults that change nothing in this board's image. Exit status 1 where one is missed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np
from seeded_faults import BROKEN, CAUGHT, CONFIGURATION_FAULTS, MISSED, Copy, Fault, faulty, read_faults

from splkit.console import out, progress
from splkit.firmware.binary.elf import Elf
from splkit.firmware.simulators.renode import COMPLAINTS, OPTIONS, UNHANDLED, platform_files
from splkit.firmware.wire.framing import frame
from splkit.needs import RENODE

FS_HZ, LIMIT_S = 300, 300
CRITICAL, RR_SAMPLES = 6600, 150
CRYSTAL_TOLERANCE = 0.05
ELSEWHERE = "elsewhere"
BUILD = """import sys
from pathlib import Path
from support.stand_in import export_stand_in
from splkit.firmware.build import build
build(export_stand_in("nrf52", Path(sys.argv[1])))
"""


def command(text: str) -> str:
    """A command of the wire, as the Monitor gives it to the UARTE."""
    line = f"{frame(text)}\n"
    return f'uarte0 Receive "{line.encode().hex()}"'


def run_for(seconds: float) -> str:
    """The Monitor's command to go on."""
    return f'emulation RunFor "{seconds}"'


def held(pin: str, level: str, seconds: float) -> list[str]:
    """A pin that is at `level` for a while, and at the other one afterwards."""
    other = "true" if level == "false" else "false"
    return [f"{pin} {level}", run_for(seconds), f"{pin} {other}", run_for(0.3)]


SESSION = (
    run_for(2),
    *(line for text in ("status", "alert 5600 6600", "trace on") for line in (command(text), run_for(0.7))),
    *held("gpio1 OnGPIO 2", "true", 0.3),
    *held("gpio1 OnGPIO 3", "true", 0.3),
    command("trace off"),
    run_for(8),
    command("alarms"),
    *held("gpio0 OnGPIO 11", "false", 0.3),
    command("alarms"),
    run_for(0.3),
    "power Dip",
    run_for(0.1),
    *(line for level in range(5500, 5800, 100) for line in (command(f"alert {level} 6700"), run_for(0.5))),
    "power Lose",
    run_for(1.5),
    "saadc SupplyMillivolts 2500",
    "sysbus WriteDoubleWord $since_supply 17990",
    run_for(0.5),
    command("status"),
    run_for(0.5),
    "gpio0 OnGPIO 8 false",
    "uarte0 Break",
    run_for(3),
    'echo "crystal"',
    "power CrystalMicroseconds",
    "gpio0 OnGPIO 8 true",
    run_for(0.5),
    command("status"),
    run_for(8),
)
"""The supply is due ten samples after `since_supply` is set; the recording ends in the last part of it, and
the watchdog bites."""
RECORDING_S = 24


@dataclass(frozen=True)
class Session:
    """What a session left.

    Attributes:
        complaint: the first of the models and of Renode; empty without any.
        lines: that came out of the UART.
        packets: on air, without their times.
        crystal_us: how long the crystal of 32 MHz ran.
    """

    complaint: str
    lines: list[str]
    packets: list[str]
    crystal_us: int

    def differs_from(self, right: "Session") -> str:
        """What a reader of both notices first; empty where nothing."""
        if self.complaint:
            return self.complaint
        for kind, mine, other in (
            ("line", self.lines, right.lines),
            ("packet", self.packets, right.packets),
        ):
            for found, expected in zip_longest(mine, other, fillvalue="nothing"):
                if found != expected:
                    return f"{kind} {found!r}, not {expected!r}"
        if abs(self.crystal_us - right.crystal_us) > CRYSTAL_TOLERANCE * right.crystal_us:
            return f"the crystal runs for {self.crystal_us} us, not {right.crystal_us}"
        return ""


@dataclass(frozen=True)
class Result:
    """What became of a fault, and by what it was noticed."""

    name: str
    says: str
    verdict: str
    by: str


def built(copy: Copy, folder: Path) -> Path | None:
    """The stand-in's ELF out of a tree; None where it does not build."""
    path = os.pathsep.join(str(copy.folder / each) for each in ("src", "tests"))
    environment = os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run([sys.executable, "-c", BUILD, folder], env=environment, capture_output=True)
    return folder / "firmware.elf" if run.returncode == 0 else None


def play(elf: Path, folder: Path) -> Session:
    """The session of a firmware, in an empty folder."""
    script = platform_files("nrf52", folder)
    counts = np.zeros(RECORDING_S * FS_HZ, "<i2")
    counts[FS_HZ::RR_SAMPLES] = CRITICAL
    counts.tofile(folder / "recording.i16")
    lines, packets = folder / "lines.txt", folder / "packets.txt"
    begin = (
        f"$elf=@{elf}",
        f"$since_supply={Elf(elf).symbol('since_supply').address:#x}",
        f"include @{script.name}",
        f"radio Capture @{packets}",
        f"uarte0 CreateFileBackend @{lines} true",
    )
    (folder / "run.resc").write_text("\n".join((*begin, *SESSION, "quit", "")))
    run = subprocess.run(
        [RENODE.path(), *OPTIONS, "-e", "include @run.resc"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        errors="replace",
        timeout=LIMIT_S,
    )
    said = run.stdout.splitlines()
    complaints = (line for line in said if any(each in line for each in (*COMPLAINTS, UNHANDLED)))
    after = run.stdout.partition("\ncrystal")[2].split()
    return Session(
        complaint=next(complaints, "").partition("] ")[2],
        lines=lines.read_text("ascii", "replace").splitlines(),
        packets=[line.partition(" ")[2] for line in packets.read_text().splitlines()],
        crystal_us=int(after[0], 0) if after else 0,
    )


def judge(fault: Fault, copy: Copy, right: Session, image: bytes, scratch: Path) -> Result:
    """Puts the fault in, builds, plays the session, and takes it out again."""
    before = {edit.file: (copy.folder / edit.file).read_text(encoding="utf-8") for edit in fault.edits}
    try:
        for name, text in faulty(fault, copy.folder).items():
            (copy.folder / name).write_text(text, encoding="utf-8")
        elf = built(copy, scratch / "firmware")
    finally:
        for name, text in before.items():
            (copy.folder / name).write_text(text, encoding="utf-8")
    if elf is None:
        return Result(fault.name, fault.says, BROKEN, "it does not build")
    if elf.with_suffix(".bin").read_bytes() == image:
        return Result(fault.name, fault.says, ELSEWHERE, "")
    (scratch / "session").mkdir()
    try:
        by = play(elf, scratch / "session").differs_from(right)
    except subprocess.TimeoutExpired:
        by = f"no end within {LIMIT_S} s"
    return Result(fault.name, fault.says, CAUGHT if by else MISSED, by)


def judge_all(faults: list[Fault], advance: Callable[[int], None]) -> Iterator[Result]:
    """Every fault, after a session without any, in which nothing may be complained of."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        copy = Copy(scratch / "tree")
        elf = built(copy, scratch / "right")
        (scratch / "session").mkdir()
        if elf is None:
            sys.exit("the firmware does not build without any fault")
        right = play(elf, scratch / "session")
        if right.complaint:
            sys.exit(f"without any fault there is a complaint: {right.complaint}")
        for fault in faults:
            with tempfile.TemporaryDirectory(dir=scratch) as folder:
                yield judge(fault, copy, right, elf.with_suffix(".bin").read_bytes(), Path(folder))
            advance(1)


def main() -> int:
    """Reads the command line; 1 where a fault is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", metavar="NAME", help="only this fault; may be repeated")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    faults = [
        fault
        for fault in read_faults(CONFIGURATION_FAULTS)
        if not arguments.only or fault.name in arguments.only
    ]
    with progress("faults", len(faults)) as advance:
        results = list(judge_all(faults, advance))
    if arguments.json:
        out.print_json(json.dumps([asdict(result) for result in results]))
    else:
        for result in results:
            out.print(f"{result.name}: {result.verdict} {result.by}", markup=False, soft_wrap=True)
    here = [result for result in results if result.verdict != ELSEWHERE]
    caught = sum(result.verdict == CAUGHT for result in here)
    out.print(
        f"{caught} of {len(here)} faults noticed in Renode; {len(results) - len(here)} are not of this board"
    )
    return int(caught != len(here))


if __name__ == "__main__":
    sys.exit(main())
