"""Advertisements as SplkitRadio.cs captures them, decoded as a phone would (Bluetooth Core 5.4, Vol 6 B)."""

from itertools import pairwise
from pathlib import Path

CHANNELS = {2402: 37, 2426: 38, 2480: 39}
ACCESS_ADDRESS = bytes.fromhex("D6BE898E")
ADV_NONCONN_IND = 2
MANUFACTURER_DATA, ENCRYPTED_DATA = 0xFF, 0x31
KEY = bytes(range(16))
"""That simulated devices are given: splkit.firmware.simulators.application."""
INTERVAL_US = 1_000_000
WORDS = {"company": 0, "spl_ueq_l": 5, "low_ueq_l": 7, "high_ueq_l": 9, "supply_mv": 11}
"""Of the manufacturer data: firmware/app/advert.h."""


def advertisements(path: str) -> list[dict[str, object]]:
    """Every packet of a capture; `AssertionError` for one that a receiver would drop."""
    return [_packet(*line.split()) for line in Path(path).read_text().splitlines()]


def should_be_sent_in_turn(packets: list[dict[str, object]]) -> None:
    """Channels 37, 38, 39, again about once a second, and never at exactly the same distance."""
    assert [each["channel"] for each in packets] == [37, 38, 39] * (len(packets) // 3), packets
    events = [int(str(each["time_us"])) for each in packets[::3]]
    distances = [after - before for before, after in pairwise(events)]
    assert all(INTERVAL_US <= each <= INTERVAL_US + 10_000 for each in distances), distances
    assert len(set(distances)) > len(distances) // 2, distances


def _packet(time_us: str, mhz: str, on_air: str) -> dict[str, object]:
    data, channel = bytes.fromhex(on_air), CHANNELS[int(mhz)]
    assert data[:4] == ACCESS_ADDRESS, on_air
    plain = _whitened(data[4:], channel)
    header, length = plain[0], plain[1]
    pdu, crc = plain[: 2 + length], plain[2 + length :]
    assert crc == _crc24(pdu), on_air
    assert header & 0xF == ADV_NONCONN_IND, on_air
    address, structure = pdu[2:8], pdu[8:]
    if structure[1] == ENCRYPTED_DATA:
        assert (structure[0], header >> 6 & 1, address[5] >> 6) == (len(structure) - 1, 1, 0), on_air
        structure = _unsealed(structure[2:])
    size, kind, *body = structure
    assert (size, kind) == (len(body) + 1, MANUFACTURER_DATA), on_air
    words = {name: body[at] | body[at + 1] << 8 for name, at in WORDS.items()}
    # Layout 1, of potassium.
    assert (words["company"], body[2], header >> 6 & 1) == (0xFFFF, 1, 1), on_air
    return {
        "time_us": int(time_us),
        "channel": channel,
        "address": ":".join(f"{byte:02X}" for byte in reversed(address)),
        "sequence": body[3],
        "alert": body[4] & 7,
        **words,
    }


def _unsealed(data: bytes) -> bytes:
    """Encrypted Advertising Data (CSS v11, Part A, 1.23): its AD structure."""
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.aead import AESCCM
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import ECB

    encryptor = Cipher(AES(KEY), ECB()).encryptor()
    session_key, iv = (encryptor.update(letter + bytes(15)) for letter in (b"A", b"I"))
    return AESCCM(session_key, tag_length=4).decrypt(data[:5] + iv[:8], data[5:], b"\xea")


def _whitened(data: bytes, channel: int) -> bytes:
    """The same again takes it off: x^7 + x^4 + 1, from 1 and the channel's six bits on (3.2)."""
    register = [1, *(channel >> bit & 1 for bit in range(5, -1, -1))]
    out = bytearray()
    for byte in data:
        mask = 0
        for bit in range(8):
            last = register[6]
            mask |= last << bit
            register = [last, *register[:6]]
            register[4] ^= last
        out.append(byte ^ mask)
    return bytes(out)


def _crc24(pdu: bytes) -> bytes:
    """From 0x555555 on, x^24 + x^10 + x^9 + x^6 + x^4 + x^3 + x + 1, as it is sent (3.1.1)."""
    register = [0x555555 >> bit & 1 for bit in range(24)]
    taps = (1, 3, 4, 6, 9, 10)
    for byte in pdu:
        for bit in range(8):
            carry = register[23] ^ byte >> bit & 1
            register = [carry, *register[:23]]
            for tap in taps:
                register[tap] ^= carry
    sent = register[::-1]
    return bytes(sum(sent[8 * at + bit] << bit for bit in range(8)) for at in range(3))


ROBOT_LIBRARY_SCOPE = "GLOBAL"
