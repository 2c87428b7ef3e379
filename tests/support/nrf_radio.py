"""The nRF52's RADIO as a sender: what its registers make of a packet (Product Specification v1.7, 6.20)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from support.nrf_chip import NrfChip

RAMP_US = 140
BLE_1MBIT = 3


class Radio:
    """Puts every packet into `NrfChip.on_air`: microseconds, MHz, and what follows the preamble."""

    def __init__(self, chip: "NrfChip") -> None:
        self.chip = chip
        self.sends = False
        chip.machine.on_reset.append(lambda: setattr(self, "sends", False))
        chip.on_air = []
        chip.task("RADIO_TASKS_TXEN", self._send)
        chip.interrupt(1, "RADIO", ("DISABLED", 0, 4))

    def _send(self) -> None:
        chip = self.chip
        if self.sends:
            chip.machine.refuse("a packet begins before the last one has ended")
        self.sends = True
        if chip.fast != "runs":
            chip.machine.refuse("the radio sends without the crystal of 32 MHz")
        if chip.value("RADIO_SHORTS") & 3 != 3:
            chip.machine.refuse(
                "a radio that is ready starts, and one that has ended is switched off, by themselves"
            )
        if chip.value("RADIO_MODE") != BLE_1MBIT:
            chip.machine.refuse("an advertisement has 1 Mbit/s, as Bluetooth has it")
        packet = self._packet()
        chip.machine.after((RAMP_US + 8 * (1 + len(packet))) * 1000, lambda: self._sent(packet))

    def _sent(self, packet: bytes) -> None:
        chip = self.chip
        self.sends = False
        mhz = 2400 + chip.field("RADIO_FREQUENCY", "FREQUENCY")
        chip.on_air.append(f"{chip.machine.now // 1000} {mhz} {packet.hex().upper()}")
        chip.raise_event("RADIO_EVENTS_DISABLED")

    def _packet(self) -> bytes:
        chip, field = self.chip, self.chip.field
        start = chip.value("RADIO_PACKETPTR")
        head = (
            field("RADIO_PCNF0", "S0LEN")
            + (field("RADIO_PCNF0", "LFLEN") > 0)
            + (field("RADIO_PCNF0", "S1LEN") > 0)
        )
        memory = bytes(chip.machine.uc.mem_read(start, 258)) if chip.machine.ram_holds(start, 258) else b""
        if not memory:
            chip.machine.refuse("a packet lies in RAM")
            return b""
        length = memory[field("RADIO_PCNF0", "S0LEN")] & (1 << field("RADIO_PCNF0", "LFLEN")) - 1
        size = min(length, field("RADIO_PCNF1", "MAXLEN")) + field("RADIO_PCNF1", "STATLEN")
        pdu = memory[: head + size]
        base = field("RADIO_PCNF1", "BALEN")
        address = chip.value("RADIO_BASE0").to_bytes(4, "little")[4 - base :] + bytes(
            [chip.value("RADIO_PREFIX0") & 0xFF]
        )
        skips = field("RADIO_CRCCNF", "SKIPADDR") == 1
        crc = self._crc(pdu if skips else address + pdu)[: field("RADIO_CRCCNF", "LEN")]
        data = pdu + crc
        if field("RADIO_PCNF1", "WHITEEN"):
            data = self._whitened(data)
        on_air = address + data
        return (
            bytes(int(f"{byte:08b}"[::-1], 2) for byte in on_air)
            if field("RADIO_PCNF1", "ENDIAN")
            else on_air
        )

    def _crc(self, data: bytes) -> bytes:
        """By CRCPOLY and CRCINIT, low bit of each byte first; sent high bit first."""
        register, polynomial = self.chip.value("RADIO_CRCINIT"), self.chip.value("RADIO_CRCPOLY")
        for byte in data:
            for bit in range(8):
                carry = (register >> 23 ^ byte >> bit) & 1
                register = (register << 1 & 0xFF_FFFF) ^ carry * (polynomial & 0xFF_FFFF)
        return int(f"{register:024b}"[::-1], 2).to_bytes(3, "little")

    def _whitened(self, data: bytes) -> bytes:
        state = self.chip.field("RADIO_DATAWHITEIV", "DATAWHITEIV") & 0x3F | 0x40
        out = bytearray()
        for byte in data:
            mask = 0
            for bit in range(8):
                mask |= (state & 1) << bit
                state = state >> 1 ^ 0x44 * (state & 1)
            out.append(byte ^ mask)
        return bytes(out)
