"""Recordings in, R peaks and one-cycle ECGs out, and the simulator of ECGs as a function of potassium."""

from typing import TYPE_CHECKING

from splkit.names import lazily

if TYPE_CHECKING:
    from splkit.ecg.frontend.config import FrontEndConfig as FrontEndConfig
    from splkit.ecg.frontend.counts import to_counts as to_counts
    from splkit.ecg.frontend.run import run_front_end as run_front_end
    from splkit.ecg.frontend.trace import FrontEndTrace as FrontEndTrace
    from splkit.ecg.frontend.trace import Verdict as Verdict
    from splkit.ecg.paper.contracts import Digitized as Digitized
    from splkit.ecg.paper.contracts import Hints as Hints
    from splkit.ecg.paper.pages.image import load_pages as load_pages
    from splkit.ecg.recordings.readers import read_recording as read_recording
    from splkit.ecg.recordings.recording import Recording as Recording
    from splkit.ecg.recordings.recording import resample as resample
    from splkit.ecg.rpeaks.find import RPeaks as RPeaks
    from splkit.ecg.rpeaks.find import find_r_peaks as find_r_peaks
    from splkit.ecg.simulator.record import SimulatedRecord as SimulatedRecord
    from splkit.ecg.simulator.record import simulate_record as simulate_record
    from splkit.ecg.simulator.sample import sample_record as sample_record

_MODULES = {
    "FrontEndConfig": "frontend.config",
    "to_counts": "frontend.counts",
    "run_front_end": "frontend.run",
    "FrontEndTrace": "frontend.trace",
    "Verdict": "frontend.trace",
    "Digitized": "paper.contracts",
    "Hints": "paper.contracts",
    "load_pages": "paper.pages.image",
    "read_recording": "recordings.readers",
    "Recording": "recordings.recording",
    "resample": "recordings.recording",
    "RPeaks": "rpeaks.find",
    "find_r_peaks": "rpeaks.find",
    "SimulatedRecord": "simulator.record",
    "simulate_record": "simulator.record",
    "sample_record": "simulator.sample",
}
__all__ = list(_MODULES)
__getattr__ = lazily(__name__, _MODULES)
