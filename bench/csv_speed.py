"""Reads CSV files of two hours, as people have them, and prints time and peak memory.

    python bench/csv_speed.py [--hours 2] [--fs 360]

Each is read in a process of its own. The bar is 10 s. Exit status 1 where one is missed.
"""

import multiprocessing
import multiprocessing.connection
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np
from rich.table import Table

from splkit.console import out
from splkit.ecg.recordings.readers import read_recording

MAX_S = 10.0


def rows_of(fs_hz: float) -> dict[str, tuple[str, Callable[[int, float], str]]]:
    """By kind, the heading and how a row is written."""
    start = np.datetime64("2024-03-01T22:59:58.000000")
    return {
        "time, resp, lead": ("time,resp,II", lambda i, mv: f"{i / fs_hz:.6f},{mv / 3:.5f},{mv:.5f}"),
        "decimal commas": ("t (ms);II", lambda i, mv: f"{1e3 * i / fs_hz:.3f};{mv:.5f}".replace(".", ",")),
        "quoted cells": ("time,II", lambda i, mv: f'"{i / fs_hz:.6f}","{mv:.5f}"'),
        "ISO times": (
            "timestamp,II",
            lambda i, mv: f"{start + np.timedelta64(round(1e6 * i / fs_hz), 'us')},{mv:.5f}",
        ),
        "blank cells": ("time,II", lambda i, mv: f"{i / fs_hz:.6f},{'' if i % 50_000 < 9 else f'{mv:.5f}'}"),
    }


def _read(path: str, pipe: multiprocessing.connection.Connection) -> None:
    before = time.process_time()
    recording = read_recording(path)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pipe.send((time.process_time() - before, peak_mb, recording.fs_hz, recording.signal_mv.size))


@click.command(help=__doc__)
@click.option("--hours", default=2.0, show_default=True)
@click.option("--fs", "fs_hz", default=360.0, show_default=True)
def main(hours: float, fs_hz: float) -> None:
    """Writes, reads, prints."""
    table = Table("file", "MB", "CPU, s", "peak, MB", "rate, Hz", "samples")
    signal_mv = np.sin(np.arange(round(hours * 3600 * fs_hz)) / 30)
    slowest_s = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for kind, (heading, row) in rows_of(fs_hz).items():
            path = Path(folder) / "ecg.csv"
            with path.open("w") as stream:
                stream.write(heading + "\n")
                stream.writelines(row(i, mv) + "\n" for i, mv in enumerate(signal_mv.tolist()))
            ours, theirs = multiprocessing.get_context("spawn").Pipe()
            worker = multiprocessing.get_context("spawn").Process(target=_read, args=(str(path), theirs))
            worker.start()
            taken_s, peak_mb, read_hz, samples = ours.recv()
            worker.join()
            slowest_s = max(slowest_s, taken_s)
            size_mb = path.stat().st_size / 1e6
            table.add_row(
                kind, f"{size_mb:.0f}", f"{taken_s:.1f}", f"{peak_mb:.0f}", f"{read_hz:.2f}", f"{samples:,}"
            )
    out.print(table)
    sys.exit(slowest_s > MAX_S)


if __name__ == "__main__":
    main()
