"""A picture of a recording and its R peaks: ten seconds of it, its RR intervals, the averaged cycle."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from splkit.ecg.frontend import CYCLE_FS_HZ, CYCLE_SIZE, R_INDEX, Verdict
from splkit.ecg.frontend.quantize import ONE_Q12
from splkit.ecg.rpeaks.find import RPeaks
from splkit.pictures import new_figure, save_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STRIP_S = 10.0
LONG_S = 7200.0
MANY_BEATS = 200
LONGEST_RR_MS = 2000.0
"""A few longer ones, across missed beats, would flatten all the others."""
ACCEPTED, REJECTED = "tab:blue", "tab:red"


def plot_r_peaks(path: Path, beats: RPeaks) -> None:
    """Writes a picture; the suffix says which kind.

    Raises:
        UsageError: the suffix names no kind of picture, or the folder cannot be written to.
        ToolError: the package matplotlib is not installed.
    """
    figure = new_figure(11, 7)
    panels: dict[str, Axes] = figure.subplot_mosaic(
        [["strip", "strip"], ["rr", "cycle"]], width_ratios=(2, 1)
    )
    _draw_strip(panels["strip"], beats)
    _draw_intervals(panels["rr"], beats)
    _draw_cycle(panels["cycle"], beats)
    save_picture(figure, path)


def _draw_strip(panel: "Axes", beats: RPeaks) -> None:
    """Ten seconds from the middle, with every peak that lies there."""
    recording = beats.recording
    length = min(round(STRIP_S * recording.fs_hz), recording.signal_mv.size)
    samples = np.arange(length) + (recording.signal_mv.size - length) // 2
    panel.plot(samples / recording.fs_hz, recording.signal_mv[samples], color="0.2", linewidth=0.8)
    shown = (beats.sample >= samples[0]) & (beats.sample <= samples[-1])
    accepted = beats.verdict == Verdict.ACCEPTED
    for kept, color, label in ((accepted, ACCEPTED, "accepted"), (~accepted, REJECTED, "left out, and why")):
        peaks = beats.sample[shown & kept]
        panel.plot(
            peaks / recording.fs_hz, recording.signal_mv[peaks], "v", color=color, label=f"R peak, {label}"
        )
    for peak, verdict in zip(beats.sample[shown & ~accepted], beats.verdict[shown & ~accepted], strict=True):
        panel.annotate(
            Verdict(verdict).word,
            (peak / recording.fs_hz, recording.signal_mv[peak]),
            (0, 7),
            textcoords="offset points",
            ha="center",
            fontsize=8,
            color=REJECTED,
        )
    panel.margins(x=0.01, y=0.12)
    panel.set_title(recording.source, loc="left")
    panel.set(xlabel="time, s", ylabel=f"{recording.channel}, mV")
    panel.ticklabel_format(useOffset=False)
    panel.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False)


def _draw_intervals(panel: "Axes", beats: RPeaks) -> None:
    accepted = beats.verdict == Verdict.ACCEPTED
    unit, seconds = ("h", 3600) if beats.recording.duration_s > LONG_S else ("s", 1)
    time = beats.time_s / seconds
    long = int((beats.rr_ms > LONGEST_RR_MS).sum())
    size = 3 if len(time) > MANY_BEATS else 6
    panel.plot(time[~accepted], beats.rr_ms[~accepted], ".", color=REJECTED, markersize=size)
    panel.plot(time[accepted], beats.rr_ms[accepted], ".", color=ACCEPTED, markersize=size)
    panel.set(title="RR intervals", xlabel=f"time, {unit}", ylabel="RR, ms")
    if 0 < long < len(time) / 2:
        panel.set(title=f"RR intervals, {long} over {LONGEST_RR_MS:,.0f} ms", ylim=(None, LONGEST_RR_MS))


def _draw_cycle(panel: "Axes", beats: RPeaks) -> None:
    time_ms = (np.arange(CYCLE_SIZE) - R_INDEX) * (1000.0 / CYCLE_FS_HZ)
    if len(beats.cycles):
        cycles = beats.cycles / ONE_Q12
        mean, deviation = cycles.mean(axis=0), cycles.std(axis=0)
        panel.fill_between(
            time_ms, mean - deviation, mean + deviation, color=ACCEPTED, alpha=0.2, linewidth=0
        )
        panel.plot(time_ms, mean, color=ACCEPTED)
    title = f"{len(beats.cycles)} cycles, mean and SD"
    panel.set(title=title, xlabel="time from R, ms", ylabel="of R amplitude")
