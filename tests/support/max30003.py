"""A MAX30003 by its data sheet (19-100144 Rev 3) and electrodes at its inputs, as far as the driver goes."""

from collections import deque
from collections.abc import Callable

from support.chip_tables import chip_of
from support.machine import SECOND, Machine, complaint

NAMES = {
    register.addresses[0]: name.removeprefix("MAX30003_")
    for name, register in chip_of("max30003").registers.items()
    if name.startswith("MAX30003_")
}
RATES_HZ = ((512, 256, 128), (500, 250, 125), (0, 0, 200))
"""By FMSTR and RATE."""
CURRENTS_NA = (0, 5, 10, 20, 50, 100)
LIMITS_MV = (300, 400, 450, 500)
BIASES_MOHM = (50, 100, 200)
OFF_NS = 115_000_000
"""So long an input is beyond the limit before it is said."""
HIGHEST_MV = 900
"""No input gets further from its common mode, half of a supply of 1.8 V."""
FIFO_WORDS = 32
READ = 1
DCLOFFINT = 1 << 20


class Max30003:
    """Registers, FIFO, interrupt; a word is 24 bits.

    Attributes:
        counts: the upper 16 bits of a sample, by its number.
        mohm: resistance between an input and the body, by the input's name.
        pin_is_low: its interrupt.
        on_pin: called when that may have changed.
    """

    def __init__(self, machine: Machine, hz: int) -> None:
        self.machine, self.hz = machine, hz
        self.counts: Callable[[int], int] = lambda _number: 0
        self.mohm = {"P": 0.05, "N": 0.05}
        self.on_pin: Callable[[], None] = lambda: None
        self.samples = 0
        self.fifo: deque[int] = deque()
        self.run = 0
        self.selected = False
        self.sent: list[int] = []
        self._reset()

    def _reset(self) -> None:
        self.registers = dict.fromkeys(NAMES.values(), 0)
        self.fifo.clear()
        self.overflown = False
        self.beyond_since: int | None = None
        self.held = 0
        self.run += 1

    def field(self, register: str, name: str) -> int:
        """The value of a register's field."""
        bits = chip_of("max30003").registers[f"MAX30003_{register}"].fields[name]
        return self.registers[register] >> bits.offset & (1 << bits.width) - 1

    # The bus.

    def select(self, is_meant: bool) -> None:
        """An exchange begins when the chip select falls."""
        if is_meant and not self.selected:
            self.sent = []
        self.selected = is_meant

    def exchange(self, byte: int) -> int:
        """A byte each way."""
        if not self.selected:
            self.machine.refuse("an exchange while CS is high")
        self.sent.append(byte)
        at = len(self.sent) - 2
        if at < 0:
            return 0
        command, place = self.sent[0], at % 3
        if not command & READ:
            if at == 2:
                self._write(command >> 1, int.from_bytes(bytes(self.sent[1:4]), "big"))
            return 0
        if place == 0:
            self.word = self._read(command >> 1)
        return self.word >> 8 * (2 - place) & 0xFF

    def _read(self, address: int) -> int:
        name = NAMES.get(address)
        if name == "ECG_FIFO_BURST":
            return self._next_word()
        if name != "STATUS":
            self.machine.refuse(f"{address:#04x} is read, which is of no use")
        status, self.held = self._lead_off() | self.held, 0
        return status | self.pin_is_low << 23

    def _write(self, address: int, value: int) -> None:
        name = NAMES.get(address)
        if name in (None, "STATUS", "ECG_FIFO_BURST"):
            self.machine.refuse(f"{address:#04x} is no register that can be written")
            return
        if why := complaint(value, [chip_of("max30003").registers[f"MAX30003_{name}"]]):
            self.machine.refuse(f"{name} = {value:#08x}: {why}")
        self.registers[name] = value
        if name == "SW_RST":
            self._reset()
        elif name == "FIFO_RST":
            self.fifo.clear()
            self.overflown = False
        elif name == "SYNCH":
            self._begin()
        self.on_pin()

    # Samples.

    def _begin(self) -> None:
        self._check()
        self.run += 1
        self.fifo.clear()
        self._schedule(self.run, self.machine.now, 1)

    def _check(self) -> None:
        """What other counts, or none, would come of."""
        refuse, field = self.machine.refuse, self.field
        if not field("CNFG_GEN", "EN_ECG"):
            refuse("the ECG is off")
        if RATES_HZ[field("CNFG_GEN", "FMSTR")][field("CNFG_ECG", "RATE")] != self.hz:
            refuse("another rate than the board's")
        biased = [field("CNFG_GEN", each) for each in ("EN_RBIAS", "RBIASP", "RBIASN")]
        if biased != [1, 1, 1]:
            refuse("an input is not held at its common mode")
        if self.registers["CNFG_EMUX"]:
            refuse("both inputs are connected as they are")
        if field("CNFG_ECG", "GAIN"):
            refuse("the board's counts are those of a gain of 20")
        if field("EN_INT", "INTB_TYPE") != 1:
            refuse("an interrupt that wants a pull-up, or is none")
        if field("EN_INT", "EN_DCLOFFINT"):
            refuse("an electrode that is off would hold the interrupt low")

    def _schedule(self, run: int, began: int, number: int) -> None:
        def sample() -> None:
            if self.run == run:
                self._sample()
                self._schedule(run, began, number + 1)

        self.machine.after(began + number * SECOND // self.hz - self.machine.now, sample)

    def _sample(self) -> None:
        self.held |= self._lead_off()
        if len(self.fifo) == FIFO_WORDS:
            self.overflown = True
        else:
            self.fifo.append((self.counts(self.samples) & 0xFFFF) << 8)
        self.samples += 1
        self.on_pin()

    def _next_word(self) -> int:
        if self.overflown:
            return 7 << 3
        if not self.fifo:
            return 6 << 3
        word = self.fifo.popleft()
        self.on_pin()
        return word | (0 if self.fifo else 2) << 3

    @property
    def pin_is_low(self) -> bool:
        is_due = self.overflown or len(self.fifo) > self.field("MNGR_INT", "EFIT")
        return bool(self.field("EN_INT", "EN_EINT")) and is_due

    # Electrodes.

    def millivolts(self) -> dict[str, float]:
        """How far each input is from its common mode: its current through its bias and its electrode."""
        current = CURRENTS_NA[self.field("CNFG_GEN", "DCLOFF_IMAG")] * self.field("CNFG_GEN", "EN_DCLOFF")
        bias = BIASES_MOHM[self.field("CNFG_GEN", "RBIASV")]
        sign = -1 if self.field("CNFG_GEN", "DCLOFF_IPOL") else 1
        return {
            name: max(-HIGHEST_MV, min(HIGHEST_MV, way * sign * current * bias * mohm / (bias + mohm)))
            for (name, mohm), way in zip(self.mohm.items(), (1, -1), strict=True)
        }

    def _lead_off(self) -> int:
        """DCLOFFINT and the LDOFF bits, once an input has been beyond the limit for long enough."""
        limit, volts = LIMITS_MV[self.field("CNFG_GEN", "DCLOFF_VTH")], self.millivolts()
        bits = sum(
            (volts[name] > limit) << high | (volts[name] < -limit) << high - 1
            for name, high in (("P", 3), ("N", 1))
        )
        if not bits or not self.field("CNFG_GEN", "EN_DCLOFF"):
            self.beyond_since = None
            return 0
        self.beyond_since = self.machine.now if self.beyond_since is None else self.beyond_since
        return DCLOFFINT | bits if self.machine.now - self.beyond_since > OFF_NS else 0
