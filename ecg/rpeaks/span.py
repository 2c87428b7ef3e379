"""Which seconds of a recording a picture shows."""

import math
from typing import NamedTuple

from splkit.ecg.recordings.recording import Recording
from splkit.errors import UsageError

SHOWN_S = 10.0
"""Where neither end is given: ten seconds, as an ECG on paper has them."""
SHORTEST_S = 0.2


class Span(NamedTuple):
    """From one time of a recording to another, seconds."""

    from_s: float
    to_s: float

    @property
    def length_s(self) -> float:
        """Its length in seconds."""
        return self.to_s - self.from_s

    def samples(self, fs_hz: float) -> slice:
        """The samples that lie in it."""
        return slice(round(self.from_s * fs_hz), round(self.to_s * fs_hz))


def chosen_span(recording: Recording, from_s: float | None, to_s: float | None) -> Span:
    """From `from_s` to `to_s`; of one that is None, ten seconds from or to the other; of two, from the
    middle, on a whole second.

    Raises:
        UsageError: it lies outside of the recording, or is shorter than 0.2 s.
    """
    end_s = recording.duration_s
    if from_s is None and to_s is None:
        from_s = math.floor(max(0.0, (end_s - SHOWN_S) / 2))
    first = from_s if from_s is not None else max(0.0, (to_s or 0.0) - SHOWN_S)
    last = to_s if to_s is not None else min(first + SHOWN_S, end_s)
    if not (first >= 0 and first + SHORTEST_S <= last <= end_s + 1 / recording.fs_hz):
        raise UsageError(
            f"a picture shows {SHORTEST_S:g} s or more of the recording, which is {end_s:.1f} s long",
            found=f"{first:g} s to {last:g} s",
            next_step="give --from and --to in it, as seconds or h:mm:ss",
        )
    return Span(first, min(last, end_s))


def clock(seconds: float) -> str:
    """A time as 12.5 s, or 1:02:03 from a minute on."""
    if seconds < 60:
        return f"{seconds:g} s"
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}"
