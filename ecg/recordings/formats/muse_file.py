"""GE MUSE XML files (RestingECG, as MUSE 7 to 9 export them)."""

import base64
import binascii
import zlib
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.contents import Contents
from splkit.ecg.recordings.formats.numbers import number
from splkit.ecg.recordings.formats.support import lead, refusal
from splkit.ecg.recordings.formats.xml_text import is_xml_of, parse_xml
from splkit.errors import RecordingError

_ROOT = "RestingECG"
_MAX_EXPONENT = 6

Samples = dict[str, tuple[str, NDArray[np.float64]]]
"""The unit and the samples of each lead, by its name."""


def is_muse(start: bytes) -> bool:
    """Whether `start`, the first bytes of a file, begins a MUSE file."""
    return is_xml_of(start, _ROOT)


def muse_contents(path: Path, source: str) -> Contents:
    """The leads of the rhythm. The median beat is not read.

    MUSE stores I, II and V1 to V6. III, aVR, aVL and aVF are computed from I and II (Einthoven, Goldberger).
    They come last, so that they are read only if the caller asks for them.

    Raises:
        RecordingError: the file is damaged, or states no scale or no rate.
    """
    root = parse_xml(path, source)
    waveforms = [(each.findtext("WaveformType", "").strip(), each) for each in root.iter("Waveform")]
    rhythms = [each for kind, each in waveforms if kind == "Rhythm"]
    if root.tag != _ROOT or len(rhythms) != 1:
        kinds = ", ".join(kind for kind, _ in waveforms) or "no waveform"
        raise refusal(
            f"a MUSE file is a {_ROOT} with one waveform Rhythm",
            f"{root.tag} with {kinds} in {source}",
            "export the rhythm",
        )
    fs_hz = _rate(rhythms[0], source)
    stored: Samples = {}
    for each in rhythms[0].iterfind("LeadData"):
        name = each.findtext("LeadID", "").strip()
        if name in stored:
            raise _contradicts("a second time", f"lead {name} of {source}")
        stored[name] = _samples(each, f"lead {name} of {source}")
    leads = stored | _derived(stored)
    return Contents(source, tuple(lead(name, unit, fs_hz, values) for name, (unit, values) in leads.items()))


def _rate(rhythm: Element, source: str) -> float:
    """The sampling rate in Hz: SampleBase times ten to the power of SampleExponent."""
    base = number(rhythm.findtext("SampleBase"), f"the SampleBase of {source}")
    exponent = number(rhythm.findtext("SampleExponent"), f"the SampleExponent of {source}")
    if abs(exponent) > _MAX_EXPONENT:
        raise _contradicts(f"a SampleExponent of {exponent:g}", source)
    return float(base * 10.0**exponent)


def _samples(lead: Element, where: str) -> tuple[str, NDArray[np.float64]]:
    """The unit, and the samples in this unit."""
    unit = lead.findtext("LeadAmplitudeUnits", "").strip()
    scale = number(lead.findtext("LeadAmplitudeUnitsPerBit"), f"the LeadAmplitudeUnitsPerBit of {where}")
    if number(lead.findtext("FirstSampleBaseline", "0"), f"the FirstSampleBaseline of {where}"):
        raise _contradicts("a FirstSampleBaseline", where)
    if number(lead.findtext("LeadSampleSize", "2"), f"the LeadSampleSize of {where}") != 2:
        raise _contradicts("samples that do not take two bytes", where)
    counts = np.frombuffer(_bytes(lead, where), "<i2")
    claimed = number(lead.findtext("LeadSampleCountTotal"), f"the LeadSampleCountTotal of {where}")
    if claimed != counts.size:
        raise _contradicts(f"{counts.size} of {claimed:g} samples", where)
    return unit, counts * scale


def _bytes(lead: Element, where: str) -> bytes:
    try:
        code = base64.b64decode("".join(lead.findtext("WaveFormData", "").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _contradicts(f"no base64 ({error})", where) from error
    crc = lead.findtext("LeadDataCRC32")
    if len(code) % 2 or (crc and number(crc, f"the LeadDataCRC32 of {where}") != zlib.crc32(code)):
        raise _contradicts("bytes that do not fit their checksum or size", where)
    return code


def _derived(stored: Samples) -> Samples:
    """The limb leads that the file does not store."""
    if not {"I", "II"} <= stored.keys():
        return {}
    (unit, one), (unit_two, two) = stored["I"], stored["II"]
    if unit != unit_two or one.size != two.size:
        return {}
    derived = {"III": two - one, "aVR": -(one + two) / 2, "aVL": one - two / 2, "aVF": two - one / 2}
    present = {name.upper() for name in stored}
    return {name: (unit, values) for name, values in derived.items() if name.upper() not in present}


def _contradicts(found: str, where: str) -> RecordingError:
    return refusal("the leads of a MUSE file are whole, and as their heads say", f"{found} in {where}")
