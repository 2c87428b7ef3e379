"""The application on Zephyr for the nRF52840 DK: its ELF on Renode's own peripherals, with a MAX30003."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.command_line import splkit_json
from support.zephyr import build_zephyr

from splkit.ecg.recordings.readers import read_recording
from splkit.firmware.parity.twin import Twin
from splkit.firmware.simulators.playback import counts_for
from splkit.firmware.simulators.renode import OPTIONS, platform_files
from splkit.needs import RENODE

HERE = Path(__file__).parent
BOARD = "nrf52840dk/nrf52840"
OVERLAY = f"-DEXTRA_DTC_OVERLAY_FILE={HERE / 'zephyr.overlay'}"
RECORDING_S = 60.0
TIMEOUT_S = 300
SLOT, SLOT_BYTES, FLASH_END = 0xC000, 0x76000, 0x10_0000
"""Of the DK's devicetree."""


@pytest.fixture(scope="module")
def export(renode_test: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert renode_test.exists()
    folder = tmp_path_factory.mktemp("zephyr") / "export"
    splkit_json("export", "--board", "nrf52-max30003", "--zephyr-app", "--out", str(folder))
    return folder


def play(export: Path, elf: Path, folder: Path, slot: bytes = b"") -> tuple[list[str], list[str]]:
    """What a chip says that starts with an ELF and has bytes in its slot; what the twin says."""
    platform_files("nrf52-max30003", folder)
    for name in ("zephyr.repl", "zephyr.resc"):
        shutil.copy(HERE / name, folder)
    shutil.copy(elf, folder / "boot.elf")
    (folder / "flash.bin").write_bytes(slot.ljust(FLASH_END - SLOT, b"\xff"))
    counts, twin = counts_for(export, read_recording("toy"), RECORDING_S), Twin(export)
    counts.astype("<i2").tofile(folder / "recording.i16")
    lines = folder / "lines.txt"
    steps = (f"$lines=@{lines}", "include @zephyr.resc", f'emulation RunFor "{RECORDING_S + 2}"', "quit")
    (folder / "run.resc").write_text("\n".join(steps) + "\n")
    command = [RENODE.path(), *OPTIONS, "-e", "include @run.resc"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S, check=True)
    assert "refused" not in done.stdout, done.stdout
    return lines.read_text("ascii").splitlines(), twin.lines(twin.front_end(counts), len(counts))


def test_samples_of_a_max30003_give_the_twins_lines(export: Path, tmp_path: Path) -> None:
    """Zephyr's own drivers, Renode's own SPIM, GPIO, RTC and UARTE; the MAX30003 is ours."""
    image = build_zephyr(export / "zephyr-app", BOARD, tmp_path / "build", OVERLAY)
    said, lines = play(export, image.path, tmp_path)
    assert said[0].startswith("# splkit ")
    assert said[1:] == lines
    assert {line[0] for line in lines} >= {"B", "K", "A"}


def test_mcuboot_starts_it_where_it_is_signed_and_not_where_a_bit_is_another(
    export: Path, tmp_path: Path
) -> None:
    """MCUboot as Zephyr builds it, with its public test key."""
    modules = os.environ.get("ZEPHYR_MODULES", "").split(";")
    mcuboot = next((Path(each) for each in modules if Path(each).name == "mcuboot"), None)
    if mcuboot is None:
        pytest.skip("no mcuboot in ZEPHYR_MODULES")
    key = mcuboot / "root-ec-p256.pem"
    choices = ("BOOT_SIGNATURE_TYPE_ECDSA_P256=y", f'BOOT_SIGNATURE_KEY_FILE="{key}"', "NORDIC_QSPI_NOR=n")
    options = [f"-DCONFIG_{choice}" for choice in choices]
    boot = build_zephyr(mcuboot / "boot" / "zephyr", BOARD, tmp_path / "mcuboot", *options).path
    options = [OVERLAY, "-DCONFIG_BOOTLOADER_MCUBOOT=y"]
    image = build_zephyr(export / "zephyr-app", BOARD, tmp_path / "app", *options).path
    signed = tmp_path / "signed.bin"
    sign = f"sign -k {key} --header-size 0x200 --slot-size {SLOT_BYTES:#x} --align 4 --version 1.0.0".split()
    command = [sys.executable, "-m", "imgtool.main", *sign, image.with_suffix(".bin"), signed]
    subprocess.run(command, check=True, capture_output=True)
    slot = bytearray(signed.read_bytes())
    said, lines = play(export, boot, tmp_path, bytes(slot))
    assert said[said.index("I: Jumping to the first image slot") + 2 :] == lines
    slot[len(slot) // 2] ^= 1
    said, _ = play(export, boot, tmp_path, bytes(slot))
    assert "E: Image in the primary slot is not valid!" in said
    assert not [line for line in said if line.startswith("# splkit ")]
