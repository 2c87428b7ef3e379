"""Compares the generated C front end with its numpy twin, bit for bit, on every real recording that is there.

    python bench/front_end_parity.py [--data DIR] [--ptbxl N] [--input 2s]

MIT-BIH records clean, with electrode motion at 24, 12, 6 and 0 dB, and at 128, 250, 257 and 1000 Hz,
and lead by lead the first N records of PTB-XL; cycles, or windows of 2 s. Exit status 1 if a single value
differs.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from ecg_detectors import UV_PER_COUNT  # puts tests/support within reach
from ecg_noise import read_noise, with_noise
from ecg_reference import read_reference
from support.host_front_end import host_front_end, model_of

from splkit.console import out, progress
from splkit.ecg.frontend import (
    WINDOWS,
    FrontEndConfig,
    InputName,
    Window,
    quantize_cycles,
    run_front_end,
    to_counts,
)
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import Recording, resample
from splkit.firmware.parity.inference import Check
from splkit.firmware.parity.verify import compare_traces
from splkit.quantize.spread import EARLIEST_CYCLES

ROOT = Path(__file__).parents[1]
SNR_DB = (24.0, 12.0, 6.0, 0.0)
RATES_HZ = (128.0, 250.0, 257.0, 1000.0)
PTBXL_LEADS = 12


def mitdb(data: Path) -> Iterator[Recording]:
    """Every record, channel 0, clean, with noise and at other rates."""
    noise_mv = read_noise(data, "em")
    for header in sorted((data / "mitdb").glob("*.hea")):
        path = header.with_suffix("")
        clean, beats = read_recording(path, 0), read_reference(path).beats
        yield clean
        for level in SNR_DB:
            noisy = with_noise(clean.signal_mv, beats, noise_mv, round(clean.fs_hz), level)
            yield Recording(noisy, clean.fs_hz, clean.channel, f"{clean.source}, em {level:g} dB")
        yield from (resample(clean, rate_hz) for rate_hz in RATES_HZ)


def ptbxl(data: Path, records: int) -> Iterator[Recording]:
    """All leads of the first records."""
    for header in sorted((data / "ptbxl").rglob("*_hr.hea"))[:records]:
        for lead in range(PTBXL_LEADS):
            yield read_recording(header.with_suffix(""), lead)


def check(recording: Recording, window: Window) -> Check:
    """One recording through both."""
    averaged, least = (8, EARLIEST_CYCLES) if window.is_cycle else (1, 1)
    config = FrontEndConfig.for_rate(round(recording.fs_hz), UV_PER_COUNT, averaged, window, least)
    counts, model = to_counts(recording, config), model_of(config)[0].graph.input
    trace = run_front_end(counts, config)
    cycles = quantize_cycles(trace.averaged, model.scale, model.zero_point)
    return compare_traces(recording.source, trace, cycles, host_front_end(config).front_end(counts))


@click.command(help=__doc__)
@click.option("--data", type=click.Path(path_type=Path), help="Folder of recordings [$SPLKIT_DATA].")
@click.option("--ptbxl", "ptbxl_records", default=25, show_default=True, help="PTB-XL records to compare.")
@click.option(
    "--input",
    "reads",
    type=click.Choice(list(WINDOWS)),
    default="cycle",
    show_default=True,
    help="What is cut.",
)
def main(data: Path | None, ptbxl_records: int, reads: InputName) -> None:
    """Compare and say how much differs."""
    folder = data or Path(os.environ.get("SPLKIT_DATA", ROOT.parent / "shared" / "data"))
    failed = 0
    sources = {"mitdb": mitdb(folder), "ptbxl": ptbxl(folder, ptbxl_records)}
    for name, recordings in sources.items():
        with progress(name, None) as advance:
            checks = []
            for recording in recordings:
                checks.append(check(recording, WINDOWS[reads]))
                advance(1)
        compared, differing = sum(c.compared for c in checks), sum(c.mismatches for c in checks)
        out.print(f"{name}: {len(checks)} recordings, {compared:,} values compared, {differing} differ")
        for bad in (c for c in checks if c.mismatches):
            out.print(f"  {bad.name}: {bad.first}")
        failed += differing
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
