"""The settings store on simulated NOR flash, its power cut in every operation: the old or the new stand."""

import ctypes
import random
import zlib
from itertools import product
from pathlib import Path

import pytest
from support.host_application import compile_store

NEVER = 0xFFFF_FFFF
ALL_BITS = 0xFFFF_FFFF
OPERATIONS = 7  # an erasure and six words
DEFAULTS = (0, 5500, 6500)
Settings = tuple[int, int, int]


class Store:
    """The store of a host build; every test has its own copy of the library, so its own flash."""

    def __init__(self, library: Path) -> None:
        self.host = ctypes.CDLL(str(library))
        self.flash = ((ctypes.c_uint32 * 6) * 2).in_dll(self.host, "host_flash")
        self.fill(ALL_BITS)

    def fill(self, word: int) -> None:
        for slot in self.flash:
            slot[:] = [word] * len(slot)

    def store(self, settings: Settings, cut: int = NEVER, done: int = 0) -> int:
        values = [ctypes.c_int32(each) for each in settings]
        return int(self.host.host_store(*values, ctypes.c_uint32(cut), ctypes.c_uint32(done)))

    def load(self) -> tuple[bool, Settings]:
        values = (ctypes.c_int32 * 3)()
        whole = self.host.host_load(values)
        return bool(whole), (values[0], values[1], values[2])

    @property
    def operations(self) -> int:
        return ctypes.c_uint32.in_dll(self.host, "host_flash_operations").value


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(compile_store(tmp_path / "libstore.so"))


def test_a_blank_flash_gives_the_defaults_and_no_complaint(store: Store) -> None:
    assert store.load() == (True, DEFAULTS)


def test_what_is_stored_is_read_again_from_either_slot(store: Store) -> None:
    for settings in ((250, 5600, 6600), (-1500, 5000, 8000), (1500, 7700, 8000), DEFAULTS):
        assert store.store(settings) == 0
        assert store.load() == (True, settings)
        assert store.operations == OPERATIONS


def test_the_same_settings_are_not_written_again(store: Store) -> None:
    store.store((250, 5600, 6600))
    assert store.store((250, 5600, 6600)) == 0
    assert store.operations == 0


def test_garbage_in_flash_gives_the_defaults(store: Store) -> None:
    for word in (0, 0x5A5A5A5A, 0x314C5053):
        store.fill(word)
        whole, settings = store.load()
        assert settings == DEFAULTS
        assert whole == (word != 0x314C5053)  # with the magic word they were settings once


@pytest.mark.parametrize("start", [None, (-100, 5200, 6200)])
def test_after_a_cut_in_any_operation_the_old_or_the_new_stand(store: Store, start: Settings | None) -> None:
    rng = random.Random(2)
    new = (321, 5700, 7100)
    bits = [0, ALL_BITS, *(rng.getrandbits(32) for _ in range(40))]
    seen = set()
    for cut, done in product(range(OPERATIONS), bits):
        store.fill(ALL_BITS)
        if start is not None:
            store.store((7, 5300, 6300))  # both slots have been used
            store.store(start)
        assert store.store(new, cut, done) == 1
        _, settings = store.load()
        assert settings in (start or DEFAULTS, new)
        seen.add(settings)
        assert store.store(new) == 0
        assert store.load() == (True, new)
    assert seen == {start or DEFAULTS, new}


def test_a_thousand_stores_with_cuts_never_lose_what_was_stored(store: Store) -> None:
    rng = random.Random(3)
    allowed: set[Settings] = {DEFAULTS}
    for _ in range(1000):
        high = rng.randrange(5000, 7001, 50)
        new = (rng.randrange(-1500, 1501), high, rng.randrange(high + 300, 8001, 50))
        cut = rng.choice([NEVER, *range(OPERATIONS)])
        if store.store(new, cut, rng.getrandbits(32)) == 0:
            allowed = {new}
        else:
            allowed.add(new)
        _, settings = store.load()
        assert settings in allowed
        allowed = {settings}


def test_a_single_bit_that_flips_is_seen(store: Store) -> None:
    store.store((1, 5600, 6600))
    store.store((2, 5700, 6700))
    for word, bit in product(range(6), range(32)):
        store.flash[1][word] ^= 1 << bit
        assert store.load()[1] == (1, 5600, 6600)
        store.flash[1][word] ^= 1 << bit
    assert store.load()[1] == (2, 5700, 6700)


def test_sequence_numbers_may_wrap(store: Store) -> None:
    store.store((1, 5600, 6600))
    assert store.store((2, 5700, 6700)) == 0
    for slot, sequence in ((0, 0xFFFF_FFFE), (1, 0xFFFF_FFFF)):
        store.flash[slot][1] = sequence
        store.flash[slot][5] = crc32(list(store.flash[slot])[:5])
    for settings in ((3, 5500, 6500), (4, 5500, 6500), (5, 5500, 6500)):
        assert store.store(settings) == 0
        assert store.load() == (True, settings)


def crc32(words: list[int]) -> int:
    return zlib.crc32(b"".join(each.to_bytes(4, "little") for each in words))
