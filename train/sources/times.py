"""Times as tables write them, in seconds to compare."""

from datetime import datetime

from splkit.train.sources.reasons import LeftOut

_EPOCH = datetime(1970, 1, 1)


def seconds(time: str) -> int | None:
    """A time like "2180-07-23 08:44:00" without a zone; None where it is none, or a day alone."""
    moment = parsed(time)
    if moment is None or moment.tzinfo:
        return None
    return int((moment - _EPOCH).total_seconds())


def seconds_apart(test: str, ecg: str, form: str | None = None) -> float | LeftOut:
    """From the ECG to the blood test, or why that is not known.

    Both have a time zone, or neither has one: a time without a zone beside one with it could be hours off.

    Args:
        test: when blood was drawn.
        ecg: when the ECG was taken.
        form: as `datetime.strptime` takes it; ISO 8601 where None.
    """
    drawn, taken = parsed(test, form), parsed(ecg, form)
    if drawn is None or taken is None:
        return LeftOut.WITHOUT_TIME if drawn is None else LeftOut.ECG_WITHOUT_TIME
    if (drawn.tzinfo is None) != (taken.tzinfo is None):
        return LeftOut.ONE_ZONE
    return (drawn - taken).total_seconds()


def parsed(time: str, form: str | None = None) -> datetime | None:
    """A day with a time of day; None where it is none."""
    try:
        if form is not None:
            return datetime.strptime(time.strip(), form)
        return datetime.fromisoformat(time) if ":" in time else None
    except ValueError:
        return None
