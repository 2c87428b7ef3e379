"""Parses the times of tables and compares them in seconds."""

from datetime import datetime

from splkit.train.sources.reasons import LeftOut

_EPOCH = datetime(1970, 1, 1)


def seconds(time: str) -> int | None:
    """Seconds of a time such as "2180-07-23 08:44:00", without a zone.

    None for a day alone, or for no time.
    """
    moment = parsed(time)
    if moment is None or moment.tzinfo:
        return None
    return int((moment - _EPOCH).total_seconds())


def seconds_apart(test: str, ecg: str, form: str | None = None) -> float | LeftOut:
    """Seconds from the ECG to the blood test, or the reason why they are not known.

    Either both times have a time zone, or neither. If only one has a zone, the other may be hours off.

    Args:
        test: when blood was drawn.
        ecg: when the ECG was taken.
        form: format for `datetime.strptime`, or None for ISO 8601.
    """
    drawn, taken = parsed(test, form), parsed(ecg, form)
    if drawn is None or taken is None:
        return LeftOut.WITHOUT_TIME if drawn is None else LeftOut.ECG_WITHOUT_TIME
    if (drawn.tzinfo is None) != (taken.tzinfo is None):
        return LeftOut.ONE_ZONE
    return (drawn - taken).total_seconds()


def parsed(time: str, form: str | None = None) -> datetime | None:
    """A date with a time of day. None if the text is none."""
    try:
        if form is not None:
            return datetime.strptime(time.strip(), form)
        return datetime.fromisoformat(time) if ":" in time else None
    except ValueError:
        return None
