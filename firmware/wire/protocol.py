"""The lines that a firmware writes, read back as events: docs/protocol.md defines them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from splkit.errors import ToolError
from splkit.firmware.wire.events import (
    Alarm,
    Alert,
    Banner,
    Beat,
    Estimate,
    Event,
    Fault,
    Probability,
    Reply,
    Trace,
    Value,
)
from splkit.firmware.wire.framing import unframe

HEX_DIGITS = 4


@dataclass
class Report:
    """All that a run said, in order within each kind."""

    banner: str = ""
    beats: list[Beat] = field(default_factory=list)
    estimates: list[Estimate] = field(default_factory=list)
    probabilities: list[Probability] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def parse_event(text: str) -> Event:
    """The event that a line's text (without its checksum) tells.

    Raises:
        ValueError: none of the kinds, or its fields are not what they should be.
    """
    kind, *fields = text.split(" ")
    if kind not in _READERS:
        raise ValueError(f"a line of the kind {kind!r}")
    return _READERS[kind](fields)


def parse_lines(lines: Iterable[str]) -> Report:
    """Read the lines of one run, checksums included.

    Raises:
        ToolError: a line's checksum is wrong, or it is no event.
    """
    report = Report()
    kept: dict[type[Event], list[Any]] = {
        Beat: report.beats,
        Estimate: report.estimates,
        Probability: report.probabilities,
        Value: report.values,
        Alert: report.alerts,
        Alarm: report.alarms,
        Fault: report.faults,
    }
    for number, line in enumerate(lines, start=1):
        try:
            event = parse_event(unframe(line))
        except ValueError as error:
            raise ToolError(
                f"a firmware writes lines of the kinds {', '.join(_READERS)}, each with its checksum",
                found=f"{line!r} in line {number}",
                next_step="check the baud rate, and that splkit and the firmware have the same version",
            ) from error
        if isinstance(event, Banner):
            report.banner = report.banner or event.text
        elif type(event) in kept:
            kept[type(event)].append(event)
    return report


def _beat(fields: list[str]) -> Beat:
    r_sample, rr_ms, amplitude_uv, verdict = fields
    return Beat(int(r_sample), int(rr_ms), int(amplitude_uv), verdict)


def _estimate(fields: list[str]) -> Estimate:
    r_sample, spl, low, high, outputs, alert, *more = fields
    if len(more) not in (0, 2, 3):
        raise ValueError("an estimate has two risks and its number of cycles, the risks alone, or neither")
    interval, codes = (_bound(low), _bound(high)), tuple(int(code) for code in outputs.split("/"))
    return Estimate(int(r_sample), int(spl), *interval, codes, alert, *map(int, more))


def _probability(fields: list[str]) -> Probability:
    r_sample, permille, spl, output, alert = fields
    return Probability(int(r_sample), int(permille), int(spl), int(output), alert)


def _value(fields: list[str]) -> Value:
    r_sample, milli, output, *unit = fields
    if not unit:
        raise ValueError("a value has a unit")
    return Value(int(r_sample), int(milli), int(output), " ".join(unit))


def _bound(text: str) -> int | None:
    return None if text == "-" else int(text)


def _alert(fields: list[str]) -> Alert:
    sample, state = fields
    return Alert(int(sample), state)


def _alarm(fields: list[str]) -> Alarm:
    sample, name, state = fields
    return Alarm(int(sample), name, state)


def _fault(fields: list[str]) -> Fault:
    word, count = fields
    return Fault(word, int(count))


def _reply(fields: list[str]) -> Reply:
    command, status, *rest = fields
    if status not in ("ok", "error"):
        raise ValueError(f"an answer that is {status!r}")
    return Reply(command, status == "ok", tuple(rest))


def _trace(fields: list[str]) -> Trace:
    sample, step, digits = fields
    points = (int(digits[at : at + HEX_DIGITS], 16) for at in range(0, len(digits), HEX_DIGITS))
    return Trace(int(sample), int(step), tuple((each ^ 0x8000) - 0x8000 for each in points))


_READERS: dict[str, Callable[[list[str]], Event]] = {
    "#": lambda fields: Banner(" ".join(fields)),
    "B": _beat,
    "K": _estimate,
    "P": _probability,
    "V": _value,
    "A": _alert,
    "L": _alarm,
    "E": _fault,
    "R": _reply,
    "T": _trace,
}
