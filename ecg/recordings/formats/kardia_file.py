"""KardiaMobile: a recording in the JSON format of the Kardia API (developers.kardia.com)."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from splkit.ecg.recordings.contents import Contents
from splkit.ecg.recordings.formats.support import lead, refusal, whole_file
from splkit.errors import RecordingError

_MAX_BYTES = 64 << 20  # five minutes of six leads take 4 MB
_KEYS = re.compile(rb'"(recordedAt|algorithmDetermination|amplitudeResolution|patientID)"\s*:')
_LEADS = {"leadI": "I", "leadII": "II", "leadIII": "III", "AVR": "aVR", "AVL": "aVL", "AVF": "aVF"}


def is_kardia_json(start: bytes) -> bool:
    """Whether `start`, the first bytes of a file, begins a Kardia recording."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and len(set(_KEYS.findall(start))) > 1


def kardia_contents(path: Path, source: str) -> Contents:
    """The leads of `data.raw`, in nV. `data.enhanced`, the same signal after filters, is not read.

    Raises:
        RecordingError: the file has no raw samples, or states no rate or no resolution.
    """
    raw: Any = json.loads(whole_file(path, source, _MAX_BYTES))
    for key in ("data", "raw"):
        raw = raw.get(key) if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or not isinstance(raw.get("samples"), dict):
        raise _unstated("data.raw.samples", source)
    fs_hz, nv_per_count = (_positive(raw, key, source) for key in ("frequency", "amplitudeResolution"))
    leads = []
    for key, numbers in raw["samples"].items():
        if not isinstance(numbers, list) or not all(type(number) in (int, float) for number in numbers):
            raise refusal("samples are numbers", f"others in {key} of {source}")
        leads.append(lead(_LEADS.get(key, key), "nV", fs_hz, np.array(numbers, np.float64) * nv_per_count))
    return Contents(source, tuple(leads))


def _positive(raw: dict[str, Any], key: str, source: str) -> float:
    value: Any = raw.get(key)
    if type(value) not in (int, float) or not 0 < value < float("inf"):
        raise _unstated(f"data.raw.{key}", source)
    return float(value)


def _unstated(key: str, source: str) -> RecordingError:
    return refusal(
        "a Kardia recording has data.raw with frequency, amplitudeResolution (nV) and samples",
        f"no usable {key} in {source}",
        "fetch it again, or export the .atc file",
    )
