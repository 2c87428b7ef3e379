"""Where a board's ECG comes from."""

from typing import Annotated, Literal

from pydantic import model_validator

from splkit.boards.pins import Pin
from splkit.boards.table import Table, between

Sampler = Literal["adc", "max30003"]
MAX30003_RATES_HZ = (125, 128, 200, 250, 256, 500, 512)
"""Of its data sheet, "ECG data rate": by CNFG_GEN.FMSTR and CNFG_ECG.RATE, but for 199.8 Hz."""
FS_HZ = (125, 1000)
FS_HZ_WHY = "below 125 Hz the QRS is lost; the front end's buffers hold 1000 Hz"
UV_PER_COUNT = (0.01, 1000.0)
UV_PER_COUNT_WHY = "at 0.01 uV int16 ends at 0.3 mV, below many R peaks; at 1000 uV an R peak is one count"


class Max30003(Table):
    """Where a MAX30003, amplifier and converter in one, is connected: an SPI of its own, an interrupt."""

    sck_pin: Pin
    mosi_pin: Pin
    miso_pin: Pin
    cs_pin: Pin
    interrupt_pin: Pin


class Ecg(Table):
    """The ECG input: one sample is an int16 count.

    It is either the chip's converter, whose channel at `pin` is `analog_input`, or a MAX30003. An AD8232 in
    front of the converter says at two pins, LO+ and LO-, that an electrode is off.
    """

    fs_hz: Annotated[int, between(*FS_HZ, FS_HZ_WHY)]
    uv_per_count: Annotated[float, between(*UV_PER_COUNT, UV_PER_COUNT_WHY)]
    analog_input: Annotated[int, between(0, 31, "converters have up to 32 channels")] | None = None
    pin: Pin | None = None
    lead_off_plus_pin: Pin | None = None
    lead_off_minus_pin: Pin | None = None
    max30003: Max30003 | None = None

    @property
    def sampler(self) -> Sampler:
        """What takes the samples."""
        return "max30003" if self.max30003 else "adc"

    @model_validator(mode="after")
    def _has_one_sampler(self) -> "Ecg":
        if self.max30003 and (self.pin or self.analog_input is not None):
            raise ValueError("an ECG comes from a max30003, or from analog_input and pin, these are both")
        if self.max30003 and (self.lead_off_plus_pin or self.lead_off_minus_pin):
            raise ValueError("lead_off_plus_pin and lead_off_minus_pin are an AD8232's, this is a max30003")
        if self.max30003 and self.fs_hz not in MAX30003_RATES_HZ:
            raise ValueError(
                f"a max30003 samples at {', '.join(map(str, MAX30003_RATES_HZ))} Hz, fs_hz is {self.fs_hz}"
            )
        return self
