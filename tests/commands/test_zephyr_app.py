"""`splkit export --zephyr-app`: the application on Zephyr, its files, its pins, its lines on a simulator."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support.c_format import assert_formatted
from support.command_line import splkit, splkit_json
from support.zephyr import Image, build_zephyr, say_zephyr

from splkit import boards
from splkit.boards import pin_number
from splkit.ecg.simulator.patient import draw_patient
from splkit.ecg.simulator.record import simulate_record
from splkit.firmware.parity.twin import Twin
from splkit.firmware.simulators.playback import counts_for
from splkit.firmware.wire.framing import unframe
from splkit.firmware.zephyr_application import CHOSEN, OF_BARE_METAL, SAMPLERS

PINS_A_PORT = 32
OVERLAYS = {"nrf52": "nrf52840dk_nrf52840", "nrf5340": "nrf5340dk_nrf5340_cpuapp"}


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("zephyr") / "export"
    splkit_json("export", "--board", "nrf52", "--zephyr-app", "--out", str(folder))
    return folder


@pytest.fixture(scope="module")
def app(export: Path) -> Path:
    return export / "zephyr-app"


def text_of(app: Path, name: str) -> str:
    return (app / name).read_text("utf-8")


def compiled(app: Path) -> set[str]:
    return set(re.findall(r"src/(\w+\.c)", text_of(app, "CMakeLists.txt")))


def test_it_compiles_the_whole_application_and_the_layer_that_stands_under_it(app: Path) -> None:
    package = files("splkit.firmware")
    application = {each.name for each in (package / "app").iterdir() if each.name.endswith(".c")}
    layer = {each.name for each in (package / "zephyr_app").iterdir() if each.name.endswith(".c")}
    layer -= {name for sampler, names in SAMPLERS.items() if sampler != "adc" for name in names}
    assert compiled(app) == application - set(OF_BARE_METAL) | layer | {"verdict_words.c"}
    assert {*CHOSEN, "sampler_adc.c"} <= layer
    assert compiled(app) == {each.name for each in (app / "src").glob("*.c")}


def test_the_application_is_the_one_of_the_bare_metal_firmware(export: Path, app: Path) -> None:
    shared = {each.name for each in (files("splkit.firmware") / "app").iterdir()}
    for name in (shared & {each.name for each in (app / "src").iterdir()}) | {
        "app_config.h",
        "verdict_words.c",
    }:
        assert (app / "src" / name).read_bytes() == (export / "app" / name).read_bytes(), name


def test_what_it_includes_is_there(export: Path, app: Path) -> None:
    there = {each.name for folder in (app / "src", export / "include") for each in folder.iterdir()}
    wanted = {
        name
        for each in (app / "src").iterdir()
        for name in re.findall(r'#include "([^"]+)"', each.read_text())
    }
    assert wanted - there == {"recording.inc"}


def test_its_c_is_as_clang_format_leaves_it(app: Path) -> None:
    assert_formatted(sorted((app / "src").iterdir()))


def test_an_export_without_the_option_has_none(tmp_path: Path) -> None:
    splkit_json("export", "--board", "nrf52", "--out", str(tmp_path / "export"))
    assert not (tmp_path / "export" / "zephyr-app").exists()


@pytest.mark.parametrize("board", ["stm32l476", "mps2-an386"])
def test_a_board_with_another_converter_is_refused(tmp_path: Path, board: str) -> None:
    done = splkit("export", "--board", board, "--zephyr-app", "--out", str(tmp_path / "export"))
    assert done.returncode != 0 and f"the board {board}" in done.stderr
    assert not (tmp_path / "export").exists()


def gpios(overlay: str, name: str) -> Iterator[int]:
    """The pins of a property, as board.toml counts them."""
    found = re.search(rf"{name} = ([^;]*);", overlay)
    for port, pin in re.findall(r"<&gpio(\d) (\d+)", found[1] if found else ""):
        yield int(port) * PINS_A_PORT + int(pin)


@pytest.mark.parametrize("board", OVERLAYS)
def test_its_pins_are_those_of_the_bare_metal_firmware(app: Path, board: str) -> None:
    description = boards.load(board)
    overlay = text_of(app, f"boards/{OVERLAYS[board]}.overlay")
    pins = {use: pin_number(pin) for use, pin in description.pins.items()}
    assert list(gpios(overlay, "alert-gpios")) == [pins["outputs.alert_pin"]]
    lead_off = [pins[use] for use in ("ecg.lead_off_plus_pin", "ecg.lead_off_minus_pin") if use in pins]
    assert list(gpios(overlay, "lead-off-gpios")) == lead_off
    assert re.findall(r"NRF_SAADC_(\w+)>", overlay) == [f"AIN{description.ecg.analog_input}", "VDD"]
    assert f"({description.ecg.pin})" in overlay


@pytest.fixture(scope="module")
def with_max30003(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("zephyr") / "export"
    splkit_json("export", "--board", "nrf52-max30003", "--zephyr-app", "--out", str(folder))
    return folder


def test_a_max30003_comes_with_the_driver_of_the_bare_metal_firmware(with_max30003: Path) -> None:
    app = with_max30003 / "zephyr-app"
    assert {"sampler_max30003.c", "max30003.c"} <= compiled(app)
    assert compiled(app) == {each.name for each in (app / "src").glob("*.c")}
    for name in SAMPLERS["max30003"][1:]:
        assert (app / "src" / name).read_bytes() == (with_max30003 / "app" / name).read_bytes()
    assert_formatted(sorted((app / "src").iterdir()))


@pytest.mark.parametrize("overlay", OVERLAYS.values())
def test_a_max30003_is_where_the_bare_metal_board_has_it(overlay: str, with_max30003: Path) -> None:
    """Clock and data are those of the Arduino header's SPI in Zephyr's own devicetrees."""
    text = text_of(with_max30003 / "zephyr-app", f"boards/{overlay}.overlay")
    pins = boards.load("nrf52-max30003").pins
    lines = ("sck", "mosi", "miso", "cs", "interrupt")
    for pin in (pins[f"ecg.max30003.{line}_pin"] for line in lines[:-1]):
        assert pin in text
    assert list(gpios(text, "int-gpios")) == [pin_number(pins["ecg.max30003.interrupt_pin"])]
    assert "GPIO_ACTIVE_LOW" in text and "spi-max-frequency = <4000000>" in text


@pytest.mark.parametrize("board", OVERLAYS)
def test_its_converter_gives_the_microvolts_of_a_count_that_the_front_end_assumes(
    app: Path, board: str
) -> None:
    """14 bits over 0.6 V x 6, behind a gain of 100: computed here, apart from board.toml and drivers."""
    overlay = text_of(app, f"boards/{OVERLAYS[board]}.overlay")
    assert re.findall(r'zephyr,gain = "ADC_GAIN_1_(\d)"', overlay) == ["6", "6"]
    assert set(re.findall(r'zephyr,reference = "(\w+)"', overlay)) == {"ADC_REF_INTERNAL"}
    bits = {int(each) for each in re.findall(r"zephyr,resolution = <(\d+)>", overlay)}
    assert [0.6e6 * 6 / 2**each / 100 for each in bits] == [boards.load(board).ecg.uv_per_count]


def rising(folder: Path) -> NDArray[np.int16]:
    """A simulated patient at 4.2, 6.3 and 7.5 mEq/L, 20 s each."""
    patient = draw_patient(np.random.default_rng(8))
    records = (
        simulate_record(level, duration_s=20, seed=8 + i, patient=patient).recording
        for i, level in enumerate((4.2, 6.3, 7.5))
    )
    return np.concatenate([counts_for(folder, record) for record in records])


@pytest.fixture(scope="module", params=["native_sim/native/64", "qemu_cortex_m3"])
def image(
    request: pytest.FixtureRequest, export: Path, app: Path, tmp_path_factory: pytest.TempPathFactory
) -> Image:
    """The application with the recording of `rising`, built by Zephyr."""
    folder = tmp_path_factory.mktemp("built")
    recording = folder / "ecg.bin"
    recording.write_bytes(rising(export).astype("<i2").tobytes())
    return build_zephyr(app, request.param, folder / "build", f"-DRECORDING={recording}")


def test_on_zephyr_every_line_is_the_twins(export: Path, image: Image) -> None:
    counts, twin = rising(export), Twin(export)
    said = say_zephyr(image)
    lines = twin.lines(twin.front_end(counts), len(counts))
    assert said[0].startswith("# splkit ") and said[1:] == lines
    assert {line[0] for line in lines} >= {"B", "K", "A"}


def test_on_zephyr_settings_outlive_a_run(image: Image) -> None:
    if not image.has_flash:
        pytest.skip(f"{image.board} has no flash driver")
    key = "00112233445566778899AABBCCDDEEFF"
    assert answers(say_zephyr(image, f"provision {key}", "session")) == ["R provision ok", "R session ok 1 1"]
    assert answers(say_zephyr(image, "session", keeps_flash=True)) == ["R session ok 2 1"]
    assert answers(say_zephyr(image, "session")) == ["R session error keyless"]


def answers(lines: list[str]) -> list[str]:
    return [unframe(line) for line in lines if line.startswith("R ")]
