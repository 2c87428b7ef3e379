"""The fixed-point front end: R peaks and one-cycle ECGs, bit for bit what the generated C computes."""

from splkit.ecg.frontend.average import means_of
from splkit.ecg.frontend.config import CYCLE_FS_HZ, CYCLE_SIZE, R_INDEX, AveragedCycles, FrontEndConfig
from splkit.ecg.frontend.counts import to_counts
from splkit.ecg.frontend.quantize import InputQuantization, quantize_cycles
from splkit.ecg.frontend.run import run_front_end
from splkit.ecg.frontend.trace import FrontEndTrace, Verdict

__all__ = [
    "CYCLE_FS_HZ",
    "CYCLE_SIZE",
    "R_INDEX",
    "AveragedCycles",
    "FrontEndConfig",
    "FrontEndTrace",
    "InputQuantization",
    "Verdict",
    "means_of",
    "quantize_cycles",
    "run_front_end",
    "to_counts",
]
