"""A picture of a recording and its R peaks: ten seconds of it, its RR intervals, the averaged cycle."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from splkit.ecg.beats import Beats
from splkit.ecg.frontend import CYCLE_FS_HZ, CYCLE_SIZE, R_INDEX, Verdict
from splkit.ecg.frontend.quantize import ONE_Q12
from splkit.ecg.output import write_whole
from splkit.errors import UsageError
from splkit.optional import optional

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PICTURES = (".png", ".svg", ".pdf")
STRIP_S = 10.0
LONG_S = 7200.0
ACCEPTED, REJECTED = "tab:blue", "tab:red"


def check_picture(path: Path) -> None:
    """Raises `UsageError` where the suffix names no kind of picture."""
    if path.suffix not in PICTURES:
        raise UsageError(
            f"a picture is a {', '.join(PICTURES)} file", found=path.name, next_step="name it like beats.png"
        )


def plot_beats(path: Path, beats: Beats) -> None:
    """Writes a picture; the suffix says which kind.

    Raises:
        UsageError: the suffix names no kind of picture, or the folder cannot be written to.
        ToolError: the package matplotlib is not installed.
    """
    check_picture(path)
    figures = optional("matplotlib.figure", "pictures are drawn with the package matplotlib")
    figure = figures.Figure(figsize=(11, 7), layout="constrained")
    panels: dict[str, Axes] = figure.subplot_mosaic(
        [["strip", "strip"], ["rr", "cycle"]], width_ratios=(2, 1)
    )
    _draw_strip(panels["strip"], beats)
    _draw_intervals(panels["rr"], beats)
    _draw_cycle(panels["cycle"], beats)
    picture = io.BytesIO()
    figure.savefig(picture, format=path.suffix.removeprefix("."), dpi=120)
    write_whole(path, picture.getvalue())


def _draw_strip(panel: "Axes", beats: Beats) -> None:
    """Ten seconds from the middle, with every peak that lies there."""
    recording = beats.recording
    length = min(round(STRIP_S * recording.fs_hz), recording.signal_mv.size)
    samples = np.arange(length) + (recording.signal_mv.size - length) // 2
    panel.plot(samples / recording.fs_hz, recording.signal_mv[samples], color="0.2", linewidth=0.8)
    shown = (beats.sample >= samples[0]) & (beats.sample <= samples[-1])
    for accepted, color, label in ((True, ACCEPTED, "accepted"), (False, REJECTED, "not accepted")):
        peaks = beats.sample[shown & ((beats.verdict == Verdict.ACCEPTED) == accepted)]
        panel.plot(
            peaks / recording.fs_hz, recording.signal_mv[peaks], "v", color=color, label=f"R peak, {label}"
        )
    panel.set_title(f"{recording.source}, {recording.channel}", loc="left")
    panel.set(xlabel="s", ylabel="mV")
    panel.ticklabel_format(useOffset=False)
    panel.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False)


def _draw_intervals(panel: "Axes", beats: Beats) -> None:
    accepted = beats.verdict == Verdict.ACCEPTED
    unit, seconds = ("h", 3600) if beats.recording.duration_s > LONG_S else ("s", 1)
    time = beats.time_s / seconds
    panel.plot(time[~accepted], beats.rr_ms[~accepted], ".", color=REJECTED, markersize=3)
    panel.plot(time[accepted], beats.rr_ms[accepted], ".", color=ACCEPTED, markersize=3)
    panel.set(title="RR intervals", xlabel=unit, ylabel="ms")


def _draw_cycle(panel: "Axes", beats: Beats) -> None:
    time_ms = (np.arange(CYCLE_SIZE) - R_INDEX) * (1000.0 / CYCLE_FS_HZ)
    if len(beats.cycles):
        cycles = beats.cycles / ONE_Q12
        mean, deviation = cycles.mean(axis=0), cycles.std(axis=0)
        panel.fill_between(
            time_ms, mean - deviation, mean + deviation, color=ACCEPTED, alpha=0.2, linewidth=0
        )
        panel.plot(time_ms, mean, color=ACCEPTED)
    title = f"{len(beats.cycles)} cycles, mean and SD"
    panel.set(title=title, xlabel="ms from R", ylabel="R amplitude = 1")
