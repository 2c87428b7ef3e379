"""Advertisements of a device: the record of firmware/app/advert.h, in clear or encrypted."""

from dataclasses import dataclass
from typing import Any, get_args

from splkit.firmware.parity.alert import State
from splkit.firmware.wire.signing import PURPOSE, DeviceKey
from splkit.optional import optional

ENCRYPTED_DATA, MANUFACTURER_DATA = 0x31, 0xFF
"""AD types (Bluetooth Assigned Numbers, 2.3)."""
COMPANY = 0xFFFF
ADDITIONAL = b"\xea"
RANDOMIZER_BYTES, MIC_BYTES, IV_BYTES = 5, 4, 8
CLEAR_BYTES, RECORD_BYTES = 13, 17
NONE = 0xFFFF
LAYOUTS = ("", "potassium", "probability", "other")
STATES: tuple[str, ...] = get_args(State)


@dataclass(frozen=True)
class Advertisement:
    """What a device broadcasts. Values are thousandths of the model's unit; None where there is none.

    Attributes:
        task: of the model: "potassium", "probability" or "other".
        alert: the alert state.
        value: the last estimate that counts.
        low: lower end of its interval; of a probability, the SPL that it is about.
        high: upper end; of a probability, the one from which on the state is "likely".
        physiological: an alarm about the patient is on.
        technical: an alarm about the device is on.
        calibrated: estimates are corrected by blood tests.
        replay: a test, no patient.
        battery_mv: supply; None where it is not measured.
        session: of the device's starts with its key; None in clear.
        sequence: of the record within the session; its lowest byte alone in clear.
    """

    task: str
    alert: str
    value: int | None
    low: int | None
    high: int | None
    physiological: bool
    technical: bool
    calibrated: bool
    replay: bool
    battery_mv: int | None
    session: int | None
    sequence: int


def read_record(record: bytes) -> Advertisement:
    """The record of an advertisement, its company identifier included.

    Raises:
        ValueError: it is none of splkit's.
    """
    company = int.from_bytes(record[:2], "little")
    if len(record) not in (CLEAR_BYTES, RECORD_BYTES) or company != COMPANY or not 1 <= record[2] <= 3:
        raise ValueError(f"no record of splkit's: {record.hex()}")
    state, words = record[4], [int.from_bytes(record[at : at + 2], "little") for at in (5, 7, 9, 11)]
    value, low, high = (None if word == NONE else word for word in words[:3])
    if LAYOUTS[record[2]] == "other":
        whole = int.from_bytes(record[5:9], "little", signed=True)
        value, low, high = (None if whole == -(1 << 31) else whole), None, None
    is_sealed = len(record) == RECORD_BYTES
    return Advertisement(
        task=LAYOUTS[record[2]],
        alert=STATES[state & 7],
        value=value,
        low=low,
        high=high,
        physiological=bool(state & 1 << 3),
        technical=bool(state & 1 << 4),
        calibrated=bool(state & 1 << 6),
        replay=bool(state & 1 << 7),
        battery_mv=words[3] or None,
        session=int.from_bytes(record[13:15], "little") if is_sealed else None,
        sequence=record[3] | int.from_bytes(record[15:17], "little") << 8,
    )


def unseal(key: DeviceKey, data: bytes) -> Advertisement | None:
    """The record of Encrypted Advertising Data, what follows the AD type; None if it is of another key.

    Raises:
        ValueError: it is of this key, and no record.
        ToolError: the package cryptography is not installed.
    """
    aead: Any = optional("cryptography.hazmat.primitives.ciphers.aead", PURPOSE)
    exceptions: Any = optional("cryptography.exceptions", PURPOSE)
    nonce = data[:RANDOMIZER_BYTES] + key.derive("I")[:IV_BYTES]
    if len(data) < RANDOMIZER_BYTES + MIC_BYTES:
        return None
    try:
        cipher = aead.AESCCM(key.derive("A"), tag_length=MIC_BYTES)
        plain = cipher.decrypt(nonce, data[RANDOMIZER_BYTES:], ADDITIONAL)
    except exceptions.InvalidTag:
        return None
    if len(plain) < 2 or plain[0] != len(plain) - 1 or plain[1] != MANUFACTURER_DATA:
        raise ValueError(f"no AD structure of a manufacturer: {plain.hex()}")
    return read_record(plain[2:])


@dataclass
class Follower:
    """Follows one device: lets each record through once, and none that is older than the last.

    Attributes:
        key: the device's; None to follow whoever broadcasts in clear.
        replayed: older records that came, which somebody else must have sent.
    """

    key: DeviceKey | None
    replayed: int = 0
    _last: tuple[int, int] = (0, 0)
    _clear: bytes = b""

    def hear(self, kind: int, data: bytes) -> Advertisement | None:
        """An AD structure, by its type; its record, if that is the device's and new."""
        try:
            if self.key is None:
                return self._in_clear(kind, data)
            record = unseal(self.key, data) if kind == ENCRYPTED_DATA else None
        except ValueError:
            return None
        if record is None or record.session is None:
            return None
        at = (record.session, record.sequence)
        self.replayed += at < self._last
        if at <= self._last:
            return None
        self._last = at
        return record

    def _in_clear(self, kind: int, data: bytes) -> Advertisement | None:
        if kind != MANUFACTURER_DATA or data == self._clear:
            return None
        record = read_record(data)
        self._clear = data
        return record
