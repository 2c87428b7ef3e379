"""An application that broadcasts, and its records, decrypted apart from `splkit.firmware.wire`."""

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from splkit.firmware.simulators.application import KEY, Advert, Application
from splkit.firmware.simulators.core import CoreSimulator


def broadcasting(elf: Path | CoreSimulator) -> Application:
    """An application that has a key and was told to broadcast; its lines are those of one that was not."""
    application = Application(elf if isinstance(elf, CoreSimulator) else CoreSimulator(elf))
    banner = len(application.written)
    assert application.send("broadcast on")[-1].startswith("R broadcast ok")
    del application.written[banner:]
    return application


def records(application: Application) -> list[bytes]:
    """Each record that it broadcast: 17 bytes."""
    return [record(each) for each in application.adverts]


def record(advert: Advert, secret: bytes = KEY.secret) -> bytes:
    """The record of an advertisement, by CSS v11, Part A, 1.23; `cryptography` checks its MIC."""
    length, kind, *_ = advert.data
    assert (length, kind) == (len(advert.data) - 1, 0x31)
    randomizer, sealed = advert.data[2:7], advert.data[7:]
    assert randomizer[4] & 0x80
    nonce = randomizer + derived(secret, b"I")[:8]
    plain = AESCCM(derived(secret, b"A"), tag_length=4).decrypt(nonce, sealed, b"\xea")
    assert (plain[0], plain[1]) == (len(plain) - 1, 0xFF)
    return plain[2:]


def derived(secret: bytes, use: bytes, first: int = 0, second: int = 0) -> bytes:
    """AES-128 of a letter and two numbers: docs/security.md."""
    block = use + first.to_bytes(4, "little") + second.to_bytes(4, "little") + bytes(7)
    encryptor = Cipher(AES(secret), ECB()).encryptor()
    return encryptor.update(block) + encryptor.finalize()
