"""Progress in logs and pipes, where no terminal shows a bar: one line each minute."""

from collections.abc import Callable
from time import monotonic
from typing import Final

EVERY_S: Final = 60.0


class MinuteLines:
    """A `splkit.progress.Shown` that prints one line each minute. Work of less than a minute prints none."""

    def __init__(
        self, name: str, total: int | None, say: Callable[[str], None], now: Callable[[], float] = monotonic
    ) -> None:
        self._say, self._now = say, now
        self._unit: str | None
        self._told, self._unit = "", None
        self._said_at = now()
        self._begin(name, total)

    def __call__(self, steps: int) -> None:
        """Reports that `steps` more steps are done."""
        self._done += steps
        now = self._now()
        if now - self._said_at >= EVERY_S:
            self._say(self._line(now))
            self._said_at = self._from_s = now
            self._from = self._done

    def stage(self, name: str, steps: int, unit: str | None) -> None:
        """Begins a stage. Its steps are counted from 0."""
        self._told, self._unit = "", unit
        self._begin(name, steps)

    def tell(self, text: str) -> None:
        """Sets the figures at the end of the next line."""
        self._told = text

    def note(self, text: str) -> None:
        """Prints a line at once."""
        self._say(text)

    def _begin(self, name: str, total: int | None) -> None:
        self._name, self._total, self._done = name, total, 0
        self._from, self._from_s = 0, self._now()

    def _line(self, now: float) -> str:
        """The line.

        The time left is estimated from the speed since the last line, or since the stage began.
        """
        speed = (self._done - self._from) / max(now - self._from_s, 1e-9)
        said = [counted(self._done, self._total, self._unit, speed)]
        if self._total is not None:
            said.append(
                f"{duration((self._total - self._done) / speed)} left" if speed else "time left unknown"
            )
        line = f"{self._name}: {', '.join(filter(None, said))}"
        return f"{line}; {self._told}" if self._told else line


def counted(done: float, total: float | None, unit: str | None, per_s: float | None) -> str:
    """For example `3,200 of 8,000 patients (40 %), 35/s`. If the unit is "", only the share is shown."""
    percent = "" if total is None else f"{100 * done / max(total, 1):.0f} %"
    if unit == "":
        return percent
    of = "" if total is None else f" of {total:,.0f}"
    words = f"{done:,.0f}{of}{f' {unit}' if unit else ''}{f' ({percent})' if percent else ''}"
    return f"{words}, {rate(per_s)}" if per_s else words


def rate(per_s: float) -> str:
    """A speed in steps per second or, for slow work, per minute."""
    return f"{per_s:,.0f}/s" if per_s >= 10 else f"{per_s:.1f}/s" if per_s >= 1 else f"{60 * per_s:.1f}/min"


def duration(seconds: float) -> str:
    """A duration in at most two units: `3 h 20 min`, `5 min`, `40 s`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(round(whole / 60), 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
