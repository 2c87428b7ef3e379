"""One ECG from its file to its result; whatever happens is told in the result."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from splkit.ecg.frontend import FrontEndConfig
from splkit.ecg.recordings.model_lead import about_lead
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.record_files import files_of
from splkit.ecg.recordings.remote import is_remote, remote_states
from splkit.errors import SplkitError, reason
from splkit.quantize.estimate import Estimator
from splkit.quantize.estimates.inputs import Ecg
from splkit.quantize.estimates.result import EcgResult


class Way(NamedTuple):
    """How ECGs are answered.

    Attributes:
        model: the .tflite.
        front_end: of the device.
        fs_hz: rate of the files, where they do not say.
    """

    model: Path
    front_end: FrontEndConfig
    fs_hz: float | None = None


class Work(NamedTuple):
    """One ECG to answer; `kept` is the SHA-256 of the files that were answered before, in the same way."""

    ecg: Ecg
    way: Way
    kept: str = ""


def answer(work: Work) -> EcgResult | None:
    """Reads and answers an ECG; None where its files are those of before. Raises over nothing they hold."""
    sha256 = digest_of(work.ecg.path)
    if sha256 and sha256 == work.kept:
        return None
    result = EcgResult(path=work.ecg.path, channel=work.ecg.channel, sha256=sha256)
    try:
        return _answered(work, result)
    except SplkitError as error:
        said = str(error)
    except MemoryError:
        said = "reading the ECG takes more memory than there is"
    except Exception as error:
        # A fault of splkit's own on one ECG; the others are answered all the same.
        said = f"splkit failed on this ECG ({type(error).__name__}: {reason(error)}); please report it"
    return result.model_copy(update={"message": said})


def died(work: Work) -> EcgResult:
    """The result of an ECG on which its process died."""
    said = (
        "reading the ECG ended its process, perhaps for want of memory; cut it into parts, or use --workers 1"
    )
    return EcgResult(path=work.ecg.path, channel=work.ecg.channel, sha256="", message=said)


def digest_of(path: str) -> str:
    """The SHA-256 over the files of an ECG, in order of their names; "" where one cannot be read.

    Of files behind a URL it is that of their lengths and of what their server says of their versions.
    """
    whole = hashlib.sha256()
    try:
        if is_remote(path):
            return hashlib.sha256(repr(remote_states(path)).encode()).hexdigest()
        for file in sorted(set(files_of(path))):
            with file.open("rb") as stream:
                whole.update(hashlib.file_digest(stream, "sha256").digest())
    except (OSError, SplkitError):
        return ""
    return whole.hexdigest()


def _answered(work: Work, result: EcgResult) -> EcgResult:
    estimator, ecg, way = estimator_of(work.way.model), work.ecg, work.way
    lead = estimator.card.lead
    recording = read_recording(ecg.path, ecg.channel, way.fs_hz, preferred=lead)
    about = about_lead(recording, ecg.channel, lead)
    found = estimator.ecg(recording, way.front_end)
    return result.with_estimate(recording, found, estimator, f"{recording.channel}{about}" if about else "")


@lru_cache(maxsize=1)
def estimator_of(model: Path) -> Estimator:
    """The model, made ready once a process."""
    return Estimator(model)
