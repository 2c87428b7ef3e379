"""Prints where the flash of the firmware goes, and what other options of the compiler would win.

    python bench/flash_parts.py [--json]

The bundled network is exported for nrf52. Bytes of each part are those that the linker has given to its files
(firmware.map); what a part costs is about that, less what it shares. Other options are tried on the same
sources: bytes of the firmware, and instructions of an answer and of the front end, exact. Link-time
optimization leaves no function to call: then they are not counted.
"""

import argparse
import json
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from pathlib import Path

from splkit import boards
from splkit.console import new_table, out
from splkit.ecg.recordings.readers import read_recording
from splkit.firmware.binary.elf import Elf
from splkit.firmware.build import find_compiler
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.simulators.application import run_application
from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.simulators.playback import counts_for
from splkit.quantize.reference import reference_model

PARTS = {
    "network: weights, plan, golden inputs": "lib/spl_model.o",
    "network: kernels": "lib/kernels/*",
    "personal calibration, blood tests": "lib/spl_personal.o lib/spl_curve.o app/patient.o app/calendar.o",
    "distance to the training cycles": "lib/spl_distance.o",
    "interval and risks": "lib/spl_spread.o",
    "alert states": "lib/spl_alert.o lib/spl_events.o",
    "front end": "lib/*",
    "alarms, LED, button": "app/alarms.o app/outputs.o app/show.o app/inputs.o",
    "key, sessions, signatures, encryption": "app/aes.o app/ccm.o app/keys.o app/session.o app/owner.o",
    "Bluetooth": "app/advert.o app/radio.o",
    "settings in flash": "app/settings.o app/store.o",
    "lines and commands": "app/commands.o app/answers.o app/fields.o app/receiver.o app/receive_ring.o "
    "app/line.o app/crc.o app/verdict_words.o app/monitor.o app/app.o app/main.o app/memory.o",
    "replay and trace": "app/replay.o app/trace.o",
    "ends of runs, start-up": "app/last_run.o app/startup.o app/vectors.o app/run.o",
    "drivers": "app/*",
}
"""Files of each part, the first that fits."""

SECTION = re.compile(r"^ (\.\S+)\n? +0x([0-9a-f]+) +0x([0-9a-f]+) build/(\S+\.o)$", re.MULTILINE)
IN_FLASH = ("text", "rodata", "vectors", "data")
FLASH_END = 0x10_0000

NO_LTO = "$(BUILD)/app/startup.o: CFLAGS += -fno-lto\n"  # its assembly has its constants near
TRIALS: dict[str, tuple[tuple[str, ...], str]] = {
    "as it is": ((), ""),
    "front end with -Os": (("OPTIMIZE_FRONT_END=-Os",), ""),
    "kernels with -Os": (("OPTIMIZE_KERNELS=-Os",), ""),
    "both": (("OPTIMIZE_FRONT_END=-Os", "OPTIMIZE_KERNELS=-Os"), ""),
    "-Oz everywhere": (("OPTIMIZE=-Oz",), ""),
    "link-time optimization of app/": ((), "$(BUILD)/app/%.o: CFLAGS += -flto\n" + NO_LTO),
    "link-time optimization of all": ((), "CFLAGS += -flto\n" + NO_LTO),
}
"""Variables of make, and lines that are added to the Makefile."""


@dataclass(frozen=True)
class Trial:
    """Bytes of a firmware; instructions of the sample with an answer, and of a sample in the front end."""

    options: str
    flash_bytes: int
    answer_instructions: int | None
    sample_instructions: int | None


def parts(folder: Path) -> dict[str, int]:
    """Bytes of flash, by part."""
    linked = (folder / "firmware.map").read_text().partition("Linker script and memory map")[2]
    found: Counter[str] = Counter()
    for section, address, size, name in SECTION.findall(linked):
        if section.split(".")[1] in IN_FLASH and int(address, 16) < FLASH_END:
            found[next(part for part, files in PARTS.items() if _fits(name, files))] += int(size, 16)
    return {part: found[part] for part in PARTS}


def _fits(name: str, files: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in files.split())


def tried(export_folder: Path, options: str, folder: Path) -> Trial:
    """The same sources with other options, built in a copy of the folder."""
    variables, lines = TRIALS[options]
    shutil.copytree(export_folder, folder, ignore=shutil.ignore_patterns("build", "firmware.*"))
    makefile = folder / "Makefile"
    text = makefile.read_text()
    if lines:
        text = text.replace("LDFLAGS := ", "LDFLAGS := -flto -flto-partition=none -Os ") + lines
    makefile.write_text(text)
    cross = f"CROSS={str(find_compiler()).removesuffix('gcc')}"
    subprocess.run(["make", "-s", "-C", folder, cross, *variables], check=True, capture_output=True)
    flash_bytes = Elf(folder / "firmware.elf").flash_bytes
    if lines:
        return Trial(options, flash_bytes, None, None)
    core = CoreSimulator(folder / "firmware.elf")
    with core.counting("spl_") as counter:
        run_application(core, counts_for(folder, read_recording("toy"), 30.0))
    push = counter.calls["spl_frontend_push"]
    answer = counter.calls["spl_push"].worst
    return Trial(options, flash_bytes, answer, push.instructions // push.count)


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "export"
        export(ExportRequest.for_board(reference_model(), boards.load("nrf52")), folder)
        whole = Elf(folder / "firmware.elf").flash_bytes
        found = parts(folder)
        trials = [tried(folder, options, Path(scratch) / str(at)) for at, options in enumerate(TRIALS)]
    if arguments.json:
        out.print_json(json.dumps({"flash_bytes": whole, "parts": found, "trials": [*map(asdict, trials)]}))
        return
    table = new_table("part", "flash")
    for part, size in sorted(found.items(), key=lambda each: -each[1]):
        table.add_row(part, f"{size:,} B")
    table.add_row("the firmware", f"{whole:,} B")
    out.print(table)
    table = new_table("options", "flash", "an answer", "a sample in the front end")
    for trial in trials:
        table.add_row(
            *(f"{each:,}" if isinstance(each, int) else each or "" for each in asdict(trial).values())
        )
    out.print(table)


if __name__ == "__main__":
    main()
