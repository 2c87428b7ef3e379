"""Numbers that C and Python both have to know, and that no generator writes: compared by value."""

import re
from pathlib import Path

import pytest

from splkit.boards import ecg as board_ecg
from splkit.boards import schema
from splkit.firmware.simulators import application, inference, qemu
from splkit.firmware.wire import framing, protocol, signing

ROOT = Path(__file__).parents[2]
DEFINE = re.compile(r"^#define (\w+) (.+?)(?: */\*.*)?$", re.MULTILINE)


def value_in_c(file: str, name: str) -> int:
    """What a macro comes to, other macros of the file and of board.h put in."""
    texts = [(ROOT / path).read_text(encoding="utf-8") for path in ("firmware/app/board.h", file)]
    macros = dict(pair for text in texts for pair in DEFINE.findall(text))
    text = macros[name]
    while known := [word for word in re.findall(r"\b[A-Z]\w+\b", text) if word in macros]:
        text = re.sub(rf"\b{known[0]}\b", f"({macros[known[0]]})", text)
    return int(eval(re.sub(r"\b(0x[0-9A-Fa-f]+|\d+)[uU]?\b", r"\1", text), {"__builtins__": {}}))


@pytest.mark.parametrize(
    ("value", "file", "name"),
    [
        (framing.CRC16_START, "firmware/app/crc.h", "CRC16_START"),
        (framing.CRC16_POLYNOMIAL, "firmware/app/crc.c", "CRC16_POLYNOMIAL"),
        (framing.END_LETTERS + len("\n"), "firmware/app/line.h", "LINE_END_SIZE"),
        (framing.MAX_COMMAND_LETTERS, "firmware/app/receiver.h", "RECEIVER_TEXT_SIZE"),
        (protocol.HEX_DIGITS, "firmware/app/line.c", "HEX_DIGITS"),
        (protocol.HEX_DIGITS, "firmware/app/fields.c", "SAMPLE_DIGITS"),
        (application.STORE_SLOTS, "firmware/app/board.h", "BOARD_STORE_SLOTS"),
        (application.STORE_WORDS, "firmware/app/board.h", "BOARD_STORE_WORDS"),
        (application.ADVERT_BYTES, "firmware/app/board.h", "BOARD_ADVERT_BYTES"),
        (application.ADDRESS_BYTES, "firmware/app/board.h", "BOARD_ADDRESS_BYTES"),
        (signing.KEY_BYTES, "firmware/app/aes.h", "AES_BYTES"),
        (signing.SIGNATURE_BYTES, "firmware/app/session.h", "SESSION_SIGNATURE_BYTES"),
        (signing.NONCE_BYTES, "firmware/app/ccm.h", "CCM_NONCE_BYTES"),
        (qemu.PSRAM, "firmware/drivers/mps2/mps2.h", "PSRAM_BASE"),
        (qemu.PSRAM_BYTES, "firmware/drivers/mps2/mps2.h", "PSRAM_BYTES"),
        (qemu.PSRAM + qemu.PSRAM_BYTES - qemu.STORE_BYTES, "firmware/drivers/mps2/mps2.h", "STORE_BASE"),
        (qemu.RECORDING_MAGIC, "firmware/drivers/mps2/board.c", "RECORDING_MAGIC"),
        (schema.PAGE_BYTES, "firmware/drivers/nrf/store_pages.h", "STORE_PAGE_BYTES"),
    ],
)
def test_a_number_is_the_same_in_c_and_python(value: int, file: str, name: str) -> None:
    assert value_in_c(file, name) == value


def test_a_max30003_takes_the_same_rates_in_c_and_python() -> None:
    chip = (ROOT / "firmware" / "drivers" / "max30003" / "max30003.c").read_text(encoding="utf-8")
    rates_hz = sorted(map(int, re.findall(r"^#(?:el)?if BOARD_FS_HZ == (\d+)u$", chip, re.MULTILINE)))
    assert rates_hz == sorted(board_ecg.MAX30003_RATES_HZ)


def test_ok_is_ok() -> None:
    header = (ROOT / "codegen" / "templates" / "spl_model.h.j2").read_text(encoding="utf-8")
    assert f"SPL_OK = {inference.SPL_OK}," in header
