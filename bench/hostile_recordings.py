"""Reads 20,000 hostile recordings: real WFDB, and EDF, CSV, XML, DICOM, ISHNE and SCP files, changed by seed.

    python bench/hostile_recordings.py [--count N] [--seed N] [--first N] [--processes 2]

Words, numbers, lines and bytes are changed; among them are pipes, devices, folders, .gz bombs and claims of
1e12 samples. Each is read in a process with 4 GiB of address space and 10 s. A parser of the bench's own says
what the file states; where it cannot tell, the recording is counted as undecided. Exit status 1 on any
traceback, hang, memory blow-up, or recording whose unit, rate or length contradicts its file. --first goes on
where a run was cut off.
"""

import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import click

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from support.recording_trial import FAULTS, count  # noqa: E402

from splkit.console import out  # noqa: E402

PART = 500


def _part(seed: int, first: int, end: int) -> tuple[Counter[str], list[str]]:
    return count(seed, range(first, end))


@click.command(help=__doc__)
@click.option("--count", "total", default=20_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--first", default=0, show_default=True)
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1, 2))
def main(total: int, seed: int, first: int, processes: int) -> None:
    """Counts, part by part."""
    outcomes: Counter[str] = Counter()
    with ProcessPoolExecutor(processes) as pool:
        parts = [pool.submit(_part, seed, at, min(at + PART, total)) for at in range(first, total, PART)]
        for part in as_completed(parts):
            counts, said = part.result()
            outcomes += counts
            for line in said:
                print(line, flush=True)
            print(f"{outcomes.total():,} read: {dict(outcomes)}", file=sys.stderr, flush=True)
    faults = {fault: outcomes[fault] for fault in FAULTS}
    refused, accepted = outcomes["refused"], outcomes["accepted"]
    out.print(f"{outcomes.total():,} hostile recordings: {refused:,} refused, {accepted:,} accepted")
    out.print(f"undecided {outcomes['undecided']}; " + ", ".join(f"{name} {n}" for name, n in faults.items()))
    sys.exit(any(faults.values()))


if __name__ == "__main__":
    main()
