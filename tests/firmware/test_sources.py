"""What an export writes beside the library."""

from pathlib import Path

import pytest
from support.c_format import assert_formatted

from splkit import boards
from splkit.firmware.build import build
from splkit.firmware.options import Options
from splkit.firmware.sources import ApplicationContext, write_application


def write(folder: Path, board: str, training: str = "trained on nothing", fs_hz: int = 500) -> Path:
    context = ApplicationContext(
        version="9.9.9",
        model_sha256="f" * 64,
        training=training,
        verdict_words=("ok", "first", "rr"),
        options=Options(kernels=("-O3",)),
    )
    folder.mkdir(exist_ok=True)
    write_application(boards.load(board), fs_hz, folder, context)
    return folder


@pytest.mark.parametrize("board", boards.names())
def test_what_is_written_is_what_clang_format_would_leave(board: str, tmp_path: Path) -> None:
    write(tmp_path, board)
    assert_formatted(sorted((tmp_path / "app").glob("*.[ch]")))


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = write(tmp_path / "1", "nrf52"), write(tmp_path / "2", "nrf52")
    files = sorted(path.relative_to(first) for path in first.rglob("*.*"))
    assert files == sorted(path.relative_to(second) for path in second.rglob("*.*"))
    for file in files:
        assert (first / file).read_bytes() == (second / file).read_bytes()


def test_a_board_gets_its_own_driver_and_nobody_elses(tmp_path: Path) -> None:
    nrf52, mps2 = write(tmp_path / "1", "nrf52"), write(tmp_path / "2", "mps2-an386")
    assert (nrf52 / "app" / "nrf.h").is_file()
    assert not (mps2 / "app" / "nrf.h").exists()
    assert not (nrf52 / "app" / "mps2.h").exists()


def test_the_configuration_is_the_boards(tmp_path: Path) -> None:
    folder = write(tmp_path, "nrf52")
    config = (folder / "app" / "app_config.h").read_text()
    for line in (
        "BOARD_CLOCK_HZ 64000000u",
        "BOARD_FS_HZ 500u",
        "BOARD_ECG_INPUT 0u",
        "BOARD_ECG_PIN 2u",
        "BOARD_UART_TX_PIN 6u",
    ):
        assert f"#define {line}\n" in config
    assert "OPTIMIZE_KERNELS := -O3\n" in (folder / "Makefile").read_text()
    assert "RAM (rw) : ORIGIN = 0x20000000, LENGTH = 0x00040000" in (folder / "app" / "linker.ld").read_text()


def test_any_words_of_a_model_card_make_one_c_string(exported: Path) -> None:
    write(exported, "nrf52", 'trained on "mine"\n\\n, 5 µV', boards.load("nrf52").ecg.fs_hz)
    assert r'trained on \"mine\" \\n, 5 ?V"' in (exported / "app" / "app_config.h").read_text()
    build(exported)
