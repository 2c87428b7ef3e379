"""Pins, by the names that data sheets and silk screens give them."""

import re
from typing import Annotated

from pydantic import Field

PIN = r"^(P[01]\.([0-2][0-9]|3[01])|P[A-I]([0-9]|1[0-5])|GP([0-9]|[12][0-9]))$"
"""Nordic (P0.06), ST (PA2) and Raspberry Pi (GP0)."""

Pin = Annotated[str, Field(pattern=PIN)]
NORDIC_PORT_PINS = 32
ST_PORT_PINS = 16


def pin_number(pin: str) -> int:
    """What the drivers call a pin: its port times the pins of a port, plus its place there.

    Args:
        pin: a name that `PIN` matches.
    """
    if pin.startswith("GP"):
        return int(pin[2:])
    if nordic := re.fullmatch(r"P(\d)\.(\d\d)", pin):
        return int(nordic[1]) * NORDIC_PORT_PINS + int(nordic[2])
    return (ord(pin[1]) - ord("A")) * ST_PORT_PINS + int(pin[2:])
