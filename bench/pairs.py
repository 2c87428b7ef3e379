"""Pairs made-up tables of MIMIC-IV's size with `splkit pairs mimic`; prints CPU time and peak memory.

    python bench/pairs.py [--ecgs 800000] [--tests 3000000]

Patients, times and values are drawn at random, in the columns of MIMIC-IV; every row of the blood tests is
potassium. The bars are those of 800,000 ECGs and 3 million blood tests: 60 s and 500 MB. Exit status 1 where
one is missed.
"""

import gzip
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import numpy as np

from splkit.console import out

MAX_CPU_S = 60.0
MAX_MB = 500.0
ECGS_A_PATIENT = 5
DAYS = 400
HEADING = (
    "labevent_id,subject_id,hadm_id,specimen_id,itemid,order_provider_id,charttime,storetime,value,valuenum,"
    "valueuom,ref_range_lower,ref_range_upper,flag,priority,comments\n"
)


def write_tables(folder: Path, ecgs: int, tests: int) -> None:
    """record_list.csv and labevents.csv.gz."""
    row = "{0},{1},,{0},50971,,{2},{2},{3},{3},mEq/L,3.3,5.1,,STAT,\n"
    rng = np.random.default_rng(1)
    patients = ecgs // ECGS_A_PATIENT
    start = np.datetime64("2150-01-01T00:00:00")

    def moments(count: int) -> list[str]:
        return [str(when).replace("T", " ") for when in start + rng.integers(0, DAYS * 86400, count)]

    with (folder / "record_list.csv").open("w") as stream:
        stream.write("subject_id,study_id,file_name,ecg_time,path\n")
        for study, when in enumerate(moments(ecgs), start=40_000_000):
            patient = 10_000_000 + study % patients
            path = f"files/p{patient // 10_000}/p{patient}/s{study}/{study}"
            stream.write(f"{patient},{study},{study},{when},{path}\n")
    values = np.clip(rng.normal(4.3, 0.7, tests), 0.5, 13).round(1).tolist()
    with gzip.open(folder / "labevents.csv.gz", "wt", compresslevel=1) as packed:
        packed.write(HEADING)
        owners = (10_000_000 + rng.integers(0, patients, tests)).tolist()
        for number, (owner, when, value) in enumerate(zip(owners, moments(tests), values, strict=True)):
            packed.write(row.format(number, owner, when, value))


@click.command(help=__doc__)
@click.option("--ecgs", default=800_000, show_default=True)
@click.option("--tests", default=3_000_000, show_default=True)
@click.option("--within", default=1440, show_default=True, help="Minutes; a day, as the times are random.")
def main(ecgs: int, tests: int, within: int) -> None:
    """Writes, pairs, prints."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Apart, for a process begins with the peak of the one that starts it.
        writer = multiprocessing.get_context("spawn").Process(target=write_tables, args=(folder, ecgs, tests))
        writer.start()
        writer.join()
        labs, table = str(folder / "labevents.csv.gz"), str(folder / "pairs.csv")
        words = ["--ecg", name, "--labs", labs, "--out", table, "--within", str(within), "--json"]
        command = [sys.executable, "-m", "splkit", "pairs", "mimic", *words]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        told = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit("splkit pairs failed")
    cpu_s, peak_mb = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    facts = json.loads(told)
    out.print(f"{facts['ecgs']:,} ECGs, {facts['tests']:,} blood tests, {facts['pairs']:,} pairs")
    out.print(f"{cpu_s:.1f} s of CPU (at most {MAX_CPU_S:g}), {peak_mb:.0f} MB (at most {MAX_MB:g})")
    sys.exit(int(cpu_s > MAX_CPU_S or peak_mb > MAX_MB))


if __name__ == "__main__":
    main()
