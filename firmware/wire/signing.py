"""The key of a device, what follows from it, and commands that are signed with it: docs/security.md."""

import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from splkit.errors import UsageError, reason
from splkit.optional import optional

KEY_BYTES = 16
SIGNATURE_BYTES = 8
NONCE_BYTES = 13
CHANGING = frozenset({"calibrate", "alert", "day", "acknowledge", "pause", "provision", "broadcast"})
"""Commands that a device takes only signed, or confirmed by its button; `replay start` is another."""


@dataclass(frozen=True)
class DeviceKey:
    """A key of 16 bytes."""

    secret: bytes

    def __repr__(self) -> str:
        """Not the key: what is printed by accident stays in logs."""
        return "DeviceKey(...)"

    @property
    def digits(self) -> str:
        """As `provision` takes it."""
        return self.secret.hex().upper()

    def derive(self, use: str, first: int = 0, second: int = 0) -> bytes:
        """What firmware/app/keys.h makes of it: AES-128 of a letter and two numbers.

        Raises:
            ToolError: the package cryptography is not installed.
        """
        ciphers = optional("cryptography.hazmat.primitives.ciphers", PURPOSE)
        block = use.encode("ascii") + first.to_bytes(4, "little") + second.to_bytes(4, "little")
        cipher = ciphers.Cipher(ciphers.algorithms.AES(self.secret), ciphers.modes.ECB())
        encryptor = cipher.encryptor()
        return bytes(encryptor.update(block.ljust(16, b"\0")) + encryptor.finalize())


PURPOSE = "keys are used by the package cryptography"


@dataclass
class Signer:
    """Signs the commands of one session.

    Attributes:
        key: the device's.
        session: its number.
        count: of the next command that is signed.
    """

    key: DeviceKey
    session: int
    count: int

    def sign(self, command: str) -> str:
        """`! SIGNATURE COMMAND`, which the device takes once.

        Raises:
            ToolError: the package cryptography is not installed.
        """
        aead = optional("cryptography.hazmat.primitives.ciphers.aead", PURPOSE)
        nonce = self.session.to_bytes(4, "little") + self.count.to_bytes(4, "little")
        cipher = aead.AESCCM(self.key.derive("C"), tag_length=SIGNATURE_BYTES)
        signature = cipher.encrypt(nonce.ljust(NONCE_BYTES, b"\0"), b"", command.encode("ascii"))
        self.count += 1
        return f"! {signature.hex().upper()} {command}"


def changes_something(command: str) -> bool:
    """Whether a device takes it only signed, or confirmed by its button."""
    return command.split(" ")[0] in CHANGING or command == "replay start"


def read_key(path: Path) -> DeviceKey:
    """The key in a file, as `write_key` wrote it.

    Raises:
        UsageError: it cannot be read, or is none.
    """
    try:
        text = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "a device's key is a file that `splkit provision` wrote",
            found=f"{path}: {reason(error)}",
            next_step="give the file of this device",
        ) from error
    if not re.fullmatch(r"[0-9A-Fa-f]{32}", text):
        raise UsageError(
            f"a device's key is {KEY_BYTES} bytes, two hexadecimal digits each",
            found=f"{len(text)} letters in {path}",
            next_step="give the file that `splkit provision` wrote for this device",
        )
    return DeviceKey(bytes.fromhex(text))


def write_key(path: Path) -> DeviceKey:
    """A new key by chance, in a new file that its owner alone can read.

    Raises:
        UsageError: the file exists, or cannot be written.
    """
    key = DeviceKey(secrets.token_bytes(KEY_BYTES))
    try:
        path.touch(0o600, exist_ok=False)
        path.write_text(f"{key.digits}\n", "ascii")
    except OSError as error:
        raise UsageError(
            "a new key goes into a new file: a key serves one device, once",
            found=f"{path}: {reason(error)}",
            next_step="name another file",
        ) from error
    return key
