"""Building an exported folder: what comes out, and what is said when nothing does."""

import re
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from intelhex import IntelHex
from support.stand_in import export_stand_in

from splkit import boards
from splkit.errors import ToolError, UsageError
from splkit.firmware.binary.elf import Elf
from splkit.firmware.build import build, build_steps, find_compiler, make
from splkit.firmware.simulators.application import simulate_core

OUTPUTS = ("firmware.elf", "firmware.hex", "firmware.bin", "firmware.map")


def spoil(folder: Path, text: str) -> str:
    """The message of a build with `text` added to the application."""
    with (folder / "app" / "app.c").open("a") as source:
        source.write(text)
    with pytest.raises(ToolError) as error:
        build(folder)
    return str(error.value)


def test_every_step_is_reported(exported: Path) -> None:
    steps: list[int] = []
    result = build(exported, steps.append)
    assert sum(steps) == build_steps(exported)
    assert [result.elf.name, result.hex.name, result.bin.name, result.map.name] == list(OUTPUTS)
    assert "arm-none-eabi-gcc" in result.compiler


@pytest.mark.parametrize("board", ["nrf52", "mps2-an386"])
def test_the_same_sources_give_the_same_bytes_in_any_folder(
    board: str, built: Callable[[str], Path], tmp_path: Path
) -> None:
    first, second = built(board), tmp_path / "a folder with spaces"
    shutil.copytree(first, second, ignore=shutil.ignore_patterns("build", "firmware.*"))
    build(second)
    for name in OUTPUTS:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


@pytest.mark.parametrize("board", boards.names())
def test_every_board_builds_without_a_warning_into_its_flash(
    board: str, built: Callable[[str], Path]
) -> None:
    folder, memory = built(board), boards.load(board).memory
    image = IntelHex(str(folder / "firmware.hex"))
    elf = Elf(folder / "firmware.elf")
    flash = elf.segments[0]
    start = memory.flash.origin
    assert (image.minaddr(), image.maxaddr() + 1) == (start, start + len(flash.data))
    assert image.tobinstr() == flash.data == (folder / "firmware.bin").read_bytes()


def test_the_board_of_the_porting_guide_builds(root: Path, tmp_path: Path) -> None:
    (example,) = re.findall(
        r"```toml\n(.*?)```", (root / "docs" / "porting.md").read_text("utf-8"), re.DOTALL
    )
    result = build(export_stand_in(boards.parse(example, "docs/porting.md"), tmp_path / "ported"))
    assert " my-patch fs_hz=300 " in simulate_core(result.elf, np.zeros(10, np.int16))[0]


@pytest.mark.parametrize("board", boards.names())
def test_what_runs_first_finds_its_stack_and_its_start(board: str, built: Callable[[str], Path]) -> None:
    elf = Elf(built(board) / "firmware.elf")
    flash, vectors = elf.segments[0], elf.symbol("vectors").address
    words = np.frombuffer(flash.data, "<u4", 4, vectors - flash.address).tolist()
    assert words[0] == boards.load(board).memory.ram.origin + boards.load(board).memory.stack_bytes
    assert words[1] == elf.symbol("reset_handler").address | 1
    assert words[3] == elf.symbol("fault_handler").address | 1
    assert vectors % 256 == 0  # 48 words, rounded up to a power of two: VTOR


def test_the_boot_rom_of_the_rp2040_takes_the_second_stage(built: Callable[[str], Path]) -> None:
    elf = Elf(built("rp2040") / "firmware.elf")
    stage = elf.segments[0].data[:256]
    assert int.from_bytes(stage[252:], "little") == crc32_msb_first(stage[:252])
    assert elf.symbol("boot").address == 0x1000_0000
    assert elf.symbol("vectors").address == 0x1000_0100  # where it goes on


def crc32_msb_first(data: bytes) -> int:
    """CRC-32 as the boot ROM computes it (RP2040 Datasheet, 2.8.1.3.1): MSB first, not inverted."""
    register = 0xFFFF_FFFF
    for byte in data:
        register ^= byte << 24
        for _ in range(8):
            register = (register << 1 ^ (0x04C1_1DB7 if register >> 31 else 0)) & 0xFFFF_FFFF
    return register


def test_the_stack_starts_the_ram_and_the_vectors_the_flash(built: Callable[[str], Path]) -> None:
    elf = Elf(built("nrf52") / "firmware.elf")
    assert elf.symbol("stack_limit").address == 0x2000_0000
    assert elf.symbol("stack_top").address == 0x2000_0600
    assert elf.symbol("vectors").address == 0
    vectors = [int.from_bytes(elf.segments[0].data[at : at + 4], "little") for at in range(0, 64, 4)]
    assert vectors[0] == 0x2000_0600
    assert vectors[1] == elf.symbol("reset_handler").address | 1
    assert vectors[3] == elf.symbol("fault_handler").address | 1


def test_footprint_is_inference_and_nothing_else(built: Callable[[str], Path]) -> None:
    folder = built("nrf52")
    make(folder, "footprint")
    alone, whole = Elf(folder / "build" / "footprint.elf"), Elf(folder / "firmware.elf")
    assert 60 < alone.flash_bytes < 500 < 2000 < whole.flash_bytes
    assert 0 <= alone.ram_bytes - (270 + 270 + 1) < 8  # context, input and output, aligned
    with pytest.raises(ToolError):
        alone.symbol("spl_push")


def test_an_error_is_quoted(exported: Path) -> None:
    message = spoil(exported, "int f(void) { return wrong; }\n")
    assert "app/app.c" in message
    assert "'wrong' undeclared" in message


def test_a_board_that_samples_at_another_rate_than_the_front_end_does_not_build(exported: Path) -> None:
    config = exported / "app" / "app_config.h"
    rate = re.search(r"#define BOARD_FS_HZ (\d+)u\n", text := config.read_text())
    assert rate
    config.write_text(text.replace(rate[0], f"#define BOARD_FS_HZ {int(rate[1]) + 1}u\n"))
    with pytest.raises(ToolError, match="another rate than the front end was made for"):
        build(exported)


def test_a_warning_is_an_error(exported: Path) -> None:
    assert "-Werror=conversion" in spoil(exported, "char f(int i);\nchar f(int i) { return i; }\n")


def test_a_heap_does_not_link(exported: Path) -> None:
    with (exported / "app" / "main.c").open("a") as source:
        source.write(
            "#include <stdlib.h>\nvoid *grow(int n);\nvoid *grow(int n) { return malloc((size_t)n); }\n"
        )
    main = exported / "app" / "main.c"
    main.write_text(
        main.read_text().replace("app_init();", "extern void *grow(int); app_lost((uint32_t)grow(4));")
    )
    with pytest.raises(ToolError, match="sbrk"):
        build(exported)


def test_variables_that_do_not_fit_the_ram_are_refused_by_the_linker(exported: Path) -> None:
    script = exported / "app" / "linker.ld"
    script.write_text(script.read_text().replace("LENGTH = 0x00040000", "LENGTH = 0x00000900"))
    with pytest.raises(ToolError, match="region `RAM' overflowed"):
        build(exported)


def test_a_folder_that_export_did_not_make_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has a Makefile"):
        build(tmp_path)


def test_a_missing_compiler_is_said_with_what_to_install(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "make").symlink_to(str(shutil.which("make")))
    monkeypatch.delenv("ARM_GCC", raising=False)
    monkeypatch.setenv("PATH", str(tools))
    with pytest.raises(ToolError, match=r"none on PATH; apt-get install gcc-arm-none-eabi"):
        build(exported)
    (tools / "make").unlink()
    with pytest.raises(ToolError, match="make is needed"):
        build(exported)


def test_arm_gcc_names_the_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = find_compiler()
    monkeypatch.setenv("ARM_GCC", str(real))
    assert find_compiler() == real
    monkeypatch.setenv("ARM_GCC", "/nowhere/arm-none-eabi-gcc")
    with pytest.raises(ToolError, match="no program at ARM_GCC=/nowhere"):
        find_compiler()
    other = tmp_path / "clang"
    other.write_text("#!/bin/sh\n")
    other.chmod(other.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("ARM_GCC", str(other))
    with pytest.raises(ToolError, match="names a gcc"):
        find_compiler()
