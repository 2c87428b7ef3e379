"""What `verify` compares: random inputs and real cycles apart, each recording by itself."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from splkit.ecg.recordings.readers import read_recording
from splkit.firmware.parity.verify import CountStream, steps, verify
from splkit.firmware.simulators.playback import counts_for


def test_every_recording_gives_its_share_of_cycles(exported_model: Callable[[str], Path]) -> None:
    folder = exported_model("nrf52")
    counts = counts_for(folder, read_recording("toy", None, None), 30.0)
    recordings = [
        CountStream("whole", counts),
        CountStream("start", counts[:3000]),
        CountStream("flat", counts[:0]),
    ]
    done: list[int] = []
    checks = {
        check.name: check for check in verify(folder, recordings, inputs=3, cycles=12, advance=done.append)
    }
    assert not any(check.mismatches for check in checks.values()), checks
    assert checks["inference, random inputs, firmware on core"].compared == 3
    # Four of each recording, of which the last has none.
    assert checks["inference, real cycles, host build"].compared == 8
    assert checks["front end, whole, host build"].compared > checks["front end, start, host build"].compared
    assert checks["application, flat, firmware on core"].compared < 10
    assert sum(done) == steps(3, 3, 8, 0)


def test_no_inference_is_asked_for(exported_model: Callable[[str], Path]) -> None:
    folder = exported_model("nrf52")
    checks = verify(folder, [CountStream("none", np.zeros(300, np.int16))], inputs=0, cycles=4)
    assert not any(check.name.startswith("inference") for check in checks)
