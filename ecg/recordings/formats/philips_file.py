"""Philips XML files (SierraECG, PhilipsECG, schema 1.03 to 1.04.02) of PageWriter and TraceMaster."""

import base64
import binascii
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.leads import TWELVE_LEADS
from splkit.ecg.recordings.contents import Contents
from splkit.ecg.recordings.formats.numbers import number
from splkit.ecg.recordings.formats.philips_xli import XliError, decode_xli
from splkit.ecg.recordings.formats.support import lead, refusal
from splkit.ecg.recordings.formats.xml_text import is_xml_of, parse_xml
from splkit.errors import RecordingError

_ROOT = "restingecgdata"
_VERSIONS = ("1.03", "1.04", "1.04.01", "1.04.02")
_TWELVE_LEAD_TYPES = ("STD-12", "10-WIRE")


def is_philips(start: bytes) -> bool:
    """Whether `start`, the first bytes of a file, begins a Philips file."""
    return is_xml_of(start, _ROOT)


def philips_contents(path: Path, source: str) -> Contents:
    """The leads of the parsed waveforms, in uV.

    The reader supports what PageWriter writes: twelve leads with XLI compression. The file stores III, aVR,
    aVL and aVF as differences from the values that follow from I and II.

    Raises:
        RecordingError: the file is damaged, has another version or compression, or states no rate or no
            resolution.
    """
    root = parse_xml(path, source)
    version = root.findtext("documentinfo/documentversion", "").strip()
    if root.tag != _ROOT or version not in _VERSIONS:
        raise refusal(
            f"a Philips file begins with {_ROOT}, version {_VERSIONS[0]} to {_VERSIONS[-1]}",
            f"{root.tag} {version!r} in {source}",
            "export it in one of those versions, or as DICOM",
        )
    head = root.find("dataacquisition/signalcharacteristics")
    waveforms = next(root.iter("parsedwaveforms"), None)
    if head is None or waveforms is None:
        raise _contradicts("no signalcharacteristics or no parsedwaveforms", source)
    fs_hz = number(head.findtext("samplingrate"), f"the samplingrate of {source}")
    # From schema 1.04 on the attribute is called resolution. In both versions it is microvolts per count.
    step = head.findtext("resolution") or head.findtext("signalresolution")
    uv_per_count = number(step, f"the resolution of {source}")
    if number(head.findtext("signaloffset") or "0", f"the signaloffset of {source}"):
        raise _contradicts("a signaloffset", source)
    names = _names(head, waveforms, source)
    counts = _restored(_counts(waveforms, len(names), source), names)
    _check_length(waveforms, counts[0].size, fs_hz, source)
    leads = (lead(name, "uV", fs_hz, count * uv_per_count) for name, count in zip(names, counts, strict=True))
    return Contents(source, tuple(leads))


def _names(head: Element, waveforms: Element, source: str) -> list[str]:
    names = waveforms.get("leadlabels", "").split()
    count = waveforms.get("numberofleads")
    if count is not None:
        names = names[: int(number(count, f"the numberofleads of {source}"))]
    if not names and head.findtext("acquisitiontype", "").strip() in _TWELVE_LEAD_TYPES:
        names = list(TWELVE_LEADS)
    if tuple(names[:6]) != TWELVE_LEADS[:6] or len(set(names)) < len(names):
        raise refusal(
            "splkit reads Philips files of twelve leads, limb leads first",
            f"{', '.join(names) or 'no names of leads'} in {source}",
            "export it as DICOM",
        )
    return names


def _counts(waveforms: Element, leads: int, source: str) -> list[NDArray[np.int64]]:
    method = waveforms.get("compressmethod") or waveforms.get("compression") or "none"
    if method != "XLI" or waveforms.get("dataencoding") != "Base64":
        raise refusal(
            "splkit reads Philips files in Base64 with XLI compression",
            f"compression {method} in {source}",
            "export it as DICOM",
        )
    try:
        counts = decode_xli(base64.b64decode("".join((waveforms.text or "").split()), validate=True))
    except (binascii.Error, XliError) as error:
        raise _contradicts(f"a waveform that {error}", source) from error
    if len(counts) < leads or len({count.size for count in counts[:leads]}) != 1:
        raise _contradicts(f"{len(counts)} waveforms for {leads} leads, or of other lengths", source)
    return counts[:leads]


def _restored(counts: list[NDArray[np.int64]], names: list[str]) -> list[NDArray[np.int64]]:
    """All leads, after the limb leads III to aVF are restored from their differences (in whole counts)."""
    stored = dict(zip(names, counts, strict=True))
    one, two = stored["I"], stored["II"]
    three = two - one - stored["III"]
    restored = {
        "III": three,
        "aVR": -stored["aVR"] - (one + two) // 2,
        "aVL": (one - three) // 2 - stored["aVL"],
        "aVF": (two + three) // 2 - stored["aVF"],
    }
    return [restored.get(name, stored[name]) for name in names]


def _check_length(waveforms: Element, samples: int, fs_hz: float, source: str) -> None:
    duration_ms = number(waveforms.get("durationperchannel"), f"the durationperchannel of {source}")
    if abs(duration_ms * 1e-3 * fs_hz - samples) > 1:
        raise _contradicts(f"{samples} samples for {duration_ms:g} ms at {fs_hz:g} Hz", source)


def _contradicts(found: str, source: str) -> RecordingError:
    return refusal("a Philips file is whole and as its head says", f"{found} in {source}")
