"""The nRF52's and nRF53's SAADC (nRF52840 Product Specification v1.7, 6.23)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from support.nrf_chip import NrfChip


class Converter:
    """Converts `NrfChip.volts_at`, or the supply, as its registers say."""

    def __init__(self, chip: "NrfChip") -> None:
        self.chip, self.machine = chip, chip.machine
        self.converting = False
        chip.machine.on_reset.append(lambda: setattr(self, "converting", False))
        self._saadc()

    def _saadc(self) -> None:
        self.chip.task("SAADC_TASKS_START", self._start_saadc)
        self.chip.task("SAADC_TASKS_SAMPLE", self._sample)
        self.chip.interrupt(14 if self.chip.is_nrf53 else 7, "SAADC", ("END", 0, 1))

    def _start_saadc(self) -> None:
        refuse = self.machine.refuse
        if self.chip.value("SAADC_ENABLE") != 1:
            refuse("the SAADC is started while it is off")
        if [channel for channel in range(8) if self.chip.value("SAADC_CH_PSELP", channel)] != [0]:
            refuse("several channels, or none: one that goes back from many may stop (anomaly 212)")
        if self.tacq_us() <= 5 and self.chip.by_routing:
            refuse("STARTED does not come where TACQ is 5 us or less (anomaly 150)")
        if not self.machine.ram_holds(self.chip.value("SAADC_RESULT_PTR"), 2) or not self.chip.value(
            "SAADC_RESULT_MAXCNT"
        ):
            refuse("the SAADC has no place for its result in RAM")
        self.converting = True
        self.machine.after(3_000, lambda: self.chip.raise_event("SAADC_EVENTS_STARTED"))

    def tacq_us(self) -> int:
        """How long the input is looked at."""
        return (3, 5, 10, 15, 20, 40)[self.chip.field("SAADC_CH_CONFIG", "TACQ", 0)]

    def _sample(self) -> None:
        if not self.converting:
            self.machine.refuse("a sample is asked for before START")
        self.machine.after((self.tacq_us() + 2) * 1000, self._converted)

    def _converted(self) -> None:
        """Product Specification 6.23.2: V * gain / reference * 2^bits, single-ended."""
        config = lambda name: self.chip.field("SAADC_CH_CONFIG", name, 0)  # noqa: E731 - a word for six lookups
        if config("MODE") or config("RESP") or config("RESN"):
            self.machine.refuse("an input by itself, without resistors, is what the board has")
        if self.tacq_us() < 10:
            self.machine.refuse("an amplifier's output is looked at for 10 us at least")
        source = self.chip.value("SAADC_CH_PSELP", 0)
        if source == 9:
            volts = self.chip.supply_volts
        elif source == 13:
            if not self.chip.vddh_volts:
                self.machine.refuse("VDDH is measured, which is not the board's supply")
            volts = self.chip.vddh_volts / 5
        else:
            volts = self.chip.volts_at(source - 1, len(self.chip.sampled_at))
            self.chip.sampled_at.append(self.machine.now)
        gain = (1 / 6, 1 / 5, 1 / 4, 1 / 3, 1 / 2, 1, 2, 4)[config("GAIN")]
        reference = self.chip.supply_volts / 4 if config("REFSEL") else 0.6
        bits = (8, 10, 12, 14)[self.chip.value("SAADC_RESOLUTION")]
        code = min(max(round(volts * gain / reference * 2**bits), 0), 2**bits - 1)
        self.machine.uc.mem_write(self.chip.value("SAADC_RESULT_PTR"), code.to_bytes(2, "little"))
        self.converting = False
        self.chip.raise_event("SAADC_EVENTS_END")
