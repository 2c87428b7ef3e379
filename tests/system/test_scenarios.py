"""The whole application, scenario by scenario: on the core engine, and with interrupts and UART in QEMU."""

from pathlib import Path
from time import sleep

import pytest
from support.scenarios import Player, Scenario, scenarios
from support.stand_in import FS_HZ, export_stand_in

from splkit.firmware.build import build
from splkit.firmware.simulators.application import simulate_core
from splkit.firmware.simulators.qemu import simulate_qemu
from splkit.firmware.wire.protocol import parse_lines

SCENARIOS = scenarios()


@pytest.fixture(scope="module")
def elf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(export_stand_in("mps2-an386", tmp_path_factory.mktemp("system"))).elf


@pytest.mark.parametrize("engine", ["core", "qemu"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.name)
def test_scenario(engine: str, scenario: Scenario, elf: Path) -> None:
    player = Player(scenario)
    if engine == "core":
        lines = simulate_core(elf, scenario.counts, respond=player.hear)
    else:
        lines = simulate_qemu(elf, scenario.counts, FS_HZ, respond=player.hear)
    player.end()
    parse_lines(lines)


def test_the_board_in_qemu_waits_for_a_slow_host(elf: Path) -> None:
    scenario = next(each for each in SCENARIOS if each.name.startswith("replayed"))
    player = Player(scenario)

    def hear_slowly(text: str) -> str:
        sent = player.hear(text)
        if sent:
            sleep(0.3)  # long enough for QEMU to play the rest of the recording
        return sent

    simulate_qemu(elf, scenario.counts, FS_HZ, respond=hear_slowly)
    player.end()


def test_a_scenario_that_does_not_happen_fails() -> None:
    scenario = Scenario("", SCENARIOS[0].counts, ("< A .*", "> status", "< R .*"), ("E .*",))
    player: Player = Player(scenario)
    assert player.hear("B 1") == ""
    assert player.hear("A 1 high") == "status*831A\n"
    with pytest.raises(AssertionError, match=r"never came: '< R \.\*'"):
        player.end()
    player.hear("E lost 1")
    with pytest.raises(AssertionError, match="'E lost 1' was said"):
        player.end()
