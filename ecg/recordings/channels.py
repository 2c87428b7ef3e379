"""Leads by name or number, and their units."""

import re
from collections.abc import Sequence

from splkit.errors import RecordingError

_MV_PER_UNIT = {"v": 1e3, "mv": 1.0, "uv": 1e-3, "µv": 1e-3, "μv": 1e-3, "nv": 1e-6}

_ECG = re.compile(r"(?i).*(ecg|ekg).*|(ml?|d)?(i{1,3}|v[1-9]|av[rlf])\b.*")
"""Names of ECG leads, among them those of polygraphs ("ECG II", "EKG1") and of Holters ("MLII", "mV5")."""


def channel_index(names: Sequence[str], channel: str | int | None, source: str) -> int:
    """The index of `channel` among `names`; where it is None, of the first that is called like an ECG lead.

    A name is matched before a number, so that a lead called "1" can be asked for.

    Raises:
        RecordingError: there is no such channel.
    """
    if channel is None:
        return next((index for index, name in enumerate(names) if _ECG.fullmatch(name.strip())), 0)
    lowered = [name.lower() for name in names]
    if str(channel).lower() in lowered:
        return lowered.index(str(channel).lower())
    if str(channel).isdecimal() and int(channel) < len(names):
        return int(channel)
    raise RecordingError(
        "a channel is named, or numbered from 0, as in the recording",
        found=f"{channel!r}, and {', '.join(names)} in {source}",
        next_step="choose one of those",
    )


def mv_per_unit(unit: str, source: str) -> float:
    """Millivolts in one `unit` of voltage.

    Raises:
        RecordingError: the unit is not one of voltage.
    """
    factor = _MV_PER_UNIT.get(unit.strip().lower())
    if factor is None:
        raise RecordingError(
            "the unit of an ECG is V, mV, uV or nV",
            found=f"{unit!r} in {source}",
            next_step="convert the samples to mV",
        )
    return factor
