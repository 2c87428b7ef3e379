"""Prints how long the numpy twin takes for 24 h of ECG at 300 Hz, on this machine.

python bench/front_end_speed.py [--hours H]
"""

import argparse
import time

import numpy as np

from splkit.console import out, progress
from splkit.ecg.frontend import FrontEndConfig, run_front_end, to_counts
from splkit.ecg.simulator.record import simulate_record

FS_HZ, UV_PER_COUNT = 300, 2.0


def main() -> None:
    """Repeats ten simulated minutes, and takes the time."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hours", type=float, default=24.0)
    arguments = parser.parse_args()
    config = FrontEndConfig.for_rate(FS_HZ, UV_PER_COUNT)
    ten_minutes = simulate_record(4.5, fs_hz=FS_HZ, duration_s=600, seed=1).recording
    counts = np.tile(to_counts(ten_minutes, config), round(6 * arguments.hours))
    start_s, start_cpu_s = time.perf_counter(), time.process_time()
    with progress("cutting", None) as advance:
        trace = run_front_end(counts, config, advance)
    taken_s, cpu_s = time.perf_counter() - start_s, time.process_time() - start_cpu_s
    out.print(
        f"{len(counts) / FS_HZ / 3600:g} h: {taken_s:.1f} s, {cpu_s:.1f} s of them on the processor, "
        f"{len(trace.r_sample):,} beats"
    )


if __name__ == "__main__":
    main()
