"""Reference beats of MIT-BIH records, and how well found ones match them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import wfdb
from numpy.typing import NDArray

BEAT_SYMBOLS = frozenset("NLRBAaJSVrFejnE/fQ?")
TOLERANCES_MS = (150, 75, 25)


@dataclass(frozen=True)
class Matches:
    """One record at one tolerance; `error_ms` of each matched beat, found minus reference."""

    missed: int
    extra: int
    error_ms: NDArray[np.float64]


@dataclass(frozen=True)
class Reference:
    """Beats (samples) and stretches of flutter (first, last sample)."""

    beats: NDArray[np.int64]
    flutter: list[tuple[int, int]]

    def scored(self, samples: NDArray[np.int64], first_sample: int = 0) -> NDArray[np.int64]:
        """`samples` from `first_sample` on, outside flutter."""
        inside = samples >= first_sample
        for first, last in self.flutter:
            inside &= (samples < first) | (samples > last)
        return samples[inside]


def read_reference(record: Path) -> Reference:
    """The .atr annotations of a record."""
    annotation = wfdb.rdann(str(record), "atr")
    beats, flutter, first = [], [], None
    for at, symbol in zip(annotation.sample, annotation.symbol, strict=True):
        if symbol in BEAT_SYMBOLS:
            beats.append(at)
        elif symbol == "[":
            first = int(at)
        elif symbol == "]" and first is not None:
            flutter.append((first, int(at)))
            first = None
    return Reference(np.array(beats, np.int64), flutter)


def match(found: NDArray[np.int64], beats: NDArray[np.int64], fs_hz: float, tolerance_ms: float) -> Matches:
    """Pairs beats in order, each at most once; of two that both fit, the nearer one."""
    tolerance = tolerance_ms * fs_hz / 1000
    errors: list[int] = []
    missed = extra = i = j = 0
    while i < len(found) and j < len(beats):
        error = int(found[i] - beats[j])
        nearer_found = i + 1 < len(found) and abs(int(found[i + 1] - beats[j])) < abs(error)
        nearer_beat = j + 1 < len(beats) and abs(int(found[i] - beats[j + 1])) < abs(error)
        if error < -tolerance or (abs(error) <= tolerance and nearer_found):
            extra, i = extra + 1, i + 1
        elif error > tolerance or nearer_beat:
            missed, j = missed + 1, j + 1
        else:
            errors.append(error)
            i, j = i + 1, j + 1
    return Matches(missed + len(beats) - j, extra + len(found) - i, np.array(errors) * 1000 / fs_hz)


def score(
    found: NDArray[np.int64], reference: Reference, fs_hz: float, first_sample: int = 0
) -> dict[int, Matches]:
    """Matches of one record by tolerance in ms, from `first_sample` on."""
    found = reference.scored(np.sort(found), first_sample)
    beats = reference.scored(reference.beats, first_sample)
    return {tolerance: match(found, beats, fs_hz, tolerance) for tolerance in TOLERANCES_MS}


def figures(matches: list[dict[int, Matches]]) -> dict[str, float]:
    """Gross sensitivity, precision and F1 (percent) by tolerance, and the RMS error (ms).

    The RMS error is taken after removing each record's median offset.
    """
    result: dict[str, float] = {}
    for tolerance in TOLERANCES_MS:
        hits = sum(len(one[tolerance].error_ms) for one in matches)
        missed = sum(one[tolerance].missed for one in matches)
        extra = sum(one[tolerance].extra for one in matches)
        result[f"missed_{tolerance}"], result[f"extra_{tolerance}"] = missed, extra
        result[f"sensitivity_{tolerance}"] = 100 * hits / max(hits + missed, 1)
        result[f"precision_{tolerance}"] = 100 * hits / max(hits + extra, 1)
        result[f"f1_{tolerance}"] = 200 * hits / max(2 * hits + missed + extra, 1)
    errors = [one[TOLERANCES_MS[0]].error_ms for one in matches]
    centred = np.concatenate([np.zeros(0), *(error - np.median(error) for error in errors if len(error))])
    result["rms_ms"] = float(np.sqrt(np.mean(centred**2))) if len(centred) else float("nan")
    return result
