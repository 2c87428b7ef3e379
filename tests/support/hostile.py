"""What a wire may bring that is no command: none of it may change a setting or stop the sampling."""

import random
import string
import subprocess
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from splkit.firmware.simulators.application import KEY
from splkit.firmware.wire.framing import frame
from splkit.firmware.wire.signing import DeviceKey, Signer

COMMANDS = """\
status|selftest|calibrate 4200|calibrate off|alert 5600 6600|session|provision off|broadcast on|acknowledge
replay start|replay end|replay 000100020003|trace on|trace off
""".replace("\n", "|").split("|")[:-1]
UNSIGNED = """\
calibrate 4200|calibrate off|alert 5700 6700|day 7|acknowledge|pause|replay start|broadcast on|provision off
provision 000102030405060708090A0B0C0D0E0F
""".replace("\n", "|").split("|")[:-1]
"""Whole commands that a device with a key takes from its owner alone."""
REFUSED = """\
calibrate 10001|calibrate 999999999|calibrate -1|calibrate 4200 4200|calibrate|calibrate x|calibrate 4200 off
alert 6500 5500|alert 0 0|alert 5500|alert 5500 6500 7500|alert -5500 6500|alert 5500 8001
alert 99999999999999999999 1|replay end|replay|replay 0001|replay 00|replay stop
replay  |trace|trace ON|trace on off
status | status|STATUS|selftest 1|reset|*|a*b*c|?
session 1|provision|provision 00|! |!|! 00 status|! 0000000000000000 |broadcast|broadcast maybe
""".replace("\n", "|").split("|")[:-1]
"""Whole commands that a device refuses while it monitors a patient."""
OWNER = Signer(KEY, 1, 1)
SIGNED_ONCE = (OWNER.sign("alert 5600 6600"), OWNER.sign("broadcast on"))
OWNERS = tuple(f"{frame(text)}\n".encode() for text in (f"provision {KEY.digits}", "session", *SIGNED_ONCE))
"""What the owner sends first: a key, and two signed commands, which are good once."""
SAMPLES_BETWEEN = 2


def frames(count: int, seed: int) -> Iterator[bytes]:
    """As many frames of all kinds, the same for the same seed."""
    rng = random.Random(seed)
    kinds: tuple[Callable[[random.Random], bytes], ...] = (
        _noise,
        _half,
        _other_checksum,
        _garbled,
        _oversized,
        _sealed_nonsense,
        _refused,
        _unsigned,
        _signed_before,
        _signed_by_others,
    )
    for _ in range(count):
        yield rng.choice(kinds)(rng)


def write_frames(path: Path, frames: Iterable[bytes]) -> None:
    """The frames as tests/system/host/play.c reads them."""
    with path.open("wb") as out:
        for each in frames:
            out.write(len(each).to_bytes(4, "little") + each)


def hold(player: Path, recording: Path, count: int, seed: int) -> tuple[int, int, str]:
    """Plays with frames, and for as many samples without: answers, lines beside them, and a complaint.

    First the owner gives the device a key, and levels.
    """
    all_frames, nothing = recording.with_suffix(".frames"), recording.with_suffix(".nothing")
    write_frames(all_frames, chain(OWNERS, frames(count, seed)))
    write_frames(nothing, [*OWNERS, b""])
    lines, end = play(player, recording, all_frames, SAMPLES_BETWEEN)
    samples, _, changes = end.removeprefix("samples ").partition(" ")
    others, _ = play(player, recording, nothing, int(samples))
    said, undisturbed = ([line for line in run if not line.startswith("R ")] for run in (lines, others))
    complaint = "" if changes == "flash 0 settings 0" else changes
    if said != undisturbed:
        complaint = complaint or "other lines than without the frames"
    return len(lines) - len(said), len(said), complaint


def play(player: Path, recording: Path, frames: Path, spacing: int) -> tuple[list[str], str]:
    """The lines of a run, and the last one, which says what changed."""
    run = subprocess.run(
        [player, recording, frames, str(spacing), str(len(OWNERS))], capture_output=True, check=True
    )
    *lines, end = run.stdout.decode("ascii").splitlines()
    return lines, end


def _line(text: str) -> bytes:
    return f"{frame(text)}\n".encode("ascii")


def _noise(rng: random.Random) -> bytes:
    return rng.randbytes(rng.randrange(120))


def _half(rng: random.Random) -> bytes:
    whole = _line(rng.choice(COMMANDS))
    return whole[: rng.randrange(len(whole) - 1)] + rng.choice((b"\n", b"\n\n", b"\r\n", b"\x00\n"))


def _other_checksum(rng: random.Random) -> bytes:
    text, _, end = _line(rng.choice(COMMANDS)).rpartition(b"*")
    return text + b"*%04X\n" % (int(end, 16) ^ rng.randrange(1, 1 << 16))


def _garbled(rng: random.Random) -> bytes:
    """One letter of a command is another: a burst of 8 bits, which the checksum always sees."""
    whole = bytearray(_line(rng.choice(COMMANDS)))
    whole[rng.randrange(whole.index(b"*"))] ^= 1 << rng.randrange(4)
    return bytes(whole)


def _oversized(rng: random.Random) -> bytes:
    return rng.choice(COMMANDS).encode() + b" 5" * rng.randrange(40, 400) + b"*0000\n"


def _sealed_nonsense(rng: random.Random) -> bytes:
    letters = string.digits + string.ascii_letters + string.punctuation + " "
    return _line("".join(rng.choice(letters) for _ in range(rng.randrange(1, 72))))


def _refused(rng: random.Random) -> bytes:
    return _line(rng.choice(REFUSED))


def _unsigned(rng: random.Random) -> bytes:
    return _line(rng.choice(UNSIGNED))


def _signed_before(rng: random.Random) -> bytes:
    """The owner's own commands again, or with another command behind their signature."""
    text = rng.choice(SIGNED_ONCE)
    return _line(text if rng.random() < 0.5 else f"{text[:18]} {rng.choice(UNSIGNED)}"[:72])


def _signed_by_others(rng: random.Random) -> bytes:
    """By another key, of any session and count, those that come next among them."""
    signer = Signer(DeviceKey(rng.randbytes(16)), rng.randrange(4), rng.randrange(1 << 12))
    return _line(signer.sign(rng.choice(UNSIGNED))[:72])
