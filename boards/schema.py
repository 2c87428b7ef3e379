"""What a board.toml may say: the schema, and the rules that go beyond types."""

from itertools import combinations
from typing import Annotated, Literal

from pydantic import Field, model_validator

from splkit.boards.chips import facts_of
from splkit.boards.ecg import Ecg
from splkit.boards.flashing import Flashing, Mcuboot
from splkit.boards.pins import Pin
from splkit.boards.table import Chip, Line, Region, Table, between

PAGE_BYTES = 4096  # of the flash of every chip whose family keeps settings
STACK_ALIGN_BYTES = 8  # AAPCS: the stack pointer is a multiple of 8 at every public call


class Core(Table):
    """The CPU, in GCC's words."""

    cpu: Literal["cortex-m0plus", "cortex-m4", "cortex-m33"]
    fpu: Literal["fpv4-sp-d16", "fpv5-sp-d16"] | None = None
    float_abi: Literal["soft", "softfp", "hard"] = "soft"

    @property
    def flags(self) -> tuple[str, ...]:
        """Compiler and linker flags that choose this CPU."""
        fpu = (f"-mfpu={self.fpu}",) if self.fpu else ()
        return (f"-mcpu={self.cpu}", "-mthumb", f"-mfloat-abi={self.float_abi}", *fpu)

    @model_validator(mode="after")
    def _float_abi_has_an_fpu(self) -> "Core":
        if self.float_abi != "soft" and self.fpu is None:
            raise ValueError(f'float_abi = "{self.float_abi}" needs an fpu')
        return self


class Memory(Table):
    """The memory map that the linker script is made from, and the stack's share of the RAM.

    `settings` are two pages of the flash that no image reaches into: what is calibrated outlives an update.
    """

    stack_bytes: Annotated[
        int,
        between(
            256,
            1 << 20,
            "an inference takes 240 bytes; no board here has more RAM than 1 MiB",
            multiple_of=STACK_ALIGN_BYTES,
        ),
    ]
    flash: Region
    ram: Region
    settings: Region | None = None

    @model_validator(mode="after")
    def _regions_are_apart(self) -> "Memory":
        regions = {"flash": self.flash, "ram": self.ram, "settings": self.settings}
        for (name, one), (other_name, other) in combinations(regions.items(), 2):
            if one is not None and other is not None and one.overlaps(other):
                raise ValueError(
                    f"{name} and {other_name} overlap: {one.origin:#x}..{one.end:#x} "
                    f"and {other.origin:#x}..{other.end:#x}"
                )
        if self.stack_bytes >= self.ram.length:
            raise ValueError(
                f"a stack of {self.stack_bytes} bytes leaves nothing of {self.ram.length} bytes of ram"
            )
        return self

    @model_validator(mode="after")
    def _settings_are_two_pages(self) -> "Memory":
        settings = self.settings
        if settings and (settings.length != 2 * PAGE_BYTES or settings.origin % PAGE_BYTES):
            raise ValueError(
                f"settings are two pages of {PAGE_BYTES} bytes, these are {settings.length} bytes "
                f"at {settings.origin:#x}"
            )
        return self


class Uart(Table):
    """Where the lines of text come out, and commands go in."""

    baud: Literal[9600, 38400, 57600, 115200, 230400, 460800, 921600, 1000000]
    tx_pin: Pin | None = None
    rx_pin: Pin | None = None


class Outputs(Table):
    """Pins that say which alarm is on: an LED blinks by it, a line is high while it sounds."""

    led_pin: Pin | None = None
    led_active_low: bool = False
    alert_pin: Pin | None = None


class Inputs(Table):
    """Pins that are read: a button to the ground, which acknowledges alarms."""

    acknowledge_pin: Pin | None = None


class Supply(Table):
    """What feeds a Nordic chip.

    `dcdc`: the inductor of its DC/DC converter (of REG1, of the main regulator) is fitted, and is used.
    `battery`: where the battery is: at the chip's supply, `vdd`, or in front of its high-voltage regulator,
    `vddh`; `unknown` where another regulator lies between, so that nobody can say how full it is.
    `battery_low_mv`: under which it is nearly empty. 2.4 V is 0.3 V before settings are stored no more.
    """

    dcdc: bool = False
    battery: Literal["vdd", "vddh", "unknown"] = "vdd"
    battery_low_mv: Annotated[
        int, between(1900, 5400, "Nordic's chips run from 1.7 to 5.5 V; 0.1 V ends the alarm")
    ] = 2400


class Power(Table):
    """What the chip takes under this firmware, for estimates; `source` says whose figures they are.

    `sample_uc` and `advertisement_uc` are what a sample and an advertisement, one a second, add to sleep, in
    microcoulombs: converter, radio, clocks, and the core's wake.
    """

    volts: Annotated[float, between(0.8, 5.5, "one cell, nearly empty, to 5 V with its tolerance")]
    run_ma: Annotated[float, between(0.01, 1000, "a microcontroller runs on 10 uA to 1 A")]
    sleep_ma: Annotated[float, between(0, 1000, "asleep it takes less than running")]
    sample_uc: Annotated[float, between(0, 1000, "1000 uC a sample are 125 mA at the slowest rate")] = 0.0
    advertisement_uc: Annotated[float, between(0, 10_000, "10 mC once a second are 10 mA")] = 0.0
    source: Line
    leaves_out: Line

    def idle_ma(self, fs_hz: int) -> float:
        """The mean current while nothing is computed."""
        return self.sleep_ma + (fs_hz * self.sample_uc + self.advertisement_uc) / 1000

    @model_validator(mode="after")
    def _sleep_saves(self) -> "Power":
        if self.sleep_ma >= self.run_ma:
            raise ValueError(f"sleep_ma is under run_ma, {self.sleep_ma:g} is not under {self.run_ma:g}")
        return self


Simulator = Literal["core", "qemu", "renode"]
Family = Literal["nrf52", "nrf53", "stm32l4", "stm32f4", "rp2040", "mps2"]
WITHOUT_PINS: frozenset[Family] = frozenset({"mps2"})
NORDIC: frozenset[Family] = frozenset({"nrf52", "nrf53"})


class Board(Table):
    """One board.toml."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)]
    title: Line
    chip: Chip
    family: Family
    clock_hz: Annotated[
        int, between(1_000_000, 600_000_000, "1 MHz: 400,000 instructions an inference; 600 MHz: a Cortex-M7")
    ]
    simulators: tuple[Simulator, ...]
    core: Core
    memory: Memory
    uart: Uart
    ecg: Ecg
    outputs: Outputs = Outputs()
    inputs: Inputs = Inputs()
    supply: Supply = Supply()
    power: Power | None = None
    flashing: Flashing | None = None
    mcuboot: Mcuboot | None = None

    @property
    def pins(self) -> dict[str, str]:
        """The pins in use: what for, and their names."""
        tables = {
            "uart": self.uart,
            "ecg": self.ecg,
            "ecg.max30003": self.ecg.max30003,
            "outputs": self.outputs,
            "inputs": self.inputs,
        }
        return {
            f"{table}.{key}": value
            for table, entries in tables.items()
            if entries is not None
            for key, value in entries
            if key.endswith("pin") and value is not None
        }

    @property
    def abilities(self) -> tuple[str, ...]:
        """What this board does beside beats and estimates on its UART, in a word or two each."""
        has = {
            "commands": self.uart.rx_pin is not None or self.family == "mps2",
            "settings": self.memory.settings is not None or self.family == "mps2",
            "LED": self.outputs.led_pin is not None,
            "alarm line": self.outputs.alert_pin is not None,
            "button": self.inputs.acknowledge_pin is not None,
            "electrodes": self.ecg.lead_off_plus_pin is not None or self.ecg.lead_off_minus_pin is not None,
            "BLE": self.family == "nrf52",
            "supply": self.family in NORDIC
            and self.ecg.sampler == "adc"
            and self.supply.battery != "unknown",
            "updates": self.mcuboot is not None,
        }
        return tuple(word for word, is_there in has.items() if is_there)

    @model_validator(mode="after")
    def _family_has_its_pins(self) -> "Board":
        if self.family in WITHOUT_PINS:
            return self
        if self.uart.tx_pin is None or (self.ecg.analog_input is None) is not (self.ecg.pin is None):
            raise ValueError(
                f"a board of family {self.family} names uart.tx_pin, ecg.pin and ecg.analog_input"
            )
        if self.ecg.pin is None and self.ecg.max30003 is None:
            raise ValueError(f"a board of family {self.family} names ecg.pin and ecg.analog_input")
        return self

    @model_validator(mode="after")
    def _family_has_drivers(self) -> "Board":
        keys = {
            "uart.rx_pin": self.uart.rx_pin,
            "memory.settings": self.memory.settings,
            "ecg.max30003": self.ecg.max30003,
            "outputs": self.outputs if self.outputs != Outputs() else None,
            "inputs": self.inputs if self.inputs != Inputs() else None,
            "ecg.lead_off_plus_pin": self.ecg.lead_off_plus_pin,
            "ecg.lead_off_minus_pin": self.ecg.lead_off_minus_pin,
            "supply": self.supply if self.supply != Supply() else None,
        }
        needed = ("uart.rx_pin", "memory.settings")
        missing = [key for key in needed if keys[key] is None]
        if self.family in NORDIC and missing:
            raise ValueError(f"a board of family {self.family} names {' and '.join(needed)}")
        idle = [key for key, value in keys.items() if value is not None]
        if self.family not in NORDIC and idle:
            raise ValueError(f"family {self.family} has no driver for {idle[0]}")
        return self

    @model_validator(mode="after")
    def _slot_lies_in_flash(self) -> "Board":
        flash = self.memory.flash
        if self.mcuboot and not (
            flash.origin <= self.mcuboot.slot.origin and self.mcuboot.slot.end <= flash.end
        ):
            slot = self.mcuboot.slot
            raise ValueError(
                f"mcuboot.slot lies in flash, {slot.origin:#x}..{slot.end:#x} is not in "
                f"{flash.origin:#x}..{flash.end:#x}"
            )
        return self

    @model_validator(mode="after")
    def _pins_are_used_once(self) -> "Board":
        users: dict[str, str] = {}
        for use, pin in self.pins.items():
            if pin in users:
                raise ValueError(f"a pin has one use, {pin} has two: {users[pin]} and {use}")
            users[pin] = use
        return self

    @model_validator(mode="after")
    def _chip_has_what_is_asked_for(self) -> "Board":
        facts = facts_of(self.chip)
        if facts is None:
            return self
        if self.ecg.analog_input is not None:
            there = facts.analog_inputs.get(self.ecg.analog_input)
            if there is None:
                inputs = f"{min(facts.analog_inputs)} to {max(facts.analog_inputs)}"
                raise ValueError(f"{self.chip} has inputs {inputs}, analog_input is {self.ecg.analog_input}")
            if there != self.ecg.pin:
                raise ValueError(
                    f"analog_input {self.ecg.analog_input} of {self.chip} is at {there}, "
                    f"ecg.pin is {self.ecg.pin}"
                )
        for use, pin in self.pins.items():
            if pin in facts.taken_pins:
                raise ValueError(f"{pin} of {self.chip} is for {facts.taken_pins[pin]}, {use} is {pin}")
        if self.supply.battery == "vddh" and not facts.has_vddh:
            raise ValueError(f'{self.chip} has no VDDH, supply.battery is "vddh"')
        return self
