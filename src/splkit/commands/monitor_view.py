"""The view of `splkit monitor`: a live panel on a terminal, and otherwise one line for each event."""

from collections import deque
from itertools import pairwise
from types import TracebackType

from rich.panel import Panel
from rich.table import Table

from splkit.console import drawing, framed, live_view, out, styled
from splkit.firmware.wire.events import (
    Alarm,
    Alert,
    Banner,
    Beat,
    Estimate,
    Event,
    Fault,
    Probability,
    Trace,
    Value,
)

STYLES = {
    "none": "dim",
    "-": "dim",
    "normal": "green",
    "unlikely": "green",
    "high": "black on yellow",
    "likely": "black on yellow",
    "critical": "white on red",
}
WORDS = {
    "none": "no alert state",
    "normal": "normal",
    "high": "high",
    "critical": "critical",
    "sine": "no QRS complex: a sine wave?",
    "unlikely": "unlikely",
    "likely": "likely",
    "-": "no alert states",
}
"""Alert states in words. A state of a newer device that is not listed is shown literally."""

ALARMS = {
    "critical": "critical potassium",
    "sine": "suspicion of a sine wave",
    "high": "high potassium",
    "likely": "hyperkalemia likely",
    "device": "the device has failed: its self-test, its clock, or its last three runs",
    "signal": "no estimate: electrodes or signal",
    "battery": "battery low",
}
ALARM_STATES = {
    "off": "over",
    "active": "active",
    "latched": "not seen any more, not acknowledged",
    "acknowledged": "acknowledged",
}

NO_ESTIMATE = ("implausible", "unlike", "inference")
"""Faults that the device reports instead of an estimate."""

BEATS_SHOWN = 8
PLOT_COLUMNS, PLOT_ROWS = 100, 8
DOTS_A_COLUMN, DOTS_A_ROW = 2, 4
BRAILLE = 0x2800
BRAILLE_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))


class View:
    """Collects events and shows them. It is a context manager, so that it can restore the terminal."""

    def __init__(self, *, live: bool) -> None:
        self._banner, self._alert, self._fault = "", "none", ""
        self._answer: Estimate | Probability | Value | None = None
        self._alarms: dict[str, Alarm] = {}
        self._beats: deque[Beat] = deque(maxlen=BEATS_SHOWN)
        self._trace: deque[int] = deque(maxlen=PLOT_COLUMNS * DOTS_A_COLUMN)
        self._live = live_view() if live else None

    def __enter__(self) -> "View":
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def show(self, event: Event) -> None:
        """Adds an event to the view."""
        match event:
            case Banner():
                self._banner = event.text
            case Beat():
                self._beats.append(event)
            case Estimate() | Probability() | Value():
                self._take(event)
            case Alert():
                self._alert = event.state
            case Alarm():
                self._alarms[event.name] = event
            case Fault():
                self._fault = event.words
                if event.word in NO_ESTIMATE:
                    self._answer = None
            case Trace():
                self._trace.extend(event.counts)
        if self._live:
            self._live.update(self.panel())
        else:
            out.print(describe(event))

    def _take(self, answer: Estimate | Probability | Value) -> None:
        self._answer, self._alert = answer, "-" if isinstance(answer, Value) else answer.alert
        if self._fault.startswith("no estimate"):
            self._fault = ""

    def panel(self) -> Panel:
        """The panel with everything that is known now."""
        style = STYLES.get(self._alert, "white on magenta")
        answer = describe(self._answer) if self._answer and self._alert != "none" else "no estimate"
        parts = [styled(answer), styled(f" {in_words(self._alert)} ", style)]
        alarms = [describe(each) for each in self._alarms.values() if each.state != "off"]
        parts += [styled(each, "bold red") for each in alarms]
        if self._fault:
            parts.append(styled(self._fault, "red"))
        if self._trace:
            parts.append(drawing(plot(list(self._trace))))
        table = Table("R peak", "RR, ms", "R, mV", "verdict", box=None)
        for beat in self._beats:
            table.add_row(
                str(beat.r_sample), str(beat.rr_ms), f"{beat.amplitude_uv / 1000:.2f}", beat.verdict
            )
        return framed(self._banner or "waiting for the device", *parts, table)


def in_words(state: str) -> str:
    """An alert state in words. A state of a newer device that is not known here is returned unchanged."""
    return WORDS.get(state, state)


def describe(event: Event) -> str:
    """An event in words."""
    match event:
        case Banner():
            return event.text
        case Beat():
            amplitude_mv = event.amplitude_uv / 1000
            return f"beat at {event.r_sample}: {event.rr_ms} ms, {amplitude_mv:.2f} mV, {event.verdict}"
        case Estimate():
            interval = f" ({event.interval})" if event.interval else ""
            risks = f", risk of high, critical: {event.risks}" if event.risks else ""
            cycles = f" from {event.cycles} cycles" if event.cycles else ""
            estimate = f"SPL {event.spl_meq_l:.2f}{interval} mEq/L{cycles} at {event.r_sample}"
            return f"{estimate}, {in_words(event.alert)}{risks}"
        case Probability():
            return f"{event.words} at {event.r_sample}, {in_words(event.alert)}"
        case Value():
            return f"{event.words} at {event.r_sample}"
        case Alert():
            return f"alert state: {in_words(event.state)}, at {event.sample}"
        case Alarm():
            name, state = ALARMS.get(event.name, event.name), ALARM_STATES.get(event.state, event.state)
            return f"alarm: {name}: {state}, at {event.sample}"
        case Fault():
            return event.words
        case Trace():
            return f"trace from {event.sample}: {len(event.counts)} points"
    return " ".join([event.command, "ok" if event.ok else "error", *event.fields])


def plot(counts: list[int]) -> str:
    """A curve in braille characters: two points in each, the newest at the right, scaled to fill the rows."""
    low, high = min(counts), max(counts)
    dots = PLOT_ROWS * DOTS_A_ROW
    cells = [[0] * -(-len(counts) // DOTS_A_COLUMN) for _ in range(PLOT_ROWS)]
    heights = [(high - value) * (dots - 1) // max(high - low, 1) for value in counts]
    for i, (before, here) in enumerate(pairwise([heights[0], *heights])):
        for down in range(min(before, here), max(before, here) + 1):
            dot = BRAILLE_DOTS[i % DOTS_A_COLUMN][down % DOTS_A_ROW]
            cells[down // DOTS_A_ROW][i // DOTS_A_COLUMN] |= dot
    return "\n".join("".join(chr(BRAILLE + cell) for cell in row) for row in cells)
