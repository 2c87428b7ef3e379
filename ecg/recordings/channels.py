"""Finds a channel by name or number, and the standard lead that a channel's name stands for."""

import re
from collections.abc import Sequence

from splkit.errors import RecordingError

_UNIT_TAIL = re.compile(
    r"\s*[(\[][^)\]]*[)\]]\s*$|[ _](?:[mun]?|\N{MICRO SIGN}|\N{GREEK SMALL LETTER MU})v$", re.I
)
_WORDS_AROUND = frozenset(
    {
        *("ecg", "ekg", "lead", "channel", "chan", "ch", "derivation", "abl"),
        *("raw", "filtered", "filt", "signal", "simulated"),
    }
)
_LEAD = re.compile(
    r"(?:ecg|ekg)?(?:lead)?(?:ml(?=i)|d(?=ii)|m(?=v))?(?P<lead>i{1,3}|v[1-9]|av[rlf])", re.IGNORECASE
)
_HOLTER = re.compile(r"(?:m?cl|mod\.?v|ml|cm|cc|cs|cb|d)\d|v\d-v\d|mod\.?v\d|ml(?:i{1,3}|v)", re.IGNORECASE)
"""Bipolar leads of Holters and of the European ST-T database: CM5, MCL1, ML5, D3, V2-V3, mod.V1."""
_ECG_WORD = re.compile(r"(?:^|[^a-z])(?:ecg|ekg)|(?:ecg|ekg)(?:$|[^a-z])|^electrocardiogram", re.IGNORECASE)
_OTHER = re.compile(
    r"(?:^|[^a-z])(?:resp|eeg|eog|emg|eda|gsr|abp|art|cvp|pap|icp|ppg|pleth|spo2|sao2|acc|gyro|mag|temp|flow|thor|"
    r"abd|snore|pulse|hr|heart ?rate|nibp|co2|marker|event|annotation|battery|imp|fp[12z]|[fcpto][3478z]-)",
    re.IGNORECASE,
)


def lead_name(name: str) -> str | None:
    """The standard lead that a channel's name stands for: I, II, III, aVR, aVL, aVF, V1 .. V9; else None.

    The usual spellings are recognized: `Lead II`, `ECG II`, `ECG_V5`, `ii`, `V5 (mV)`, `DII`, and the
    modified leads of Holters, `MLII` and `mV5`. The result is None for a negative lead (`-aVR`), a
    right-sided lead (`V4R`), a bipolar lead (`V2-V3`), and for `ECG` alone.
    """
    plain = _UNIT_TAIL.sub("", name.strip())
    if plain.startswith(("-", "+")):
        return None
    words = [word for word in re.split(r"[\s_\-.:/|]+", plain) if word]
    rest = [word for word in words if word.lower() not in _WORDS_AROUND]
    match = _LEAD.fullmatch(rest[0]) if len(rest) == 1 else None
    if match is None:
        return None
    lead = match["lead"].upper()
    return "a" + lead[1:] if lead.startswith("AV") else lead


def is_ecg(name: str) -> bool:
    """Whether a channel's name is one of an ECG: a standard lead, a Holter lead, or a word such as `ECG`."""
    plain = name.strip()
    return bool(lead_name(plain) or _ECG_WORD.search(plain) or _HOLTER.fullmatch(plain))


def same_lead(name: str, lead: str) -> bool | None:
    """Whether a channel of this name is `lead`. None if the name does not tell, for example `ECG`."""
    found, wanted = lead_name(name), lead_name(lead)
    if found is None and name.strip().lower() != lead.strip().lower():
        return False if _HOLTER.fullmatch(name.strip()) else None
    return found == wanted


def channel_index(
    names: Sequence[str], channel: str | int | None, source: str, lead: str | None = None
) -> int:
    """The index of `channel` among `names`.

    A `channel` is looked up as a name first, then as a lead (`II` finds `Lead II`), then as a number from 0.
    Names come first so that a lead called "1" can be found. If `channel` is None, the result is the channel
    that is `lead`, else the first one named like an ECG, else the only one, unless its name says that it is
    something else.

    Raises:
        RecordingError: no channel fits, more than one fits, or none is named like an ECG.
    """
    if channel is None:
        wanted = [index for index, name in enumerate(names) if lead and same_lead(name, lead)]
        return _only(wanted, names, lead or "", source) if wanted else _first_ecg(names, source)
    asked = str(channel).strip().lower()
    asked_lead = lead_name(str(channel))
    for found in (
        [index for index, name in enumerate(names) if name == str(channel)],
        [index for index, name in enumerate(names) if name.strip().lower() == asked],
        [index for index, name in enumerate(names) if asked_lead and lead_name(name) == asked_lead],
    ):
        if found:
            return _only(found, names, channel, source)
    if asked.isdecimal() and asked.isascii() and int(asked) < len(names):
        return int(asked)
    raise RecordingError(
        "a channel is named, or numbered from 0, as in the recording",
        found=f"{channel!r}, and {', '.join(names)} in {source}",
        next_step="choose one of those",
    )


def _first_ecg(names: Sequence[str], source: str) -> int:
    for index, name in enumerate(names):
        if is_ecg(name):
            return index
    if len(names) == 1 and not _OTHER.search(names[0].strip()):
        return 0
    raise RecordingError(
        "a channel is called like an ECG (ECG, II, V5, MLII), or it is chosen",
        found=f"{', '.join(names)} in {source}",
        next_step="choose one with --channel, by name or by number from 0",
    )


def _only(found: list[int], names: Sequence[str], channel: str | int, source: str) -> int:
    if len(found) > 1:
        raise RecordingError(
            "a channel's name means one channel",
            found=f"{channel!r} for {', '.join(f'{i} ({names[i]})' for i in found)} in {source}",
            next_step="choose it by its number, from 0",
        )
    return found[0]
