"""The settings store on simulated NOR flash, its power cut in every operation: the old or the new stand."""

import ctypes
import random
import shutil
import zlib
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pytest
from support.host_application import compile_store
from support.stand_in import MODEL_TAG

NEVER = 0xFFFF_FFFF
HAS_KEY, BROADCASTS = 1, 2
ALL_BITS = 0xFFFF_FFFF
WORDS = 22
OPERATIONS = 1 + WORDS  # an erasure and the words
Test = tuple[int, int, int]  # potassium, estimate, day


@dataclass(frozen=True)
class Settings:
    """What a slot holds; tests the oldest first."""

    high: int = 5500
    critical: int = 6500
    day: int = 0
    tests: tuple[Test, ...] = ()
    key: bytes = bytes(16)
    session: int = 0
    flags: int = 0


DEFAULTS = Settings()
TESTED = Settings(
    5600,
    6600,
    20_000,
    ((4700, 4500, 19_990), (4200, 4300, 20_000)),
    bytes(range(16)),
    7,
    HAS_KEY | BROADCASTS,
)


class StoredSettings(ctypes.Structure):
    """`settings_t` of settings.h."""

    _fields_ = (
        ("high", ctypes.c_int32),
        ("critical", ctypes.c_int32),
        ("day", ctypes.c_uint16),
        ("count", ctypes.c_uint16),
        ("tests", ctypes.c_uint16 * 3 * 6),
        ("key", ctypes.c_uint8 * 16),
        ("session", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
    )


class Store:
    """The store of a host build; every test has its own copy of the library, so its own flash."""

    def __init__(self, library: Path) -> None:
        self.host = ctypes.CDLL(str(library))
        self.flash = ((ctypes.c_uint32 * WORDS) * 2).in_dll(self.host, "host_flash")
        self.fill(ALL_BITS)
        self.dropped = 0

    def fill(self, word: int) -> None:
        for slot in self.flash:
            slot[:] = [word] * len(slot)

    def store(self, settings: Settings, cut: int = NEVER, done: int = 0) -> int:
        fresh = StoredSettings(settings.high, settings.critical, settings.day, len(settings.tests))
        for at, test in enumerate(settings.tests):
            fresh.tests[at][:] = test
        fresh.key[:], fresh.session, fresh.flags = settings.key, settings.session, settings.flags
        return int(self.host.host_store(ctypes.byref(fresh), ctypes.c_uint32(cut), ctypes.c_uint32(done)))

    def load(self) -> tuple[bool, Settings]:
        loaded, dropped = StoredSettings(), ctypes.c_uint32()
        whole = self.host.host_load(ctypes.byref(loaded), ctypes.byref(dropped))
        self.dropped = dropped.value
        tests = tuple((each[0], each[1], each[2]) for each in loaded.tests)
        assert not any(any(each) for each in tests[loaded.count :])
        secrets = (bytes(loaded.key), loaded.session, loaded.flags)
        levels = (loaded.high, loaded.critical, loaded.day)
        return bool(whole), Settings(*levels, tests[: loaded.count], *secrets)

    @property
    def operations(self) -> int:
        return ctypes.c_uint32.in_dll(self.host, "host_flash_operations").value


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compile_store(tmp_path_factory.mktemp("store") / "libstore.so")


@pytest.fixture
def store(library: Path, tmp_path: Path) -> Store:
    return Store(Path(shutil.copy(library, tmp_path)))


def test_a_blank_flash_gives_the_defaults_and_no_complaint(store: Store) -> None:
    assert store.load() == (True, DEFAULTS)


def test_what_is_stored_is_read_again_from_either_slot(store: Store) -> None:
    six = tuple((4500 + each, 4400 - each, 10 * each) for each in range(6))
    for settings in (TESTED, Settings(5000, 8000, 65_535), Settings(7700, 8000, 50, six), DEFAULTS):
        assert store.store(settings) == 0
        assert store.load() == (True, settings)
        assert store.operations == OPERATIONS


def test_the_layout_of_a_slot(store: Store) -> None:
    """docs/protocol.md: words by hand."""
    store.store(TESTED)
    words = [0x334C5053, 0, MODEL_TAG, 5600, 6600, 20_000 | 2 << 16]
    words += [4700 | 4500 << 16, 19_990 | 4200 << 16, 4300 | 20_000 << 16, 0, 0, 0, 0, 0, 0]
    words += [0x03020100, 0x07060504, 0x0B0A0908, 0x0F0E0D0C, 7, 3]
    assert list(store.flash[0]) == [*words, crc32(words)]


def test_the_same_settings_are_not_written_again(store: Store) -> None:
    store.store(TESTED)
    assert store.store(TESTED) == 0
    assert store.operations == 0


def test_garbage_in_flash_gives_the_defaults(store: Store) -> None:
    for word in (0, 0x5A5A5A5A, 0x324C5053, 0x334C5053):
        store.fill(word)
        whole, settings = store.load()
        assert settings == DEFAULTS
        assert whole == (word not in (0x324C5053, 0x334C5053))  # with a magic word they were settings once


def test_a_start_takes_thirty_days_and_86400_seconds_make_one_more(store: Store) -> None:
    store.store(TESTED)
    store.load()
    assert store.host.host_days(86_400 * 300 - 1) == 0
    assert store.load()[1] == TESTED  # not stored yet
    assert store.host.host_days(86_400 * 300) == 1
    assert store.load()[1] == replace(TESTED, day=20_031)


def test_without_blood_tests_the_day_is_not_stored(store: Store) -> None:
    store.store(Settings(5600, 6600, 9))
    store.load()
    assert store.host.host_days(2 * 86_400 * 300) == 2
    assert store.load()[1] == Settings(5600, 6600, 9)


def test_the_last_day_stays(store: Store) -> None:
    last = Settings(5600, 6600, 65_535, ((4700, 4500, 65_530),))
    store.store(last)
    store.load()
    assert store.host.host_days(86_400 * 300) == 1
    assert store.load()[1] == last


def test_a_store_of_firmware_before_is_said_and_not_read(store: Store) -> None:
    """Its layout had 16 words, and no key."""
    old = [0x324C5053, 7, MODEL_TAG, 5200, 6100, *(0 for _ in range(10))]
    store.flash[0][:16] = [*old, crc32(old)]
    assert store.load() == (False, DEFAULTS)


def test_blood_tests_of_another_model_are_left_out(store: Store) -> None:
    store.store(TESTED)
    store.flash[0][2] ^= 1
    store.flash[0][21] = crc32(list(store.flash[0])[:21])
    assert store.load() == (True, replace(TESTED, tests=()))
    assert store.dropped == 2


@pytest.mark.parametrize(
    "tests",
    [
        ((4700, 4500, 20_001),),  # after the day of the store
        ((4700, 4500, 9), (4700, 4500, 8)),  # not in order
        ((4700, 900, 9),),  # no estimate: under 1.0, the stand-in's least
        ((4500, 8000, 9),),  # not believed
    ],
)
def test_tests_that_cannot_be_are_not_put_in_force(store: Store, tests: tuple[Test, ...]) -> None:
    store.store(Settings(5600, 6600, 20_000, tests))
    assert store.load() == (False, DEFAULTS)


@pytest.mark.parametrize("start", [None, Settings(5200, 6200, 9, ((4400, 4500, 9),))])
def test_after_a_cut_in_any_operation_the_old_or_the_new_stand(store: Store, start: Settings | None) -> None:
    rng = random.Random(2)
    bits = [0, ALL_BITS, *(rng.getrandbits(32) for _ in range(40))]
    seen = set()
    for cut, done in product(range(OPERATIONS), bits):
        store.fill(ALL_BITS)
        if start is not None:
            store.store(Settings(5300, 6300))  # both slots have been used
            store.store(start)
        assert store.store(TESTED, cut, done) == 1
        _, settings = store.load()
        assert settings in (start or DEFAULTS, TESTED)
        seen.add(settings)
        assert store.store(TESTED) == 0
        assert store.load() == (True, TESTED)
    assert seen == {start or DEFAULTS, TESTED}


def test_a_thousand_stores_with_cuts_never_lose_what_was_stored(store: Store) -> None:
    rng = random.Random(3)
    allowed: set[Settings] = {DEFAULTS}
    for _ in range(1000):
        high = rng.randrange(5000, 7001, 50)
        days = sorted(rng.randrange(65_000) for _ in range(rng.randrange(7)))
        tests = tuple((rng.randrange(4400, 4601), rng.randrange(4400, 4601), day) for day in days)
        new = Settings(high, rng.randrange(high + 300, 8001, 50), 65_000, tests)
        cut = rng.choice([NEVER, *range(OPERATIONS)])
        if store.store(new, cut, rng.getrandbits(32)) == 0:
            allowed = {new}
        else:
            allowed.add(new)
        _, settings = store.load()
        assert settings in allowed
        allowed = {settings}


def test_a_single_bit_that_flips_is_seen(store: Store) -> None:
    first, second = Settings(5600, 6600), Settings(5700, 6700, 9, ((4400, 4500, 8),))
    store.store(first)
    store.store(second)
    for word, bit in product(range(WORDS), range(32)):
        store.flash[1][word] ^= 1 << bit
        assert store.load()[1] == first
        store.flash[1][word] ^= 1 << bit
    assert store.load()[1] == second


def test_sequence_numbers_may_wrap(store: Store) -> None:
    store.store(Settings(5600, 6600))
    assert store.store(Settings(5700, 6700)) == 0
    for slot, sequence in ((0, 0xFFFF_FFFE), (1, 0xFFFF_FFFF)):
        store.flash[slot][1] = sequence
        store.flash[slot][21] = crc32(list(store.flash[slot])[:21])
    for settings in (Settings(5500, 6503), Settings(5500, 6504), Settings(5500, 6505)):
        assert store.store(settings) == 0
        assert store.load() == (True, settings)


def crc32(words: list[int]) -> int:
    return zlib.crc32(b"".join(each.to_bytes(4, "little") for each in words))
