"""Flashing: what is refused before anything is erased, what a probe is told, files for other tools."""

import json
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from intelhex import IntelHex
from support.command_line import splkit, splkit_json

from splkit import boards
from splkit.errors import BoardError, ToolError, UsageError
from splkit.firmware.flashing.flash import flash, plan
from splkit.firmware.flashing.image import Image, check_image, read_image
from splkit.firmware.flashing.mcuboot import Signature, sign
from splkit.firmware.flashing.uf2 import to_uf2
from splkit.progress import Advance

NRF52 = boards.load("nrf52")
PROTECTED_MAGIC, SECURITY_COUNTER = 0x6908, 0x50


class MemoryProbe:
    """A chip made of a dictionary; `worn` is an address whose bits do not all come down."""

    def __init__(self, chip_id: int, worn: int | None = None) -> None:
        self.memory: dict[int, int] = {}
        self.put(NRF52.flashing.chip_id.address, chip_id.to_bytes(4, "little"))
        self.worn, self.calls = worn, []

    def put(self, address: int, data: bytes) -> None:
        self.memory.update(enumerate(data, address))

    def read(self, address: int, size: int) -> bytes:
        self.calls.append("read")
        return bytes(self.memory.get(address + i, 0xFF) for i in range(size))

    def program(self, image: Image, advance: Advance) -> None:
        self.calls.append("program")
        advance(100)
        for block in image.blocks:
            self.put(block.address, block.data)
        if self.worn is not None:
            self.memory[self.worn] ^= 1

    def reset(self) -> None:
        self.calls.append("reset")


def write_hex(path: Path, content: dict[int, bytes]) -> Path:
    hex_file = IntelHex()
    for address, data in content.items():
        hex_file.puts(address, data)
    hex_file.write_hex_file(str(path))
    return path


def vectors(stack: int = 0x20000800, reset: int = 0x9) -> bytes:
    return struct.pack("<2I", stack, reset)


def test_an_export_is_programmed_read_back_and_started(exported):
    image = read_image(exported / "firmware.hex")
    probe = MemoryProbe(0x52840)
    flash(image, NRF52, probe)
    assert probe.calls[:2] == ["read", "program"] and probe.calls[-1] == "reset"
    flashed = (exported / "firmware.bin").read_bytes()
    assert probe.read(0, len(flashed)) == flashed


def test_another_chip_is_refused_before_anything_is_erased(exported):
    probe = MemoryProbe(0x52832)
    with pytest.raises(BoardError, match=r"the board's nRF52840.*found 0x52832"):
        flash(read_image(exported / "firmware.hex"), NRF52, probe)
    assert probe.calls == ["read"]


def test_flash_that_does_not_take_what_is_written_is_found(exported):
    probe = MemoryProbe(0x52840, worn=0x1234)
    with pytest.raises(ToolError, match="at 0x00001234"):
        flash(read_image(exported / "firmware.hex"), NRF52, probe)
    assert "reset" not in probe.calls


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ({0x0: vectors() + bytes(64), 0x100000: b"1234"}, "lies in its flash"),
        ({0x0: vectors() + bytes(64), 0xFDFFE: b"1234"}, "lies in its flash"),  # its last two bytes do not
        ({0x0: vectors(stack=0x10000000) + bytes(64)}, "stack pointer into its RAM"),
        ({0x0: vectors(stack=0x20000802) + bytes(64)}, "stack pointer into its RAM"),
        ({0x0: vectors(reset=0x8) + bytes(64)}, "Thumb code"),
        ({0x0: vectors(reset=0x8001) + bytes(64)}, "Thumb code"),
        ({0x0: b"\0\x08\0\x20"}, "Thumb code"),
        ({0xC200: vectors(reset=0xC209) + bytes(64)}, "starts where the chip does"),
        ({0xC000: bytes(512) + vectors(reset=0xC209) + bytes(64)}, "is signed"),
    ],
)
def test_an_image_that_is_not_the_boards_is_refused(tmp_path, content, rule):
    with pytest.raises(BoardError, match=rule):
        check_image(read_image(write_hex(tmp_path / "a.hex", content)), NRF52)


def test_every_boards_own_export_passes_and_no_other_boards(tmp_path):
    names = ["nrf52", "stm32f407", "rp2040"]
    images = {}
    for name in names:
        splkit_json("export", "--board", name, "--out", str(tmp_path / name))
        images[name] = read_image(tmp_path / name / "firmware.hex")
    for name in names:
        plan(images[name], boards.load(name))
        for other in set(names) - {name}:
            with pytest.raises(BoardError):
                check_image(images[name], boards.load(other))
    blocks = to_uf2(images["rp2040"], 0xE48BFF56)
    assert len(blocks) % 512 == 0
    read_back = IntelHex()
    count = len(blocks) // 512
    for number in range(count):
        block = blocks[512 * number : 512 * (number + 1)]
        *magic, flags, address, size, index, total, family = struct.unpack_from("<8I", block)
        assert magic == [0x0A324655, 0x9E5D5157] and block[508:] == struct.pack("<I", 0x0AB16F30)
        assert (flags, size, index, total, family) == (0x2000, 256, number, count, 0xE48BFF56)
        assert address % 256 == 0
        read_back.puts(address, block[32 : 32 + size])
    for block in images["rp2040"].blocks:
        assert read_back.tobinstr(start=block.address, size=len(block.data)) == block.data


@pytest.mark.parametrize("content", ["", ":00000001FF\n", "no hex\n", ":0100000001FF\n"])
def test_what_is_no_hex_file_is_refused(tmp_path, content):
    (tmp_path / "a.hex").write_text(content)
    with pytest.raises(UsageError, match="an image"):
        read_image(tmp_path / "a.hex")


def test_a_dry_run_prints_the_plan_and_needs_no_probe(exported):
    steps = splkit_json("flash", str(exported), "--dry-run")
    assert [step["action"] for step in steps] == ["ask", "erase", "program", "verify", "reset"]
    assert "0x10000100" in steps[0]["detail"] and "0x00000000.." in steps[1]["detail"]


def test_the_command_refuses_what_does_not_fit(exported, tmp_path):
    for arguments, message in (
        ((str(exported), "--board", "stm32f407", "--dry-run"), "was exported for nrf52"),
        ((str(exported / "firmware.hex"), "--dry-run"), "does not say which board"),
        ((str(exported), "--uf2", str(tmp_path / "a.uf2")), "whose boot loader is a drive"),
        ((str(exported / "firmware.hex"), "--board", "rp2040", "--dry-run"), "lies in its flash"),
        ((str(exported / "firmware.hex"), "--board", "mps2-an386", "--dry-run"), "is flashed"),
    ):
        done = splkit("flash", *arguments)
        assert done.returncode == 2 and message in done.stderr, done.stderr
    assert not (tmp_path / "a.uf2").exists()


def test_hex_for_other_tools_is_the_image_and_replaces_nothing_unasked(exported, tmp_path):
    target = tmp_path / "out.hex"
    assert splkit("flash", str(exported), "--hex", str(target)).returncode == 0
    assert target.read_bytes() == (exported / "firmware.hex").read_bytes()
    assert splkit("flash", str(exported), "--hex", str(target)).returncode == 2
    assert splkit("flash", str(exported), "--hex", str(target), "--force").returncode == 0


def imgtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "imgtool.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("keys")
    made = [folder / "ours.pem", folder / "theirs.pem"]
    for key in made:
        assert imgtool("keygen", "-k", str(key), "-t", "ecdsa-p256").returncode == 0
    return made


def test_a_signed_export_lies_in_the_slot_and_verifies_with_its_key_alone(tmp_path, keys):
    ours, theirs = keys
    folder = tmp_path / "signed"
    arguments = ("--sign", str(ours), "--image-version", "1.4.2+7")
    manifest = splkit_json("export", "--board", "nrf52", *arguments, "--out", str(folder))
    assert manifest["image_version"] == "1.4.2+7"
    signed = folder / "firmware.signed.bin"
    assert imgtool("verify", "-k", str(ours), str(signed)).returncode == 0
    assert imgtool("verify", "-k", str(theirs), str(signed)).returncode != 0
    magic, _, header_bytes, _, size, _, major, minor, revision, build = struct.unpack_from(
        "<IIHHIIBBHI", signed.read_bytes()
    )
    assert (magic, header_bytes, major, minor, revision, build) == (0x96F3B83D, 512, 1, 4, 2, 7)
    assert size == (folder / "firmware.bin").stat().st_size
    image = read_image(folder / "firmware.signed.hex")
    assert image.start == NRF52.mcuboot.slot.origin
    check_image(image, NRF52)
    program = splkit_json("flash", str(folder), "--dry-run")[2]
    assert program["action"] == "program" and "firmware.signed.hex" in program["detail"]
    assert splkit("verify", str(folder), "--inputs", "4", "--duration", "20").returncode == 0


def security_counter(signed: bytes) -> int:
    """What MCUboot holds against the image that runs: of the protected entries behind header and code."""
    header_bytes, _, size = struct.unpack_from("<HHI", signed, 8)
    at = header_bytes + size
    magic, total = struct.unpack_from("<HH", signed, at)
    assert magic == PROTECTED_MAGIC
    entry, end = at + 4, at + total
    while entry < end:
        kind, length = struct.unpack_from("<HH", signed, entry)
        if kind == SECURITY_COUNTER:
            return int.from_bytes(signed[entry + 4 : entry + 4 + length], "little")
        entry += 4 + length
    raise AssertionError("no security counter")


def test_a_later_version_has_a_higher_security_counter(tmp_path, keys):
    versions = ("1.4.0", "1.4.1", "1.5.0", "2.0.0")
    folder = tmp_path / "signed"
    splkit_json("export", "--board", "nrf52", "--sign", str(keys[0]), "--out", str(folder))
    counters = []
    for version in versions:
        sign(folder, NRF52, Signature(keys[0], version))
        counters.append(security_counter((folder / "firmware.signed.bin").read_bytes()))
    assert counters == sorted(set(counters))


def test_a_broken_signed_image_does_not_verify(tmp_path, keys):
    folder = tmp_path / "signed"
    splkit_json("export", "--board", "nrf52832", "--sign", str(keys[0]), "--out", str(folder))
    content = bytearray((folder / "firmware.signed.bin").read_bytes())
    content[0x400] ^= 1
    (tmp_path / "broken.bin").write_bytes(content)
    assert imgtool("verify", "-k", str(keys[0]), str(tmp_path / "broken.bin")).returncode != 0


def test_signing_refuses_bad_versions_keys_and_boards_without_a_slot(tmp_path, keys):
    (tmp_path / "no.pem").write_text("no key")
    for arguments, message in (
        (("nrf52", "--sign", str(keys[0]), "--image-version", "1.2"), "major.minor.revision"),
        (("nrf52", "--sign", str(tmp_path / "no.pem")), "imgtool signs the image"),
        (("stm32f407", "--sign", str(keys[0])), "MCUboot's slot"),
    ):
        done = splkit("export", "--board", *arguments, "--out", str(tmp_path / "out"))
        assert done.returncode == 2 and message in done.stderr, done.stderr
        assert not (tmp_path / "out").exists()
    with pytest.raises(UsageError):
        Signature(keys[0], "1.2.3.4")


def test_listing_probes_answers_in_json():
    assert isinstance(json.loads(splkit("flash", "--list", "--json").stdout), list)
