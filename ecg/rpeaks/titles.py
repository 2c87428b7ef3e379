"""What a picture of a recording says of it: a name without its folders, the lead, the time that is shown."""

from splkit.ecg.recordings.recording import Recording
from splkit.ecg.rpeaks.span import Span, clock

NOTICE = "For research; not a medical device."
SPEED_MM_S, GAIN_MM_MV = 25, 10
SCALE = f"{SPEED_MM_S} mm/s, {GAIN_MM_MV} mm/mV"


def name_of(recording: Recording) -> str:
    """The last part of a path or a URL."""
    return recording.source.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]


def title(recording: Recording, span: Span) -> str:
    """The line above the strip."""
    return f"{name_of(recording)}   {recording.channel}   {clock(span.from_s)} to {clock(span.to_s)}"
