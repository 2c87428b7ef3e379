"""What a device broadcasts, to whom: CSS v11, Part A, 1.23, and docs/security.md."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from cryptography.exceptions import InvalidTag
from support.broadcast import broadcasting, derived, record, records
from support.scenarios import counts
from support.stand_in import FS_HZ

from splkit import boards
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.simulators.application import KEY, Application
from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.wire.advertisement import Advertisement, Follower, read_record, unseal
from splkit.firmware.wire.framing import unframe
from splkit.firmware.wire.signing import DeviceKey
from splkit.quantize.carried import card_for
from splkit.quantize.reference import reference_model

ENCRYPTED, MANUFACTURER = 0x31, 0xFF
OTHER = DeviceKey(bytes(range(16, 32)))
QUARTER = np.zeros(900 * FS_HZ, np.int16)


@pytest.fixture
def elf(built: Callable[[str], Path]) -> Path:
    return built("nrf52") / "firmware.elf"


@pytest.fixture
def device(elf: Path) -> Application:
    return broadcasting(elf)


def structures(adverts: Sequence[object]) -> list[bytes]:
    """What follows the AD type of each."""
    return [each.data[2:] for each in adverts]  # type: ignore[attr-defined]


def test_nothing_is_broadcast_unless_asked(elf: Path) -> None:
    device = Application(CoreSimulator(elf))
    device.push(counts(["12x5600"]))
    device.open_session()
    device.push(counts(["12x5600"]))
    assert device.adverts == []
    assert unframe(device.send("broadcast on")[-1]) == "R broadcast ok"
    assert len(device.adverts) == 1


def test_without_a_key_there_is_no_broadcast(elf: Path) -> None:
    device = Application(CoreSimulator(elf))
    device.pressed = True
    device.push(np.zeros(3 * FS_HZ, np.int16))
    assert unframe(device.send_as_it_is("broadcast on")[-1]) == "R broadcast error keyless"


@pytest.mark.parametrize("command", ["broadcast off", "provision off", f"provision {OTHER.digits}"])
def test_it_ends_when_it_is_told_to_or_the_key_goes(device: Application, command: str) -> None:
    device.push(counts(["12x5600"]))
    assert device.send(command)
    assert device.adverts[-1].data == b""
    said = len(device.adverts)
    device.push(counts(["12x6600"]))
    assert len(device.adverts) == said


def test_a_start_goes_on_in_a_session_of_its_own(elf: Path, device: Application) -> None:
    device.push(counts(["12x5600"]))
    again = Application(CoreSimulator(elf), device.store)
    again.push(counts(["12x5600"]))
    heard = [read_record(each) for each in (*records(device), *records(again))]
    order = [(each.session, each.sequence) for each in heard]
    assert {each.session for each in heard} == {1, 2}
    assert order == sorted(set(order))


def test_the_address_is_private_and_changes_every_quarter_of_an_hour(device: Application) -> None:
    for _ in range(4):
        device.push(counts(["12x5600"]))
        device.push(QUARTER)
    addresses = [each.address for each in device.adverts]
    changes = [at for at in range(1, len(addresses)) if addresses[at] != addresses[at - 1]]
    assert len(set(addresses)) == len(changes) + 1 == 5
    moved = [1, *(read_record(records(device)[at]).sequence for at in changes)]
    for sequence, address in zip(moved, dict.fromkeys(addresses), strict=True):
        private = bytearray(derived(KEY.secret, b"P", 1, sequence)[:6])
        private[5] &= 0x3F  # non-resolvable: the two highest bits are 0
        assert address == bytes(private)


def permuted(session: int, sequence: int) -> bytes:
    """The randomizer by hand: four rounds over 20 and 19 bits, and the direction bit."""
    number = session << 23 | sequence
    upper, lower = number >> 19, number & (1 << 19) - 1

    def half(rounds: int, other: int) -> int:
        return int.from_bytes(derived(KEY.secret, b"R", rounds, other)[:4], "little")

    for rounds in (0, 2):
        upper ^= half(rounds, lower) & (1 << 20) - 1
        lower ^= half(rounds + 1, upper) & (1 << 19) - 1
    return (1 << 39 | upper << 19 | lower).to_bytes(5, "little")


def test_no_nonce_comes_twice(elf: Path, device: Application) -> None:
    again = Application(CoreSimulator(elf), device.store)
    heard = []
    for each in (device, again):
        each.push(counts([f"4x{level}" for level in range(4500, 5500, 100)]))
        heard += list(zip(each.adverts, records(each), strict=True))
    assert len(heard) > 20
    for advert, plain in heard:
        said = read_record(plain)
        assert said.session is not None
        assert advert.data[2:7] == permuted(said.session, said.sequence)
    assert len({advert.data[2:7] for advert, _ in heard}) == len(heard)


def test_a_permutation_gives_no_number_twice() -> None:
    numbers = {permuted(session, sequence) for session in (1, 2, 65_535) for sequence in range(2000)}
    assert len(numbers) == 6000


def test_nobody_else_reads_or_forges_it(device: Application) -> None:
    device.push(counts(["12x5600"]))
    advert = device.adverts[-1]
    with pytest.raises(InvalidTag):
        record(advert, OTHER.secret)
    data = advert.data[2:]
    assert unseal(KEY, data) is not None and unseal(OTHER, data) is None
    for at in range(len(data)):
        assert unseal(KEY, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]) is None
    assert unseal(KEY, b"") is None and unseal(KEY, data[:8]) is None


def test_the_record_is_what_the_device_says(device: Application) -> None:
    device.battery_mv = 3100
    device.push(counts(["12x5600"]))
    said = unseal(KEY, device.adverts[-1].data[2:])
    sequence = len(device.adverts)
    assert said == Advertisement(
        "potassium", "high", 5600, None, None, True, False, False, False, 3100, 1, sequence
    )


def test_a_follower_takes_a_record_once_and_none_that_is_older(elf: Path, device: Application) -> None:
    device.push(counts(["40x5600"]))
    again = Application(CoreSimulator(elf), device.store)
    again.push(counts(["40x5600"]))
    old, new = structures(device.adverts), structures(again.adverts)
    follower = Follower(KEY)
    heard = [follower.hear(ENCRYPTED, data) for data in (*old, old[-1], *new)]
    assert [each is not None for each in heard] == [True] * len(old) + [False] + [True] * len(new)
    assert follower.replayed == 0
    assert [follower.hear(ENCRYPTED, data) for data in (old[0], new[0], new[-1])] == [None] * 3
    assert follower.replayed == 2  # the last one is no replay, but sent once a second
    assert Follower(OTHER).hear(ENCRYPTED, old[0]) is None
    assert Follower(KEY).hear(MANUFACTURER, old[0]) is None


def test_firmware_that_broadcasts_in_clear_says_so_and_does(tmp_path: Path) -> None:
    board, model, folder = boards.load("nrf52"), reference_model(), tmp_path / "clear"
    request = ExportRequest(
        model, card_for(model), board, board.ecg.fs_hz, board.ecg.uv_per_count, broadcast="clear"
    )
    assert export(request, folder).broadcast == "clear"
    device = Application(CoreSimulator(folder / "firmware.elf"))
    (advert,) = device.adverts
    assert advert.address is None
    assert (advert.data[:2], len(advert.data)) == (bytes([14, MANUFACTURER]), 15)
    heard = Follower(None).hear(MANUFACTURER, advert.data[2:])
    assert heard is not None and (heard.task, heard.alert, heard.session) == ("potassium", "none", None)
    assert unframe(device.send("broadcast on")[-1]) == "R broadcast error unsupported"


@pytest.mark.parametrize("data", [b"", b"\xff\xff\x01", b"\xff\xff\x04" + bytes(10), b"\x59\x00" + bytes(11)])
def test_what_is_no_record_is_none(data: bytes) -> None:
    with pytest.raises(ValueError, match="no record"):
        read_record(data)
    assert Follower(None).hear(MANUFACTURER, data) is None
