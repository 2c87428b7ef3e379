"""Records to draw: all leads of a file, or of a simulated patient."""

from pathlib import Path

import numpy as np

from splkit.ecg.leads import TWELVE_LEADS
from splkit.ecg.paper.render.arrange import EXTRA
from splkit.ecg.paper.render.rendered import LeadSet
from splkit.ecg.recordings.channels import lead_name
from splkit.ecg.recordings.contents import take
from splkit.ecg.recordings.readers import contents_of
from splkit.ecg.recordings.recording import Recording, resample
from splkit.ecg.simulator.twelve import simulate_twelve
from splkit.errors import RecordingError

_STAND_INS = {"V4R": ("V1", 0.6), "V8": ("V6", 0.7), "V9": ("V6", 0.5)}
"""A 12-lead record has none of these: a scaled lead stands in, as no more is needed than a known truth."""


def read_leads(path_or_name: str | Path, start_s: float = 0.0) -> LeadSet:
    """The twelve leads of a file of any format that splkit reads, and V4R, V8, V9.

    Args:
        path_or_name: as `read_recording` takes it.
        start_s: what is before is left out.

    Raises:
        RecordingError: the file cannot be read, lacks one of the twelve, is over before `start_s`, or marks
            samples after it as missing.
    """
    with contents_of(path_or_name) as contents:
        named = {_name(lead.name): index for index, lead in reversed(list(enumerate(contents.leads)))}
        missing = [lead for lead in TWELVE_LEADS if lead not in named]
        if missing:
            raise RecordingError(
                "a page is drawn from a record of twelve leads",
                found=f"no {', '.join(missing)} in {path_or_name}",
                next_step="choose a 12-lead record, or simulated",
            )
        wanted = [*TWELVE_LEADS, *(lead for lead in EXTRA if lead in named)]
        leads = {lead: take(contents, contents.leads[named[lead]].name) for lead in wanted}
    return with_extra(_together(leads, start_s, str(path_or_name)))


def simulated_leads(
    potassium_meq_l: float, seed: int, duration_s: float = 10.0, fs_hz: float = 500.0
) -> LeadSet:
    """The twelve leads of a simulated patient, and V4R, V8, V9.

    Raises:
        UsageError: potassium or duration is out of range.
    """
    leads = simulate_twelve(potassium_meq_l, fs_hz=fs_hz, duration_s=duration_s, seed=seed)
    source = f"simulated, {potassium_meq_l:g} mEq/L, seed {seed}"
    return with_extra(LeadSet(leads, fs_hz, source))


def with_extra(record: LeadSet) -> LeadSet:
    """The record with stand-ins for those of V4R, V8 and V9 that it lacks."""
    made = {lead: share * record.signals_mv[of] for lead, (of, share) in _STAND_INS.items()}
    return LeadSet({**made, **record.signals_mv}, record.fs_hz, record.source)


def _name(channel: str) -> str | None:
    plain = channel.strip()
    return next((lead for lead in EXTRA if plain.lower() == lead.lower()), None) or lead_name(plain)


def _together(leads: dict[str, Recording], start_s: float, source: str) -> LeadSet:
    """At the highest rate among them, cut to the shortest."""
    fs_hz = max(each.fs_hz for each in leads.values())
    signals = {lead: resample(each, fs_hz).signal_mv for lead, each in leads.items()}
    first = round(start_s * fs_hz)
    _refuse_gaps(leads, start_s, source)
    length = min(map(len, signals.values()))
    if first >= length:
        raise RecordingError(
            "a page starts within the record",
            found=f"a start at {start_s:g} s of {length / fs_hz:g} s in {source}",
            next_step="start earlier",
        )
    return LeadSet({lead: np.asarray(each[first:length]) for lead, each in signals.items()}, fs_hz, source)


def _refuse_gaps(leads: dict[str, Recording], start_s: float, source: str) -> None:
    """A straight line where samples are missing would be a false truth."""
    for lead, each in leads.items():
        for first, last in each.gaps:
            if last >= start_s * each.fs_hz:
                span = f"{first / each.fs_hz:.2f} to {last / each.fs_hz:.2f} s"
                raise RecordingError(
                    "a record to be drawn lacks no sample",
                    found=f"{lead} missing from {span} in {source}",
                    next_step="start behind it with --start, or cut the record before it",
                )
