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
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from time import monotonic, sleep

import numpy as np
from seeded_faults import BROKEN, CAUGHT, CONFIGURATION_FAULTS, MISSED, Copy, Fault, faulty, read_faults

from splkit.children import child
from splkit.console import out, progress
from splkit.firmware.binary.elf import Elf
from splkit.firmware.simulators.application import KEY
from splkit.firmware.simulators.renode import COMPLAINTS, OPTIONS, UNHANDLED, platform_files
from splkit.firmware.wire.framing import frame
from splkit.firmware.wire.signing import Signer
from splkit.needs import RENODE
from splkit.progress import Advance

FS_HZ, LIMIT_S = 300, 120
CRITICAL, RR_SAMPLES = 6600, 150
CRYSTAL_TOLERANCE = 0.05
ELSEWHERE = "elsewhere"
WHERE = re.compile(r"^(E (?:watchdog|fault) )[1-9]\d*\*....", re.MULTILINE)
"""Where the core was: another place in every build."""
RIGHT = "without-any-fault"
BUILD = """import sys
from pathlib import Path
from support.compiler_cache import use
from support.stand_in import export_stand_in
from splkit.firmware.build import build
folder = Path(sys.argv[1])
folder.mkdir()
use(folder)
build(export_stand_in("nrf52", folder / "firmware"))
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


OWNER = Signer(KEY, 1, 1)


def signed(text: str) -> str:
    """The next command of the device's owner."""
    return command(OWNER.sign(text))


SESSION = (
    run_for(2),
    "power BrownOut",  # before anything is stored: an operation of the flash ends with the comparator on
    run_for(1.5),
    *(line for text in (f"provision {KEY.digits}", "session") for line in (command(text), run_for(0.7))),
    signed("broadcast on"),
    run_for(0.7),
    *(
        line
        for each in (command("status"), signed("alert 5600 6600"), command("trace on"))
        for line in (each, run_for(0.7))
    ),
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
    *(line for level in range(5500, 6000, 100) for line in (signed(f"alert {level} 6700"), run_for(0.5))),
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
"""Signatures are of the first session: no reset lies between it and the last of them. The supply is due ten
samples after `since_supply` is set; the recording ends in the last part of it, and the watchdog bites."""
RECORDING_S = 26


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


def built(copy: Copy, fault: Fault | None, folder: Path) -> Path | None:
    """The stand-in's ELF with a fault in its sources; None where it does not build."""
    edits = fault.edits if fault else ()
    before = {edit.file: (copy.folder / edit.file).read_text(encoding="utf-8") for edit in edits}
    path = os.pathsep.join(str(copy.folder / each) for each in ("src", "tests"))
    environment = os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        for name, text in (faulty(fault, copy.folder) if fault else {}).items():
            (copy.folder / name).write_text(text, encoding="utf-8")
        run = subprocess.run([sys.executable, "-c", BUILD, folder], env=environment, capture_output=True)
    finally:
        for name, text in before.items():
            (copy.folder / name).write_text(text, encoding="utf-8")
    return folder / "firmware" / "firmware.elf" if run.returncode == 0 else None


def write_session(name: str, elf: Path, folder: Path) -> None:
    """The Monitor's script of one firmware's session."""
    begin = (
        f"$elf=@{elf}",
        f"$since_supply={Elf(elf).symbol('since_supply').address:#x}",
        f"include @{folder}/nrf52.resc",
        f"radio Capture @{folder}/{name}.packets",
        f"uarte0 CreateFileBackend @{folder}/{name}.lines true",
    )
    (folder / f"{name}.resc").write_text("\n".join((*begin, *SESSION, "")))


def play(names: list[str], folder: Path, advance: Advance) -> dict[str, str]:
    """Plays the sessions one after the other in one Renode; returns what each said.

    One that does not end takes those behind it with it: they are missing.
    """
    said: dict[str, str] = {}
    commands = [f'include @{name}.resc\nClear\necho "end of {name}"\n' for name in names]
    (folder / "commands.txt").write_text("".join((*commands, "quit\n")))
    log = folder / "log.txt"
    with (
        (folder / "commands.txt").open() as stdin,
        log.open("w") as stdout,
        child([RENODE.path(), *OPTIONS], cwd=folder, stdin=stdin, stdout=stdout, stderr=stdout) as process,
    ):
        last = monotonic()
        while len(said) < len(names) and process.poll() is None and monotonic() < last + LIMIT_S:
            sleep(1)
            texts = re.split(r"^end of (\S+)\n", log.read_text(errors="replace"), flags=re.MULTILINE)
            if len(texts) // 2 > len(said):
                advance(len(texts) // 2 - len(said))
                said, last = dict(zip(texts[1::2], texts[::2], strict=False)), monotonic()
        if len(said) < len(names):
            os.killpg(process.pid, signal.SIGKILL)
    return said


def session(name: str, said: str, folder: Path) -> Session:
    """What a session left in the folder, and in the log."""
    lines, packets = (folder / f"{name}.{kind}" for kind in ("lines", "packets"))
    complaints = (
        line for line in said.splitlines() if any(each in line for each in (*COMPLAINTS, UNHANDLED))
    )
    crystal = re.search(r"^crystal\s+(?:.*\] .*\s+)*(0x[0-9A-F]+)$", said, re.MULTILINE)
    return Session(
        complaint=next(complaints, "").partition("] ")[2],
        lines=WHERE.sub(r"\1", lines.read_text("ascii", "replace")).splitlines() if lines.exists() else [],
        packets=[line.partition(" ")[2] for line in packets.read_text().splitlines()]
        if packets.exists()
        else [],
        crystal_us=int(crystal[1], 0) if crystal else 0,
    )


def judge_all(faults: list[Fault], scratch: Path) -> list[Result]:
    """Every fault: built, played, and held against a session without any, in which nothing is amiss."""
    copy, folder = Copy(scratch / "tree"), scratch / "sessions"
    folder.mkdir()
    platform_files("nrf52", folder)
    counts = np.zeros(RECORDING_S * FS_HZ, "<i2")
    counts[FS_HZ::RR_SAMPLES] = CRITICAL
    counts.tofile(folder / "recording.i16")
    elf = built(copy, None, scratch / RIGHT)
    if elf is None:
        sys.exit("the firmware does not build without any fault")
    image = elf.with_suffix(".bin").read_bytes()
    write_session(RIGHT, elf, folder)
    verdicts = {}
    with progress("builds", len(faults)) as advance:
        for fault in faults:
            elf = built(copy, fault, scratch / fault.name)
            if elf is None:
                verdicts[fault.name] = (BROKEN, "it does not build")
            elif elf.with_suffix(".bin").read_bytes() == image:
                verdicts[fault.name] = (ELSEWHERE, "")
            else:
                write_session(fault.name, elf, folder)
            advance(1)
    names = [RIGHT, *(fault.name for fault in faults if fault.name not in verdicts)]
    with progress("sessions", len(names)) as advance:
        while left := [name for name in names if name not in verdicts]:
            said = play(left, folder, advance)
            if RIGHT in said:
                right = session(RIGHT, said[RIGHT], folder)
                if right.complaint or not right.crystal_us:
                    sys.exit(f"without any fault there is a complaint: {right.complaint}")
            for name, text in said.items():
                by = session(name, text, folder).differs_from(right)
                verdicts[name] = (CAUGHT if by else MISSED, by)
            if len(said) < len(left):
                verdicts[left[len(said)]] = (CAUGHT, f"no end within {LIMIT_S} s")
    return [Result(fault.name, fault.says, *verdicts[fault.name]) for fault in faults]


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
    with tempfile.TemporaryDirectory() as scratch:
        results = judge_all(faults, Path(scratch))
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
