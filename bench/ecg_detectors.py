"""R-peak detectors by name: the generated C and its peers. Each takes mV and Hz and gives R-peak samples."""

import hashlib
import sys
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import FrontEndConfig, to_counts
from splkit.ecg.recordings.recording import Recording

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from support.host_front_end import host_front_end  # noqa: E402

CACHE = ROOT / "build" / "bench-ecg"
UV_PER_COUNT = 5.0
REPORT_S = 2.0
"""The recording is held at its last value for so long, until its last beats are reported."""

Signal = NDArray[np.float64]
Samples = NDArray[np.int64]
Detector = Callable[[Signal, int], Samples]


def splkit_c(signal_mv: Signal, fs_hz: int) -> Samples:
    """The generated C front end, built for this machine."""
    config = FrontEndConfig.for_rate(fs_hz, UV_PER_COUNT)
    held = np.append(signal_mv, np.full(round(REPORT_S * fs_hz), signal_mv[-1]))
    counts = to_counts(Recording(held, float(fs_hz), "", "bench"), config)
    return host_front_end(config).front_end(counts).r_sample


def _gqrs(signal_mv: Signal, fs_hz: int) -> Samples:
    from wfdb.processing import gqrs_detect

    return np.asarray(gqrs_detect(sig=signal_mv, fs=fs_hz), np.int64)


def _xqrs(signal_mv: Signal, fs_hz: int) -> Samples:
    from wfdb.processing import xqrs_detect

    return np.asarray(xqrs_detect(signal_mv, fs_hz, verbose=False), np.int64)


def _sleepecg(signal_mv: Signal, fs_hz: int) -> Samples:
    from sleepecg import detect_heartbeats

    return np.asarray(detect_heartbeats(signal_mv, fs_hz), np.int64)


def _neurokit(method: str) -> Detector:
    def detect(signal_mv: Signal, fs_hz: int) -> Samples:
        import neurokit2

        cleaned = neurokit2.ecg_clean(signal_mv, sampling_rate=fs_hz, method=method)
        _, found = neurokit2.ecg_peaks(cleaned, sampling_rate=fs_hz, method=method)
        return np.asarray(found["ECG_R_Peaks"], np.int64)

    return detect


PEERS: dict[str, tuple[tuple[str, ...], Detector]] = {
    "wfdb gqrs": (("wfdb",), _gqrs),
    "wfdb xqrs": (("wfdb",), _xqrs),
    "SleepECG": (("sleepecg",), _sleepecg),
    "NeuroKit": (("neurokit2",), _neurokit("neurokit")),
    "NeuroKit emrich2023": (("neurokit2", "ts2vg"), _neurokit("emrich2023")),
}
"""Name -> the packages that it needs, and the detector."""


def missing(peer: str) -> str | None:
    """Why a peer cannot run here, or None."""
    absent = [package for package in PEERS[peer][0] if find_spec(package) is None]
    return f"no {', '.join(absent)}: pip install 'splkit[bench]'" if absent else None


def cached(peer: str, signal_mv: Signal, fs_hz: int) -> Samples:
    """A peer's R peaks, kept under build/ by peer, its version and the signal: peers are slow."""
    packages, detect = PEERS[peer]
    versions = [version(package) for package in packages]
    key = hashlib.sha256(f"{peer} {versions} {fs_hz}".encode() + signal_mv.tobytes()).hexdigest()
    path = CACHE / f"{key[:32]}.npy"
    if path.exists():
        return np.asarray(np.load(path), np.int64)
    found = detect(signal_mv, fs_hz)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, found)
    return found
