"""A picture of a recording and its R peaks: strips on ECG paper, RR intervals, the averaged cycle.

It is drawn to scale: 25 mm a second and 10 mm a millivolt on the printed page.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import CYCLE_FS_HZ, CYCLE_SIZE, R_INDEX, Verdict
from splkit.ecg.frontend.quantize import ONE_Q12
from splkit.ecg.rpeaks.find import RPeaks
from splkit.ecg.rpeaks.span import Span
from splkit.ecg.rpeaks.titles import GAIN_MM_MV, NOTICE, SCALE, SPEED_MM_S, title
from splkit.errors import UsageError
from splkit.optional import optional
from splkit.pictures import new_figure, save_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW_S, ROWS = 10.0, 6
"""Seconds in a strip, and strips in a picture: what a page of paper holds."""
SMALLEST_MV, LARGEST_MV = 2.0, 6.0
"""What a strip spans at least and at most."""
LONG_S = 7200.0
MANY_BEATS = 200
LONGEST_RR_MS = 2000.0
"""A few longer ones, across missed beats, would flatten all the others."""
ACCEPTED, REJECTED = "tab:blue", "tab:red"
FINE, COARSE, INK = "#f7dcdc", "#eab0b0", "#202020"
FONT_PT, LETTER_MM, WORD_MM = 6.5, 1.45, 2.9
"""Of a verdict: its font, the width of a letter, and the height of a line."""

_MM_IN = 1 / 25.4
_LEFT_MM, _RIGHT_MM, _TITLE_MM, _TICKS_MM, _PANEL_MM, _MARK_MM = 15.0, 9.0, 9.0, 8.0, 52.0, 3.5
_WIDTH_MM = _LEFT_MM + ROW_S * SPEED_MM_S + _RIGHT_MM


def plot_r_peaks(path: Path, beats: RPeaks, span: Span) -> None:
    """Writes a picture of the span and of all beats; the suffix says which kind.

    Raises:
        UsageError: the span is longer than a minute, the suffix names no kind of picture, or the folder
            cannot be written to.
        ToolError: the package matplotlib is not installed.
    """
    if span.length_s > ROWS * ROW_S + 0.01:
        raise UsageError(
            f"a picture shows {ROWS * ROW_S:g} s at most",
            found=f"{span.length_s:.1f} s",
            next_step="give --from and --to, or name it .html to see all",
        )
    rows = _rows(span)
    low, high, leaves = _range_mv(beats, span)
    words = [_words(beats, row) for row in rows]
    lane_mm = _MARK_MM + WORD_MM * max(1 + max((level for _, _, level in row), default=-1) for row in words)
    strip_mm = (high - low) * GAIN_MM_MV
    row_mm = lane_mm + strip_mm + _TICKS_MM
    height_mm = _TITLE_MM + len(rows) * row_mm + _PANEL_MM + 2.5 * _TICKS_MM
    figure = new_figure(_WIDTH_MM * _MM_IN, height_mm * _MM_IN)
    figure.set_layout_engine("none")

    def panel(left: float, top: float, width: float, height: float) -> "Axes":
        """Axes by millimetres from the left and the top of the page."""
        place = (left / _WIDTH_MM, 1 - (top + height) / height_mm, width / _WIDTH_MM, height / height_mm)
        axes: Axes = figure.add_axes(place)
        axes.tick_params(labelsize=7)
        return axes

    for at, row in enumerate(rows):
        top, width = _TITLE_MM + at * row_mm, row.length_s * SPEED_MM_S
        _draw_lane(panel(_LEFT_MM, top, width, lane_mm), beats, row, words[at], lane_mm)
        _draw_strip(panel(_LEFT_MM, top + lane_mm, width, strip_mm), beats, row, (low, high))
    said = f"{title(beats.recording, span)}   {SCALE}" + ("   the trace leaves the paper" if leaves else "")
    figure.text(_LEFT_MM / _WIDTH_MM, 1 - 5.5 / height_mm, said, fontsize=9)
    small: dict[str, Any] = {"x": 1 - _RIGHT_MM / _WIDTH_MM, "fontsize": 6.5, "ha": "right", "color": "0.35"}
    figure.text(y=1 - 5.5 / height_mm, s="filled: cycle accepted; hollow: left out, and why", **small)
    figure.text(y=1.5 / height_mm, s=NOTICE, **small)
    top = _TITLE_MM + len(rows) * row_mm + _TICKS_MM / 2
    _draw_intervals(panel(_LEFT_MM, top, 150, _PANEL_MM), beats, span)
    _draw_cycle(panel(_LEFT_MM + 170, top, 80, _PANEL_MM), beats)
    save_picture(figure, path)


def _rows(span: Span) -> list[Span]:
    """The span, ten seconds a row."""
    starts = np.arange(span.from_s, span.to_s - 0.01, ROW_S)
    return [Span(float(start), min(float(start) + ROW_S, span.to_s)) for start in starts]


def _range_mv(beats: RPeaks, span: Span) -> tuple[float, float, bool]:
    """What the strips show, in whole squares of 0.5 mV, and whether the trace leaves it."""
    signal = beats.recording.signal_mv[span.samples(beats.recording.fs_hz)]
    middle = float(np.median(signal))
    low = max(float(signal.min()) - 0.1, middle - LARGEST_MV / 2)
    high = min(float(signal.max()) + 0.1, middle + LARGEST_MV / 2)
    spare = max(0.0, SMALLEST_MV - (high - low)) / 2
    low, high = np.floor(2 * (low - spare)) / 2, np.ceil(2 * (high + spare)) / 2
    return float(low), float(high), bool(signal.min() < low or signal.max() > high)


def _shown(beats: RPeaks, row: Span) -> NDArray[np.bool_]:
    return (beats.time_s >= row.from_s) & (beats.time_s < row.to_s)


def _words(beats: RPeaks, row: Span) -> list[tuple[float, str, int]]:
    """Why beats were left out: time, word, and a line in which it overlaps none before it."""
    shown = _shown(beats, row) & (beats.verdict != Verdict.ACCEPTED)
    texts = [Verdict(verdict).word for verdict in beats.verdict[shown]]
    levels = free_lines(beats.time_s[shown] * SPEED_MM_S, [LETTER_MM * len(text) + 1 for text in texts])
    return list(zip(beats.time_s[shown].tolist(), texts, levels, strict=True))


def free_lines(middle_mm: NDArray[np.float64], width_mm: Sequence[float]) -> list[int]:
    """The lowest line for each word, from left to right, in which no earlier one is in its way."""
    ends: list[float] = []
    lines = []
    for middle, width in zip(middle_mm.tolist(), width_mm, strict=True):
        start = middle - width / 2
        line = next((line for line, end in enumerate(ends) if end <= start), len(ends))
        ends[line : line + 1] = [start + width]
        lines.append(line)
    return lines


def _draw_lane(
    panel: "Axes", beats: RPeaks, row: Span, words: list[tuple[float, str, int]], height_mm: float
) -> None:
    """Above a strip: a mark a beat, filled where its cycle was accepted, and why the others were not."""
    panel.set(xlim=(row.from_s, row.to_s), ylim=(0, height_mm))
    panel.axis("off")
    accepted = beats.verdict == Verdict.ACCEPTED
    shown = _shown(beats, row)
    for kept, color, fill in ((accepted, ACCEPTED, ACCEPTED), (~accepted, REJECTED, "none")):
        time = beats.time_s[shown & kept]
        level = np.full(time.shape, _MARK_MM / 2)
        panel.plot(time, level, "v", color=color, markerfacecolor=fill, markersize=5, clip_on=False)
    for time_s, word, line in words:
        height = _MARK_MM + WORD_MM * line
        panel.text(time_s, height, word, ha="center", va="bottom", fontsize=FONT_PT, color=REJECTED)


def _draw_strip(panel: "Axes", beats: RPeaks, row: Span, range_mv: tuple[float, float]) -> None:
    """The trace on its grid, 1 mm and 5 mm, and a dot on each R peak."""
    recording = beats.recording
    ticker = optional("matplotlib.ticker", "pictures are drawn with the package matplotlib")
    samples = row.samples(recording.fs_hz)
    time = np.arange(samples.start, min(samples.stop + 1, recording.signal_mv.size)) / recording.fs_hz
    signal = recording.signal_mv[samples.start : samples.stop + 1].copy()
    for first, last in recording.gaps:
        signal[max(0, first - samples.start) : max(0, last + 1 - samples.start)] = np.nan
    panel.plot(time, signal, color=INK, linewidth=0.7)
    shown = _shown(beats, row)
    accepted = beats.verdict == Verdict.ACCEPTED
    for kept, color in ((accepted, ACCEPTED), (~accepted, REJECTED)):
        peaks = beats.sample[shown & kept]
        panel.plot(peaks / recording.fs_hz, recording.signal_mv[peaks], ".", color=color, markersize=3)
    panel.set(xlim=row, ylim=range_mv, ylabel="mV")
    panel.yaxis.label.set_fontsize(7)
    for axis, fine, tick in ((panel.xaxis, 1 / SPEED_MM_S, 1.0), (panel.yaxis, 1 / GAIN_MM_MV, 1.0)):
        axis.set_minor_locator(ticker.MultipleLocator(fine))
        axis.set_major_locator(ticker.MultipleLocator(tick))
    panel.tick_params(which="minor", length=0)
    panel.grid(which="minor", color=FINE, linewidth=0.3)
    _draw_coarse(panel, row, range_mv)
    panel.xaxis.set_major_formatter(ticker.FuncFormatter(_second))
    panel.set_axisbelow(True)
    for side in panel.spines.values():
        side.set(color=COARSE, linewidth=0.5)


def _draw_coarse(panel: "Axes", row: Span, range_mv: tuple[float, float]) -> None:
    """The lines 5 mm apart."""
    step_s, step_mv = 5 / SPEED_MM_S, 5 / GAIN_MM_MV
    style: dict[str, Any] = {"color": COARSE, "linewidth": 0.5, "zorder": 0.6}
    for time_s in np.arange(np.ceil(row.from_s / step_s), row.to_s / step_s) * step_s:
        panel.axvline(float(time_s), **style)
    for level_mv in np.arange(np.ceil(range_mv[0] / step_mv), range_mv[1] / step_mv) * step_mv:
        panel.axhline(float(level_mv), **style)


def _second(seconds: float, _at: int) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes else f"{rest} s"


def _draw_intervals(panel: "Axes", beats: RPeaks, span: Span) -> None:
    """RR intervals of all beats: dots of accepted ones, crosses of the others, arrows of those too long."""
    accepted = beats.verdict == Verdict.ACCEPTED
    unit, seconds = ("h", 3600) if beats.recording.duration_s > LONG_S else ("s", 1)
    time, rr_ms = beats.time_s / seconds, np.minimum(beats.rr_ms, LONGEST_RR_MS)
    is_long = beats.rr_ms > LONGEST_RR_MS
    size = 2 if len(time) > MANY_BEATS else 4
    looks = ((~accepted, "x", REJECTED, "left out"), (accepted, "o", ACCEPTED, "accepted"))
    for kept, shape, color, label in looks:
        chosen = kept & ~is_long
        panel.plot(time[chosen], rr_ms[chosen], shape, color=color, markersize=size, label=label)
        panel.plot(time[kept & is_long], rr_ms[kept & is_long], "^", color=color, markersize=4, clip_on=False)
    panel.axvspan(span.from_s / seconds, span.to_s / seconds, color=COARSE, alpha=0.4, linewidth=0)
    more = f", {is_long.sum()} over {LONGEST_RR_MS:,.0f} ms (arrows)" if is_long.any() else ""
    panel.set_title(f"RR of {len(time)} beats{more}; shaded: the time above", fontsize=8, loc="left")
    if is_long.any():
        panel.set_ylim(None, LONGEST_RR_MS)
    _label(panel, f"time, {unit}", "RR, ms")
    if len(time):
        panel.legend(fontsize=7, loc="lower right", ncols=2, frameon=False, bbox_to_anchor=(1, 1))


def _draw_cycle(panel: "Axes", beats: RPeaks) -> None:
    """The averaged cycle, and how much single ones differ from it."""
    time_ms = (np.arange(CYCLE_SIZE) - R_INDEX) * (1000.0 / CYCLE_FS_HZ)
    said = "no accepted cycle"
    if len(beats.cycles):
        cycles = beats.cycles / ONE_Q12
        mean, deviation = cycles.mean(axis=0), cycles.std(axis=0)
        panel.fill_between(
            time_ms, mean - deviation, mean + deviation, color=ACCEPTED, alpha=0.3, linewidth=0
        )
        panel.plot(time_ms, mean, color=ACCEPTED, linewidth=1)
        panel.axhline(0, color="0.8", linewidth=0.5, zorder=0.5)
        said = f"mean of {len(cycles)} cycles, and SD: {100 * deviation.mean():.1f} % of R"
    panel.set_title(said, fontsize=8, loc="left")
    _label(panel, "time from R, ms", "of R amplitude")


def _label(panel: "Axes", of_time: str, of_value: str) -> None:
    panel.set_xlabel(of_time, fontsize=7)
    panel.set_ylabel(of_value, fontsize=7)
