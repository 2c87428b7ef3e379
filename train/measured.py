"""Patients whose ECGs were recorded and whose potassium was measured."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import means_of, run_front_end, to_counts
from splkit.ecg.recordings.channels import lead_name
from splkit.ecg.recordings.contents import Contents, take
from splkit.ecg.recordings.readers import contents_of
from splkit.ecg.recordings.record_files import FileState, states_of
from splkit.ecg.recordings.recording import Recording, resample
from splkit.errors import RecordingError, SplkitError, reason
from splkit.train.config import TrainConfig
from splkit.train.cuts import RecordCut
from splkit.train.pairs import Pair, PairedPatient

_HELD_S = 2.0
"""The front end reports a beat within it."""


def measured_cuts(
    patient: PairedPatient, configs: Sequence[TrainConfig]
) -> list[list[RecordCut | SplkitError]]:
    """For each configuration what the front end makes of each of a patient's ECGs, or why it makes nothing.

    The configurations differ in their channel alone; each ECG is opened once for all of them.
    """
    by_pair = [_cuts_of(pair, configs) for pair in patient.pairs]
    return [list(cuts) for cuts in zip(*by_pair, strict=True)]


def channel_of(pair: Pair, config: TrainConfig) -> str | None:
    """The lead to take of an ECG: the row's own, or that of the run."""
    assert config.pairs is not None
    return pair.channel or config.pairs.channel


def _cuts_of(pair: Pair, configs: Sequence[TrainConfig]) -> list[RecordCut | SplkitError]:
    try:
        files = states_of(pair.record)
        with contents_of(pair.record) as contents:
            taken = [_taken(contents, channel_of(pair, config)) for config in configs]
    except OSError as error:
        refused = RecordingError(
            "the files of an ECG can be looked at",
            found=f"{pair.record}: {reason(error)}",
            next_step="check the path and its permissions",
        )
        return [refused] * len(configs)
    except SplkitError as error:
        return [error] * len(configs)
    return [
        one if isinstance(one, SplkitError) else _cut(one, config, files)
        for one, config in zip(taken, configs, strict=True)
    ]


def _taken(contents: Contents, channel: str | None) -> Recording | SplkitError:
    try:
        return take(contents, channel)
    except SplkitError as error:
        return error


def _cut(recording: Recording, config: TrainConfig, files: tuple[FileState, ...]) -> RecordCut:
    means = board_means(recording, config)
    taken = {beats: found[: config.cycles_per_record] for beats, found in means.items()}
    return RecordCut(lead_name(recording.channel) or "", taken, files=files)


def board_means(recording: Recording, config: TrainConfig) -> dict[int, NDArray[np.int16]]:
    """By each number of `config.beats`, means of so many accepted cycles, int16[k, 270], Q12.

    They are cut as the board would at `config.fs_hz`. Between its gaps the recording is cut stretch by
    stretch, and no cycle reaches beyond one.
    """
    front_end = config.front_end
    found = {beats: [np.empty((0, front_end.window.row_size), np.int16)] for beats in config.beats}
    reach = max(front_end.quiet, front_end.after)
    for stretch in recording.stretches(least_s=_HELD_S):
        resampled = resample(stretch, float(config.fs_hz))
        centred = replace(resampled, signal_mv=resampled.signal_mv - np.median(resampled.signal_mv))
        trace = run_front_end(to_counts(centred.held(_HELD_S), front_end), front_end)
        for beats, parts in found.items():
            means = means_of(trace, beats)
            is_whole = trace.r_sample[means.completed_at] + reach < centred.signal_mv.size
            parts.append(means.cycles[is_whole])
    return {beats: np.concatenate(parts) for beats, parts in found.items()}
