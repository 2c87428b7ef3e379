"""The estimate of time, energy and battery life, and the comparison and picture of profiles."""

from pathlib import Path

import pytest

from splkit import boards
from splkit.errors import BoardError, UsageError
from splkit.firmware.profiling.comparison import FIGURES, compare
from splkit.firmware.profiling.energy import estimate
from splkit.firmware.profiling.figures import LayerProfile, Profile
from splkit.firmware.profiling.memory_map import ArenaBuffer
from splkit.firmware.profiling.picture import draw_profile

NRF52 = (boards.folder("nrf52") / "board.toml").read_text("utf-8")
LAYER = LayerProfile(
    name="spl_layer_01_conv_2d",
    operators="CONV_2D",
    kernel="spl_conv_2d_s8",
    slower="",
    instructions=900,
    macs=600,
    instructions_a_mac=1.5,
    flash_bytes=300,
    arena_bytes=64,
    stack_bound_bytes=80,
)
VIEW = LAYER.model_copy(
    update={"name": "spl_layer_03_softmax", "macs": 0, "instructions_a_mac": None, "arena_bytes": 32}
)
FIGURES_OF_TWO_LAYERS = Profile(
    flash_bytes=2000,
    ram_bytes=100,
    stack_bytes=90,
    stack_bound_bytes=200,
    instructions=1900,
    macs=600,
    layers=(LAYER, VIEW),
    firmware_flash_bytes=5000,
    firmware_ram_bytes=3000,
    arena_bytes=64,
    memory=(
        ArenaBuffer(name="relu", offset=0, size=32, first=LAYER.name, last=VIEW.name),
        ArenaBuffer(name=f"{LAYER.name} scratch", offset=32, size=32, first=LAYER.name, last=LAYER.name),
    ),
    shared_flash_bytes=1400,
)


def test_time_energy_and_battery_follow_from_the_power_table() -> None:
    # 640,000 instructions at 64 MHz, 8.75 times a minute, and 64,000 instructions a second of the front end.
    found = estimate(boards.load("nrf52"), 640_000, 64_000, battery_mah=200)
    assert found is not None and found.battery_mah == 200
    assert (found.cycles.low, found.cycles.high) == (640_000, 1_280_000)
    assert (found.time_ms.low, found.time_ms.high) == (10, 20)
    assert found.inferences_per_minute == 8.75
    duty = 0.010 * 8.75 / 60 + 0.001
    assert (found.duty.low, found.duty.high) == (pytest.approx(duty), pytest.approx(2 * duty))
    assert found.energy_uj and found.mean_ma and found.computing_ma and found.battery_hours
    assert found.energy_uj.low == pytest.approx(10 * 6.3 * 3)
    assert found.computing_ma.low == pytest.approx(duty * (6.3 - 0.00316))
    idle_ma = 0.00316 + (300 * 0.057 + 16.8) / 1000
    assert found.mean_ma.high == pytest.approx(idle_ma + 2 * duty * (6.3 - 0.00316))
    assert found.battery_hours.low == pytest.approx(200 / found.mean_ma.high)
    assert found.battery_hours.low < found.battery_hours.high < 200 / idle_ma


def test_an_estimate_says_what_it_assumes() -> None:
    with_front_end = estimate(boards.load("nrf52"), 640_000, 64_000)
    without = estimate(boards.load("nrf52"), 640_000)
    assert with_front_end and without
    words = " ".join(with_front_end.assumptions)
    for word in (
        "1 to 2 cycles",
        "DDI 0439",
        "64 MHz",
        "8 beats",
        "70 beats",
        "6.3 mA",
        "Product Specification",
    ):
        assert word in words
    assert any("--ecg" in each for each in without.assumptions)
    assert without.duty.low < with_front_end.duty.low


def test_a_board_without_a_power_table_gets_times_alone() -> None:
    found = estimate(boards.load("mps2-an386"), 250_000)
    assert found and found.time_ms.low == 10
    assert found.energy_uj is found.mean_ma is found.battery_hours is None
    assert found.assumptions[-1].startswith("no power table")


@pytest.mark.parametrize("board", ["rp2040", "nrf5340"])
def test_cycles_of_other_cores_are_not_guessed(board: str) -> None:
    assert estimate(boards.load(board), 250_000) is None


def test_a_power_table_in_which_sleep_saves_nothing_is_refused() -> None:
    assert "sleep_ma = 0.00316" in NRF52
    with pytest.raises(BoardError, match="sleep_ma is under run_ma"):
        boards.parse(NRF52.replace("sleep_ma = 0.00316", "sleep_ma = 7.0"), "board.toml")


def test_a_comparison_has_the_second_over_the_first() -> None:
    second = FIGURES_OF_TWO_LAYERS.model_copy(
        update={
            "instructions": 3800,
            "flash_bytes": 1000,
            "layers": (LAYER.model_copy(update={"instructions": 2700}),),
        }
    )
    found = compare(FIGURES_OF_TWO_LAYERS, second)
    assert set(found.ratios) == set(FIGURES)
    assert (found.ratios["instructions"], found.ratios["flash_bytes"]) == (2, 0.5)
    assert found.ratios["ram_bytes"] == 1
    assert found.layer_ratios == {LAYER.name: 3}


def test_a_picture_is_drawn_and_an_unknown_kind_refused(tmp_path: Path) -> None:
    draw_profile(FIGURES_OF_TWO_LAYERS, "two layers", tmp_path / "new" / "profile.svg")
    text = (tmp_path / "new" / "profile.svg").read_text("utf-8")
    assert text.startswith("<?xml") and len(text) > 5000
    with pytest.raises(UsageError, match="a picture is"):
        draw_profile(FIGURES_OF_TWO_LAYERS, "two layers", tmp_path / "profile.doc")
