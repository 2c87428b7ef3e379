"""Quantiles on the device: C and twin against numbers worked out by hand, alerts that come from the risk."""

import ctypes
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from support.curves import StoredCurve, straight
from support.quantile_models import risk
from support.scenarios import Player, Scenario, counts, signed
from support.stand_in import FS_HZ, POTASSIUM, export_stand_in

from splkit.firmware.build import build
from splkit.firmware.parity.alert import Alerts, Settings
from splkit.firmware.parity.host import load_library
from splkit.firmware.simulators.application import simulate_core
from splkit.firmware.simulators.qemu import simulate_qemu
from splkit.firmware.wire.framing import unframe
from splkit.firmware.wire.protocol import parse_lines
from splkit.quantize.answers import risk_permille
from splkit.quantize.curve import AS_IT_IS, KNOTS, Curve
from splkit.quantize.spread import Spread

THREE = Spread(
    permille=(80, 500, 980),
    correction_meq_l=(-0.1, 0.0, 0.2),
    risks=(risk(5.5, 150), risk(6.5, 40)),
)
"""The stand-in's quantiles lie 0.5 mEq/L below and above its median."""


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_stand_in("mps2-an386", tmp_path_factory.mktemp("stand_in"), POTASSIUM, THREE)


@pytest.fixture(scope="module")
def library(stand_in: Path) -> ctypes.CDLL:
    return load_library(stand_in, [*stand_in.glob("lib/**/*.c")])


def risk_of_c(library: ctypes.CDLL, quantiles: Sequence[int], level: int, curve: Curve = AS_IT_IS) -> int:
    stored = StoredCurve.of(curve)
    return int(library.spl_spread_risk(ctypes.byref(stored), (ctypes.c_int32 * 3)(*quantiles), level))


ORDER = ("none", "normal", "high", "critical")

HALVED = straight(0.5, through=(5000, 4500), spread=2048)
"""5.2 becomes 4.6, and quantiles 0.6 and 1.2 mEq/L away then lie 0.3 and 0.6 away."""


@pytest.mark.parametrize(
    ("quantiles", "level", "permille", "curve"),
    [
        ((4000, 4900, 6000), 5450, 260, AS_IT_IS),  # half of the way from 4.9 to 6.0
        ((4000, 4900, 6000), 4900, 500, AS_IT_IS),
        ((4000, 4900, 6000), 4450, 710, AS_IT_IS),
        ((4000, 4900, 6000), 8000, 10, AS_IT_IS),  # half of the way from 6.0 to 10
        ((4000, 4900, 6000), 10_000, 0, AS_IT_IS),
        ((4000, 4900, 6000), 12_000, 0, AS_IT_IS),
        ((4000, 4900, 6000), 2500, 960, AS_IT_IS),  # half of the way from 1 to 4.0
        ((4000, 4900, 6000), 1000, 1000, AS_IT_IS),
        ((4000, 4900, 6000), -5, 1000, AS_IT_IS),
        ((5000, 5000, 5000), 4999, 921, AS_IT_IS),  # all but one of 4,000 of the 80 between 1 and 5
        ((5000, 5000, 5000), 5000, 20, AS_IT_IS),
        ((200, 300, 400), 1000, 20, AS_IT_IS),  # all below what is plausible
        ((11_000, 11_000, 12_000), 5500, 960, AS_IT_IS),  # all above: half of 80
        ((4600, 5200, 6400), 4600, 500, HALVED),
        ((4600, 5200, 6400), 4300, 920, HALVED),
        ((4600, 5200, 6400), 4900, 260, HALVED),  # half of the way from 4.6 to 5.2
    ],
)
def test_a_risk_by_hand(
    library: ctypes.CDLL, quantiles: tuple[int, ...], level: int, permille: int, curve: Curve
) -> None:
    """Of the plausible range 1 to 10 mEq/L."""
    assert risk_permille(THREE, curve, quantiles, level, POTASSIUM) == permille
    assert risk_of_c(library, quantiles, level, curve) == permille


def test_risks_of_c_and_twin_are_the_same_anywhere(library: ctypes.CDLL) -> None:
    rng = np.random.default_rng(11)
    for _ in range(400):
        quantiles = np.sort(rng.integers(-2000, 14_000, 3)).tolist()
        curve = Curve(tuple(rng.integers(-3000, 3000, len(KNOTS)).tolist()), 300, int(rng.integers(0, 9000)))
        level = int(rng.integers(500, 11_000))
        assert risk_of_c(library, quantiles, level, curve) == risk_permille(
            THREE, curve, quantiles, level, POTASSIUM
        )


def test_quantiles_of_c_are_corrected_and_never_fall(library: ctypes.CDLL) -> None:
    """120 - 100, -5, -90 + 200; then 127 - 100, -128, -128 + 200."""
    for outputs, expected in (((120, -5, -90), [-5, 20, 110]), ((127, -128, -128), [-128, 27, 72])):
        found = (ctypes.c_int32 * 3)()
        library.spl_spread_quantiles((ctypes.c_int8 * 3)(*outputs), 0, found)
        assert list(found) == expected
        assert THREE.corrected(np.array([outputs]))[0].tolist() == expected


def test_a_stream_says_interval_and_risk_of_its_last_estimate(library: ctypes.CDLL) -> None:
    stream, none = ctypes.create_string_buffer(8192), -(2**31)  # its alerts come first
    assert library.spl_init(stream) == 0

    def answer(*quantiles: int) -> None:
        library.spl_alert_answer(stream, 300, (ctypes.c_int32 * 3)(*quantiles), ctypes.c_bool(False))

    def interval(value: int) -> tuple[int, int] | None:
        low, high = ctypes.c_int32(), ctypes.c_int32()
        known = library.spl_interval(stream, value, ctypes.byref(low), ctypes.byref(high)) & 0xFF
        return (low.value, high.value) if known else None

    assert (interval(4900), library.spl_risk(stream, 5450), library.spl_risk(None, 5450)) == (
        None,
        none,
        none,
    )
    answer(4000, 4900, 6000)
    assert (interval(4900), library.spl_risk(stream, 5450)) == ((4000, 6000), 260)
    assert interval(4901) is None
    answer(600, 9800, 10_700)
    assert interval(9800) == (1000, 10_000)
    answer(600, none, 10_700)
    assert (interval(9800), interval(none), library.spl_risk(stream, 5450)) == (None, None, none)


def test_answers_that_grow_lead_c_and_twin_to_the_same_state(library: ctypes.CDLL) -> None:
    rng = np.random.default_rng(3)
    stream, alerts = ctypes.create_string_buffer(8192), Alerts(FS_HZ, spread=THREE)
    assert library.spl_init(stream) == 0
    states = []
    for number in range(300):
        median, is_none, grown = int(rng.integers(4000, 7500)), rng.random() < 0.1, rng.random() < 0.5
        quantiles = [median - 500, median, median + 500]
        held = (ctypes.c_int32 * 3)(quantiles[0], -(2**31) if is_none else median, quantiles[2])
        library.spl_alert_answer(stream, number, held, ctypes.c_bool(grown))
        alerts.answer(number, None if is_none else quantiles, grown=grown)
        states.append(alerts.state)
        assert ORDER[library.spl_alert(stream) & 0xFF] == alerts.state
    assert set(states) == {"none", "normal", "high", "critical"}


class Patient:
    """Answers 8 beats apart, with quantiles as far from the median as they are said to lie."""

    def __init__(self, settings: Settings = Settings(), spread: Spread = THREE) -> None:  # noqa: B008
        self.alerts = Alerts(FS_HZ, settings, POTASSIUM, spread)
        self.now = 0

    def medians(self, *values: int, below: int = 500, above: int = 1000) -> str:
        for each in values:
            self.now += 8 * 240
            self.alerts.answer(self.now, (each - below, each, each + above))
        return self.alerts.state


def test_an_alert_comes_from_the_risk_though_the_median_is_under_its_level() -> None:
    """From 4.7 to 5.7 mEq/L the risk falls from 500 to 20: it is 152 at 5.5 for a median of 4.773."""
    assert Patient().medians(*[4770] * 5) == "normal"
    assert Patient().medians(4773, 4773) == "none"
    assert Patient().medians(*[4773] * 3) == "high"
    assert Patient().medians(*[4773] * 3, above=750) == "normal"  # the risk is 35 there
    assert Patient().medians(*[5545] * 3) == "critical"  # 42 at 6.5


def test_an_alert_is_left_where_the_risk_under_the_hysteresis_is_not_over_the_point() -> None:
    """At 5.2 the risk is 152 for a median of 4.474, and 150 for 4.470."""
    patient = Patient()
    assert patient.medians(*[4800] * 3) == "high"
    assert patient.medians(*[4474] * 5) == "high"
    assert patient.medians(4470, 4470) == "high"
    assert patient.medians(4470) == "normal"


def test_the_rule_stays_with_a_level_that_is_moved() -> None:
    moved = Settings(high_ueq_l=6000, critical_ueq_l=7000)
    assert Patient(moved).medians(*[5269] * 3) == "normal"
    assert Patient(moved).medians(*[5273] * 3) == "high"
    assert Patient(moved).medians(*[6045] * 3) == "critical"


def test_the_calibrated_quantiles_count() -> None:
    """5.4 becomes 4.7; 1 mEq/L above it become 0.5, so that the risk at 5.5 is 19."""
    assert Patient().medians(*[5400] * 3) == "high"
    assert Patient(Settings(HALVED)).medians(*[5400] * 3) == "normal"
    assert Patient(Settings(HALVED, high_ueq_l=5000)).medians(*[5400] * 3) == "high"  # 212 at 5.0


def test_without_risks_on_the_card_the_median_alerts() -> None:
    plain = THREE.model_copy(update={"risks": ()})
    assert plain.alert_permille(5.5) == plain.alert_permille(6.5) == 499
    assert Patient(spread=plain).medians(*[5490] * 3) == "normal"
    assert Patient(spread=plain).medians(*[5500] * 3) == "high"
    one = THREE.model_copy(update={"risks": THREE.risks[:1]})
    assert (one.alert_permille(5.5), one.alert_permille(6.5)) == (150, 499)


@pytest.fixture(scope="module")
def stand_in_elf(stand_in: Path) -> Path:
    return build(stand_in).elf


@pytest.mark.parametrize("engine", ["core", "qemu"])
def test_the_board_alerts_by_the_risk(engine: str, stand_in_elf: Path) -> None:
    """The stand-in's upper quantile lies 0.5 mEq/L above the median: 5.1 has the risk 116, 5.2 has 212."""
    scenario = Scenario(
        "",
        counts(["12x5100", "12x5200", "20x4400"]),
        signed([
            "< K \\d+ 5100 4600 5600 (-?\\d+)/\\1/\\1 normal 116 16",
            "< K \\d+ 5200 4700 5700 \\S+ normal 212 17",
            "> alert 5200 6000",
            "< R alert ok",
            "< A \\d+ high",
            "< K \\d+ 4400 3900 4900 \\S+ high 19 16",
            "< A \\d+ normal",
        ]),
        ("A \\d+ critical",),
    )  # fmt: skip
    player = Player(scenario)
    if engine == "core":
        lines = simulate_core(stand_in_elf, scenario.counts, respond=player.hear)
    else:
        lines = simulate_qemu(stand_in_elf, scenario.counts, FS_HZ, respond=player.hear)
    player.end()
    assert len(parse_lines(lines).estimates) == 11


def test_the_firmware_goes_through_the_same_states_as_its_twin(stand_in_elf: Path) -> None:
    rng = np.random.default_rng(7)
    stretches = [f"{rng.integers(12, 40)}x{10 * level}" for level in rng.integers(400, 700, 24)]
    heard = [unframe(each).split() for each in simulate_core(stand_in_elf, counts(stretches))]
    alerts, said = Alerts(FS_HZ, contract=POTASSIUM, spread=THREE), []
    for kind, sample, *fields in heard:
        if kind == "K":
            median = int(fields[0])
            alerts.answer(int(sample), (median - 500, median, median + 500))
            said.append(alerts.state)
    assert [fields[4] for kind, _, *fields in heard if kind == "K"] == said
    assert {"normal", "high", "critical"} <= set(said) and len(said) > 60
