"""Patients whose ECGs were recorded and whose potassium was measured."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import CYCLE_SIZE, run_front_end, to_counts
from splkit.ecg.recordings.channels import lead_name
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import Recording, resample
from splkit.train.config import TrainConfig
from splkit.train.cycle_set import CycleSet
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
        taken = means_of(recording, config)[: config.cycles_per_record]
        leads.append(lead_name(recording.channel) or "")
        records.append((pair.number, pair.potassium_meq_l, taken))
    return CycleSet.of_patient(patient.number, records, leads)


def means_of(recording: Recording, config: TrainConfig) -> NDArray[np.int16]:
    """Means of accepted cycles, int16[k, 270], Q12, as the board would cut them at `config.fs_hz`.

    Between its gaps the recording is cut stretch by stretch, and no cycle reaches beyond one.
    """
    front_end = config.front_end
    means = [np.empty((0, CYCLE_SIZE), np.int16)]
    for stretch in recording.stretches(least_s=_HELD_S):
        resampled = resample(stretch, float(config.fs_hz))
        centred = replace(resampled, signal_mv=resampled.signal_mv - np.median(resampled.signal_mv))
        trace = run_front_end(to_counts(centred.held(_HELD_S), front_end), front_end)
        is_whole = trace.r_sample[trace.averaged_beat] + front_end.quiet < centred.signal_mv.size
        means.append(trace.averaged[is_whole])
    return np.concatenate(means)
