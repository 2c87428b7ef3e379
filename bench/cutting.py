"""Cuts a table of made-up 12-lead ECGs of 10 s for training; prints CPU time an ECG, the second time too.

    python bench/cutting.py [--ecgs 20000] [--leads V1,V2,V3,V4,V5,V6] [--workers 1] [--keep DIR]

Each ECG is a file of its own, as PTB-XL and MIMIC-IV-ECG have them: WFDB, 12 leads at 500 Hz. The waves are
those of 40 simulated patients, written again and again. CPU time is that of this process and of all that it
starts. The bar is 20 ms an ECG and lead, whatever uses the cycles later. Exit status 1 where it is missed.
"""

import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Final

import click
import numpy as np
import wfdb

from splkit.console import out, progress
from splkit.ecg.leads import TWELVE_LEADS
from splkit.ecg.simulator.twelve import simulate_twelve
from splkit.train.config import TrainConfig
from splkit.train.dataset import build_each
from splkit.train.pairs import with_pairs

MAX_MS: Final = 20.0
PATIENTS: Final = 40
FS_HZ, DURATION_S = 500, 10


def write_table(folder: Path, ecgs: int) -> Path:
    """The ECGs, and the table that names them; each stands alone in its files."""
    rows = ["record,patient,potassium_meq_l"]
    for patient in range(PATIENTS):
        potassium = 3.0 + patient / 10
        leads = simulate_twelve(potassium, fs_hz=FS_HZ, duration_s=DURATION_S, seed=patient)
        wfdb.wrsamp(
            f"p{patient}",
            fs=FS_HZ,
            units=["mV"] * len(leads),
            sig_name=list(leads),
            p_signal=np.stack(list(leads.values()), axis=1),
            fmt=["16"] * len(leads),
            adc_gain=[1000.0] * len(leads),
            baseline=[0] * len(leads),
            write_dir=str(folder),
        )
        samples, header = ((folder / f"p{patient}{end}").read_bytes() for end in (".dat", ".hea"))
        for number in range(patient, ecgs, PATIENTS):
            name = f"e{number}"
            (folder / f"{name}.dat").write_bytes(samples)
            (folder / f"{name}.hea").write_bytes(header.replace(f"p{patient}".encode(), name.encode()))
            rows.append(f"{name},{number // 5},{potassium}")
    table = folder / "pairs.csv"
    table.write_text("\n".join(rows) + "\n", encoding="ascii")
    return table


def cpu_s() -> float:
    """Of this process and of those it has started and seen end."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """CPU time and time of some work, s."""
    before_s, begun_s = cpu_s(), monotonic()
    work()
    return cpu_s() - before_s, monotonic() - begun_s


def measure(ecgs: int, leads: list[str], workers: int, folder: Path) -> float:
    """CPU time of cutting, ms an ECG and lead; prints it, and that of taking all from the cache."""
    table = folder / "pairs.csv"
    if not table.exists():
        write_table(folder, ecgs)
    configs = [with_pairs(TrainConfig(), table, lead) for lead in leads]
    used: list[float] = []
    with tempfile.TemporaryDirectory() as cache:
        for name in ("cut", "taken from the cache"):
            with progress(name, None) as advance:
                cut_s, took_s = timed(
                    lambda advance=advance: build_each(configs, advance, workers=workers, cache=Path(cache))
                )
            used.append(1e3 * cut_s / (ecgs * len(leads)))
            out.print(
                f"{name}: {ecgs:,} ECGs, {len(leads)} leads, {workers} processes: {cut_s:.1f} s of CPU, "
                f"{used[-1]:.2f} ms an ECG and lead, {took_s:.0f} s"
            )
    return used[0]


@click.command()
@click.option("--ecgs", type=click.IntRange(PATIENTS), default=20_000, show_default=True)
@click.option("--leads", default="V5", show_default=True, help="One or more, with commas.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
@click.option("--keep", type=click.Path(path_type=Path), help="Folder for the table; it is used again.")
def main(ecgs: int, leads: str, workers: int, keep: Path | None) -> None:
    """Measures, and holds the CPU time to the bar."""
    asked = leads.split(",")
    if unknown := set(asked) - set(TWELVE_LEADS):
        raise click.UsageError(f"no leads: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="splkit-bench-") as scratch:
        folder = keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        found_ms = measure(ecgs, asked, workers, folder)
    sys.exit(found_ms > MAX_MS)


if __name__ == "__main__":
    main()
