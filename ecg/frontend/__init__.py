"""The fixed-point front end: R peaks and one-cycle ECGs, bit for bit what the generated C computes."""

from splkit.ecg.frontend.average import means_of
from splkit.ecg.frontend.config import AveragedCycles, FrontEndConfig
from splkit.ecg.frontend.counts import to_counts
from splkit.ecg.frontend.quantize import InputQuantization, quantize_cycles
from splkit.ecg.frontend.run import run_front_end
from splkit.ecg.frontend.trace import FrontEndTrace, Verdict
from splkit.ecg.frontend.window import (
    CYCLE,
    CYCLE_FS_HZ,
    CYCLE_SIZE,
    R_INDEX,
    TWO_SECONDS,
    WINDOWS,
    InputName,
    Window,
    cycles_in,
    input_name,
    inputs_in,
)

__all__ = [
    "CYCLE",
    "CYCLE_FS_HZ",
    "CYCLE_SIZE",
    "R_INDEX",
    "TWO_SECONDS",
    "WINDOWS",
    "AveragedCycles",
    "FrontEndConfig",
    "FrontEndTrace",
    "InputName",
    "InputQuantization",
    "Verdict",
    "Window",
    "cycles_in",
    "input_name",
    "inputs_in",
    "means_of",
    "quantize_cycles",
    "run_front_end",
    "to_counts",
]
