"""A device at the other end of a port, as one more engine that a recording is streamed through."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.errors import ToolError, UsageError
from splkit.firmware.parity.alert import DEFAULTS
from splkit.firmware.parity.verify import Engine
from splkit.firmware.wire.device import Device
from splkit.firmware.wire.replay import replay

HIGH, CRITICAL, TASK, TESTS = 4, 5, 9, 10
"""Fields of the answer to `status`, after `ok`: docs/protocol.md."""


def device_engine(device: Device, name: str) -> Engine:
    """The device, whose model and settings are looked at first.

    Raises:
        UsageError: it is calibrated, or has other levels, which the twin does not know.
        ToolError: it does not answer, or its self-test fails.
    """
    test = device.ask("selftest")
    if not test.ok:
        raise ToolError(
            "a device passes its self-test: the CRC-32 of the model, and a golden inference",
            found=" ".join(test.fields),
            next_step="flash it again",
        )
    _check_settings(device)

    def simulate(_: Path, counts: NDArray[np.int16]) -> list[str]:
        return ["", *replay(device, counts)]

    return Engine(f"the device on {name}", simulate, is_patient=False)


def _check_settings(device: Device) -> None:
    fields = device.ask("status").fields
    levels = (str(DEFAULTS.high_ueq_l), str(DEFAULTS.critical_ueq_l))
    if fields[TASK] == "potassium" and (fields[TESTS] != "0" or (fields[HIGH], fields[CRITICAL]) != levels):
        raise UsageError(
            "a device is compared as it comes, without blood tests and with its first levels",
            found=f"{fields[TESTS]} blood tests, levels {fields[HIGH]} and {fields[CRITICAL]}",
            next_step=f"note them, and send 'calibrate off' and 'alert {' '.join(levels)}' first",
        )
