"""A page of a recording and its beats that zooms: one HTML file, which needs no network."""

import base64
from pathlib import Path
from typing import Any

import numpy as np

from splkit.ecg.frontend import CYCLE_FS_HZ, R_INDEX, Verdict
from splkit.ecg.frontend.quantize import ONE_Q12
from splkit.ecg.rpeaks.find import RPeaks
from splkit.ecg.rpeaks.span import Span, clock
from splkit.ecg.rpeaks.titles import GAIN_MM_MV, NOTICE, SPEED_MM_S, name_of
from splkit.errors import UsageError
from splkit.files import write_whole
from splkit.html import html_template

MOST_SAMPLES = 5_000_000
"""Of two bytes each, which become 13 MB of text: 5 hours at 250 Hz."""


def write_page(path: Path, beats: RPeaks, span: Span) -> None:
    """Writes the page of the span: its trace, with all beats in it.

    Raises:
        UsageError: the span has too many samples, or the folder cannot be written to.
    """
    recording = beats.recording
    signal = recording.signal_mv[span.samples(recording.fs_hz)]
    if signal.size > MOST_SAMPLES:
        raise UsageError(
            f"a page holds {MOST_SAMPLES / recording.fs_hz / 3600:.1f} h at {recording.fs_hz:g} Hz",
            found=clock(span.length_s),
            next_step="give --from and --to",
        )
    unit_mv = max(float(np.abs(signal).max()) / 32767, 1e-4)
    counts = np.rint(signal / unit_mv).astype("<i2")
    shown = (beats.time_s >= span.from_s) & (beats.time_s < span.to_s)
    data: dict[str, Any] = {
        "counts": base64.b64encode(counts.tobytes()).decode(),
        "unitMv": unit_mv,
        "fsHz": recording.fs_hz,
        "fromS": span.samples(recording.fs_hz).start / recording.fs_hz,
        "gapsS": [[first / recording.fs_hz, (last + 1) / recording.fs_hz] for first, last in recording.gaps],
        "beatsS": [round(float(time_s), 4) for time_s in beats.time_s[shown]],
        "rrMs": [None if np.isnan(rr_ms) else round(float(rr_ms)) for rr_ms in beats.rr_ms[shown]],
        "verdicts": beats.verdict[shown].tolist(),
        "words": [verdict.word for verdict in Verdict],
        "mmPerS": SPEED_MM_S,
        "mmPerMv": GAIN_MM_MV,
        "cycle": _cycle(beats),
    }
    counted = np.bincount(beats.verdict[shown], minlength=len(Verdict)).tolist()
    html = html_template("splkit.ecg.rpeaks", "page.html.j2").render(
        title=f"{name_of(recording)}, {recording.channel}",
        shown=f"{clock(span.from_s)} to {clock(span.to_s)}",
        rate=f"{recording.fs_hz:g} Hz",
        counted=[(verdict.word, counted[verdict]) for verdict in Verdict if counted[verdict]],
        cycles=len(beats.cycles),
        notice=NOTICE,
        data=data,
    )
    write_whole(path, html.encode())


def _cycle(beats: RPeaks) -> dict[str, Any] | None:
    """The averaged cycle of the whole recording and its standard deviation, shares of R."""
    if not len(beats.cycles):
        return None
    cycles = beats.cycles / ONE_Q12
    mean, deviation = cycles.mean(axis=0), cycles.std(axis=0)
    return {
        "mean": [round(float(value), 4) for value in mean],
        "sd": [round(float(value), 4) for value in deviation],
        "firstMs": -1000 * R_INDEX / CYCLE_FS_HZ,
        "stepMs": 1000 / CYCLE_FS_HZ,
    }
