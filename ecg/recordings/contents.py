"""What a file states about itself, and the rules that turn it into a `Recording`.

The module of each format (`csv_file.py`, `edf_file.py`, `wfdb_record.py` ...) turns a file into `Contents`:
names, units and rates as the file states them, or None where it states nothing. These modules guess nothing
and use no defaults. `take` then chooses the lead and applies the rules, which are the same for every format.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.amplitude import check_amplitude
from splkit.ecg.recordings.channels import channel_index
from splkit.ecg.recordings.recording import Recording, check_rate
from splkit.ecg.recordings.units import mv_per_unit
from splkit.errors import RecordingError, SplkitError, reason

MAX_SAMPLES = 100_000_000
"""Largest length of a lead. 24 hours at 1000 Hz are 86 million samples. More is refused before it is read."""

RATE_TOLERANCE = 0.01
"""Largest relative difference between the rate that the caller gives and the rate that the file states."""


@dataclass(frozen=True)
class Lead:
    """One channel of a file, as the file describes it.

    Attributes:
        name: as in the file, without its unit ("Lead II", "MLII").
        unit: as in the file ("uV"). None if the file states none; `take` then assumes mV if that is
            plausible.
        fs_hz: the channel's own sampling rate. None if the file does not state it.
        read: returns float64[n], the values in `unit`, with NaN for each sample that the file marks as
            missing.
        samples: the number of samples that the file states, or None. `take` checks that `read` returns as
            many.
    """

    name: str
    unit: str | None
    fs_hz: float | None
    read: Callable[[], NDArray[np.float64]]
    samples: int | None = None


@dataclass(frozen=True)
class Contents:
    """All channels of a file in their order, including those that are no ECG.

    `source` is its name in messages.
    """

    source: str
    leads: tuple[Lead, ...]


def take(
    contents: Contents,
    channel: str | int | None = None,
    fs_hz: float | None = None,
    preferred: str | None = None,
) -> Recording:
    """One lead as a `Recording`.

    Args:
        contents: what the file states.
        channel: as in `channel_index`.
        preferred: the lead to choose if `channel` is None and the file has this lead.
        fs_hz: the sampling rate. If the file states a rate too, both must agree within 1 %.

    Raises:
        RecordingError: the lead is missing; its unit, rate, length or amplitude is not that of an ECG; or the
            file contradicts itself or `fs_hz`.
    """
    source = contents.source
    if not contents.leads:
        raise RecordingError(
            "a recording holds a channel", found=f"none in {source}", next_step="check that it is complete"
        )
    names = [each.name for each in contents.leads]
    lead = contents.leads[channel_index(names, channel, source, preferred)]
    mv = 1.0 if lead.unit is None else mv_per_unit(lead.unit, f"{lead.name} of {source}")
    rate_hz = _rate(lead, fs_hz, source)
    if lead.samples is not None:
        check_length(lead.samples, source)
    values = np.asarray(lead.read(), np.float64)
    if lead.samples is not None and values.shape != (lead.samples,):
        raise RecordingError(
            "a file holds as many samples as it says",
            found=f"{values.size} of {lead.samples} in {lead.name} of {source}",
            next_step="fetch or export it again",
        )
    signal_mv = values * mv
    check_amplitude(signal_mv, lead, rate_hz, source)
    return Recording.with_gaps(signal_mv, rate_hz, lead.name, source)


def check_length(samples: int, source: str) -> None:
    """Check that the length that a file states fits into memory.

    Raises:
        RecordingError: it is larger than `MAX_SAMPLES`.
    """
    if samples > MAX_SAMPLES:
        raise RecordingError(
            f"a recording has at most {MAX_SAMPLES:,} samples",
            found=f"{samples:,} claimed by {source}",
            next_step="check the file, or cut it into parts",
        )


@contextmanager
def reading(kind: str, source: str) -> Iterator[None]:
    """Turns any exception that a library raises about a damaged file into one sentence.

    Raises:
        RecordingError: in place of any exception that is not splkit's own.
    """
    try:
        yield
    except SplkitError:
        raise
    except Exception as error:  # libraries raise anything about a damaged file: KeyError, struct.error ...
        raise RecordingError(
            f"{kind} can be read whole",
            found=f"{source}, which is damaged or cut short ({type(error).__name__}: {reason(error)})",
            next_step="fetch or export it again",
        ) from error


def _rate(lead: Lead, fs_hz: float | None, source: str) -> float:
    if lead.fs_hz is None:
        if fs_hz is None:
            raise RecordingError(
                "the file states the sampling rate, or the rate is given",
                found=f"none for {lead.name} of {source}",
                next_step="give the rate in Hz with --fs",
            )
        return fs_hz
    check_rate(lead.fs_hz, source)
    if fs_hz is not None and abs(lead.fs_hz / fs_hz - 1) > RATE_TOLERANCE:
        raise RecordingError(
            "a rate that is given agrees with the one in the file",
            found=f"{fs_hz:g} Hz given and {lead.fs_hz:g} Hz in {source}",
            next_step="leave the rate out",
        )
    return lead.fs_hz
