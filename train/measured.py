"""Patients whose ECGs were recorded and whose potassium was measured."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import means_of, run_front_end, to_counts
from splkit.ecg.recordings.channels import lead_name
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import Recording, resample
from splkit.train.config import TrainConfig
from splkit.train.cycle_set import CycleSet, RecordMeans
from splkit.train.pairs import PairedPatient

_HELD_S = 2.0
"""The front end reports a beat within it."""


def measured_cycles(patient: PairedPatient, config: TrainConfig) -> CycleSet:
    """All cycles of one patient's ECGs.

    Raises:
        RecordingError: a record cannot be read, or has no such lead.
    """
    assert config.pairs is not None
    records, leads = [], []
    for pair in patient.pairs:
        recording = read_recording(pair.record, pair.channel or config.pairs.channel)
        means = board_means(recording, config)
        taken = {beats: found[: config.cycles_per_record] for beats, found in means.items()}
        leads.append(lead_name(recording.channel) or "")
        records.append(RecordMeans(pair.number, pair.potassium_meq_l, taken))
    return CycleSet.of_patient(patient.number, records, leads)


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
