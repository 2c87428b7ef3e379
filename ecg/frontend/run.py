"""The whole front end on a whole recording."""

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend.beats import Detector
from splkit.ecg.frontend.config import FrontEndConfig
from splkit.ecg.frontend.cycles import Extractor
from splkit.ecg.frontend.faults import SignalFaults
from splkit.ecg.frontend.trace import FrontEndTrace
from splkit.ecg.frontend.waves import find_waves
from splkit.progress import Advance, ignore_progress


def run_front_end(
    counts: NDArray[np.int16], config: FrontEndConfig, advance: Advance = ignore_progress
) -> FrontEndTrace:
    """All that the streaming C reports while `counts` (int16[n]) are pushed into it, sample for sample.

    A beat is reported about 1.5 s after its R peak: those of a recording's last 1.5 s are not.
    `advance` counts beats.
    """
    faults = SignalFaults(counts, config.flat)
    beats = Detector(config, find_waves(counts, faults, config)).run()
    return Extractor(counts, faults, beats, config).run(advance)
