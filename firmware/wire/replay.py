"""Gives a device a recording over the wire, in the place of its converter's samples; takes what it says."""

import numpy as np
from numpy.typing import NDArray

from splkit.errors import ToolError
from splkit.firmware.wire.device import Device
from splkit.firmware.wire.framing import frame
from splkit.progress import Advance, ignore_progress

SAMPLES_A_COMMAND = 16
OF_A_STREAM = ("B ", "K ", "P ", "V ", "A ", "E unlike ", "E implausible ", "E inference ")
"""Lines about a stream; others (samples that its converter loses, a low battery) are about the device."""


def replay(device: Device, counts: NDArray[np.int16], advance: Advance = ignore_progress) -> list[str]:
    """Replay a recording; the device's own stream starts anew after it.

    Args:
        device: the device.
        counts: int16[n] at the firmware's sampling rate, in its counts.
        advance: called with the number of samples done.

    Returns:
        The lines that the device wrote of it, with their checksums.

    Raises:
        ToolError: the device does not answer, refuses, or a line of it was garbled.
    """
    _ask(device, "replay end", may_be_refused=True)  # of a replay that was broken off
    garbled = device.bad_lines
    _ask(device, "replay start")
    said: list[str] = []
    try:
        for at in range(0, len(counts), SAMPLES_A_COMMAND):
            samples = counts[at : at + SAMPLES_A_COMMAND]
            digits = "".join(f"{int(sample) & 0xFFFF:04X}" for sample in samples)
            said += _ask(device, f"replay {digits}")
            advance(len(samples))
    finally:
        if not device.is_over:
            _ask(device, "replay end", may_be_refused=True)
    if device.bad_lines != garbled:
        raise ToolError(
            "every line of a device arrives as it was sent",
            found=f"{device.bad_lines - garbled} garbled lines",
            next_step="check the cable and the baud rate, and try again",
        )
    return [frame(text) for text in said]


def _ask(device: Device, command: str, *, may_be_refused: bool = False) -> list[str]:
    """What is said of the stream until the answer."""
    *said, answer = device.answer(command)
    if not may_be_refused and not answer.startswith("R replay ok"):
        raise ToolError(
            "a device of splkit's replays what it is sent",
            found=f"{answer!r}",
            next_step="locked: give its key, or hold its button for 3 s; docs/protocol.md says the rest",
        )
    return [text for text in said if text.startswith(OF_A_STREAM)]
