"""Where a board's ECG comes from."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from splkit.boards.pins import Pin
from splkit.boards.table import Table

FrontEnd = Literal["adc", "max30003"]
MAX30003_RATES_HZ = (125, 128, 200, 250, 256, 500, 512)
"""Of its data sheet, "ECG data rate": by CNFG_GEN.FMSTR and CNFG_ECG.RATE, but for 199.8 Hz."""


class Max30003(Table):
    """Where the ECG front end MAX30003 is connected: an SPI of its own, and its interrupt output."""

    sck_pin: Pin
    mosi_pin: Pin
    miso_pin: Pin
    cs_pin: Pin
    interrupt_pin: Pin


class Ecg(Table):
    """The ECG input: one sample is an int16 count.

    It is either the chip's converter, whose channel at `pin` is `analog_input`, or a MAX30003.
    """

    fs_hz: Annotated[int, Field(ge=125, le=1000)]
    uv_per_count: Annotated[float, Field(gt=0, le=1000)]
    analog_input: Annotated[int, Field(ge=0, le=31)] | None = None
    pin: Pin | None = None
    max30003: Max30003 | None = None

    @property
    def front_end(self) -> FrontEnd:
        """What takes the samples."""
        return "max30003" if self.max30003 else "adc"

    @model_validator(mode="after")
    def _has_one_front_end(self) -> "Ecg":
        if self.max30003 and (self.pin or self.analog_input is not None):
            raise ValueError("an ECG comes from a max30003, or from analog_input and pin, these are both")
        if self.max30003 and self.fs_hz not in MAX30003_RATES_HZ:
            raise ValueError(
                f"a max30003 samples at {', '.join(map(str, MAX30003_RATES_HZ))} Hz, fs_hz is {self.fs_hz}"
            )
        return self
