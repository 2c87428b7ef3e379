"""DICOM waveforms (PS3.3 C.10.9: 12-lead, general and ambulatory ECG), read with the package pydicom."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.contents import Contents, Lead
from splkit.ecg.recordings.formats.support import lead, refusal, whole_file
from splkit.errors import RecordingError
from splkit.optional import optional

_MAX_BYTES = 1 << 30
_BIG_ENDIAN = "1.2.840.10008.1.2.2"  # transfer syntax, retired in 2006
_TYPES: dict[tuple[str, int], np.dtype[Any]] = {
    ("SB", 8): np.dtype("i1"),
    ("UB", 8): np.dtype("u1"),
    ("SS", 16): np.dtype("<i2"),
    ("US", 16): np.dtype("<u2"),
    ("SL", 32): np.dtype("<i4"),
    ("UL", 32): np.dtype("<u4"),
}
"""numpy type of a sample, by WaveformSampleInterpretation and WaveformBitsAllocated."""


def is_dicom(start: bytes) -> bool:
    """Whether `start`, the first bytes of a file, begins a DICOM file."""
    return start[128:132] == b"DICM"


def dicom_contents(path: Path, source: str) -> Contents:
    """The leads of all groups of original waveforms, without median beats and other derived groups.

    A file may hold a lead twice, as a 3x4 printout does: once for 2.5 s and once as a strip of 10 s. The
    longer copy is read.

    Raises:
        RecordingError: the file is damaged, holds no ECG, or states no unit for a lead.
        ToolError: the package pydicom is not installed.
    """
    pydicom = optional("pydicom", "DICOM files are read with the package pydicom")
    # Reading from memory is safe: a false length in the file then allocates nothing.
    dataset = pydicom.dcmread(BytesIO(whole_file(path, source, _MAX_BYTES)))
    if dataset.file_meta.get("TransferSyntaxUID") == _BIG_ENDIAN:
        raise _unread("Explicit VR Big Endian", source)
    groups = list(dataset.get("WaveformSequence") or [])
    longest: dict[str, Lead] = {}
    for group in groups:
        for each in _leads(group, source) if _is_rhythm(group) else ():
            if each.name not in longest or (each.samples or 0) > (longest[each.name].samples or 0):
                longest[each.name] = each
    if not longest:
        raise refusal(
            "a DICOM file of an ECG holds an original waveform",
            f"{len(groups)} waveforms, none of them original, in {source}",
            "choose the file of the rhythm",
        )
    return Contents(source, tuple(longest.values()))


def _is_rhythm(group: Any) -> bool:
    label = str(group.get("MultiplexGroupLabel") or "").upper()
    return group.get("WaveformOriginality") == "ORIGINAL" and "MEDIAN" not in label


def _leads(group: Any, source: str) -> Iterator[Lead]:
    samples = _samples(group, source)
    fs_hz = float(group.SamplingFrequency)
    for channel, column in zip(group.ChannelDefinitionSequence, samples.T, strict=True):
        meaning = str(channel.ChannelSourceSequence[0].CodeMeaning)
        name = re.sub(r"\s*\(.*\)$", "", meaning)  # Lead I (Einthoven)
        units = channel.get("ChannelSensitivityUnitsSequence")
        if channel.get("ChannelSensitivity") is None or not units:
            raise refusal(
                "a channel of a DICOM waveform states its sensitivity and unit",
                f"none for {name} in {source}",
                "export it calibrated",
            )
        scale = float(channel.ChannelSensitivity)
        scale *= float(channel.get("ChannelSensitivityCorrectionFactor", 1))
        values = column * scale + float(channel.get("ChannelBaseline", 0))
        yield lead(name, str(units[0].CodeValue), fs_hz, values)


def _samples(group: Any, source: str) -> NDArray[np.float64]:
    """The samples, float64[samples, channels], with NaN for padding."""
    kind = (str(group.WaveformSampleInterpretation), int(group.WaveformBitsAllocated))
    if kind not in _TYPES:
        raise _unread(f"samples {kind[0]} of {kind[1]} bits", source)
    dtype = _TYPES[kind]
    shape = (int(group.NumberOfWaveformSamples), int(group.NumberOfWaveformChannels))
    code, padding = group.WaveformData, group.get("WaveformPaddingValue")
    wanted = shape[0] * shape[1] * dtype.itemsize
    if min(shape) < 1 or not isinstance(code, bytes) or len(code) not in (wanted, wanted + wanted % 2):
        raise refusal(
            "a DICOM waveform has as many samples as its head says",
            f"{len(code)} of {wanted} bytes in {source}",
        )
    counts = np.frombuffer(code[:wanted], dtype).reshape(shape)
    samples: NDArray[np.float64] = counts.astype(np.float64)
    if isinstance(padding, bytes) and len(padding) >= dtype.itemsize:
        samples[counts == np.frombuffer(padding[: dtype.itemsize], dtype)[0]] = np.nan
    elif padding is not None:
        raise _unread("a padding value of another type than the samples", source)
    return samples


def _unread(found: str, source: str) -> RecordingError:
    return refusal(
        "splkit reads DICOM waveforms of linear samples in little endian",
        f"{found} in {source}",
        "export them so",
    )
