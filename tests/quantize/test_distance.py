"""How far a cycle is from those of training, against principal components and sums worked out apart."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError
from support.distance_models import (
    PLAIN,
    TIME_S,
    cycle_of,
    distance_card,
    hand_made_distance,
    learned,
    set_of,
)
from support.single_answer import single_answer_model

from splkit.commands.answer_table import faults_in_words
from splkit.ecg.recordings.recording import Recording
from splkit.firmware.wire.events import Fault
from splkit.firmware.wire.framing import frame
from splkit.firmware.wire.protocol import parse_lines
from splkit.quantize.carried import with_card
from splkit.quantize.distance import Distance
from splkit.quantize.distance_fit import fit_distance, limit_of, with_refused
from splkit.quantize.estimate import estimate
from splkit.quantize.stated import stated_card

POINTS, VALUES = 5, 54


def spikes(limit: int = 90_000, mean: tuple[int, ...] = (0,) * VALUES) -> Distance:
    """Components that are one value each: the first eight values, within -127 to 25,400, are explained."""
    components = tuple(tuple(127 if at == k else 0 for at in range(VALUES)) for k in range(8))
    ends = {"least": (-512,) * 8, "greatest": (512 * 200,) * 8}
    return Distance(mean=mean, components=components, limit=limit, held_out=1, **ends)


def cycle(values: dict[int, int]) -> NDArray[np.int16]:
    """int16[1, 270] that is 0 but for these values, each of five points."""
    found = np.zeros(VALUES, np.int16)
    for at, value in values.items():
        found[at] = value
    return np.repeat(found, POINTS)[None]


@pytest.mark.parametrize(
    ("values", "percent"),
    [
        ({}, 0),
        ({20: 300}, 100),  # 300^2, the limit itself
        ({20: 301}, 101),  # 90,601: rounded up, so that all over 100 is beyond the limit
        ({20: 30}, 1),
        ({20: 31}, 2),
        ({20: 180, 53: -240}, 100),  # 3 : 4 : 5
        ({0: 25_400, 7: -127}, 0),  # explained
        ({7: 12_345, 8: 300}, 100),
        ({0: 25_400 + 30}, 1),  # 30 more than in any training cycle, and 180 and 240 less
        ({0: -127 - 180, 3: 25_400 + 240}, 100),
        ({20: 32_767}, 1_192_974),  # 1,073,676,289
        (dict.fromkeys(range(20, 24), -32_768), 4_772_185),  # 2^32 counts as 2^32 - 1 less a hundredth
    ],
)
def test_a_distance_by_hand(values: dict[int, int], percent: int) -> None:
    assert spikes().percent(cycle(values)).tolist() == [percent]
    assert spikes().refuses(cycle(values)).tolist() == [percent > 100]


def test_the_mean_is_taken_off() -> None:
    mean = tuple(1000 if at == 30 else 0 for at in range(VALUES))
    assert spikes(mean=mean).percent(cycle({30: 1300})).tolist() == [100]
    assert spikes(mean=mean).percent(cycle({30: 1000})).tolist() == [0]
    assert spikes(mean=mean).percent(cycle({}))[0] == 1112  # 1000^2 of 300^2


def test_five_points_are_one_value_a_half_rounded_up() -> None:
    points = np.zeros((4, 270), np.int16)
    points[0, 100:105] = (1501, 1500, 1500, 1500, 1501)  # 300.4 + ...: 7502 / 5 = 1500.4
    points[1, 100:105] = (1501, 1501, 1500, 1500, 1501)  # 1500.6
    points[2, 100:105] = -np.array((1501, 1500, 1500, 1500, 1501))
    points[3, 100:105] = -np.array((1501, 1501, 1500, 1500, 1501))
    assert np.sqrt(spikes().left_over(points)).tolist() == [1500, 1501, 1500, 1501]


def test_components_are_those_of_the_training_cycles() -> None:
    """By a singular value decomposition in floating point, each scaled to 127 at its greatest value."""
    train = learned()
    found = hand_made_distance()
    values = train.averaged.reshape(-1, VALUES, POINTS).mean(axis=2)
    assert np.abs(values.mean(axis=0) - found.mean).max() <= 0.51
    _, size, rows = np.linalg.svd(values - values.mean(axis=0), full_matrices=False)
    assert size[4] > 1.5 * size[5]  # below them lies noise, whose directions hang on roundings
    for row, component in zip(rows[:5], found.components[:5], strict=True):
        scaled = row / row[np.argmax(np.abs(row))] * 127
        assert np.abs(scaled - component).max() <= 1.0
        assert max(component) == 127 and min(component) >= -127


def test_distances_agree_with_floating_point_to_two_steps_of_the_cycle() -> None:
    """What is rounded: each value to 0.5, what is explained of it to 0.5, and coefficients to 1/1024 of
    a component, so to 8 * 127 / 1024 = 1. Of the root mean square, which no projection makes longer, that
    is 2 of the 4096 that R has; components are a little askew of each other, which adds a per cent.
    """
    found = hand_made_distance()
    every = np.concatenate([learned(100, seed=9).averaged, np.array(spoiled(), np.int16)])
    values = every.reshape(-1, VALUES, POINTS).mean(axis=2) - found.mean
    rows = np.array(found.components, float)
    rms = np.sqrt(found.left_over(every) / VALUES)
    amounts = values @ rows.T / (rows**2).sum(axis=1)
    trained = learned().averaged.reshape(-1, VALUES, POINTS).mean(axis=2) - found.mean
    seen = trained @ rows.T / (rows**2).sum(axis=1)
    rest = values - np.clip(amounts, seen.min(axis=0), seen.max(axis=0)) @ rows
    assert np.abs(rms - np.sqrt((rest**2).mean(axis=1))).max() <= 2.02
    assert (rms > 400).any() and (rms < 60).any()


def spoiled() -> list[NDArray[np.int16]]:
    """A plain cycle inverted, 20 ms late, and waves of no heart."""
    plain = cycle_of(PLAIN)
    sines = [(4096 * np.cos(2 * np.pi * hz * TIME_S)).astype(np.int16) for hz in (1, 2, 3)]
    return [-plain, np.roll(plain, 6), *sines]


def test_what_is_like_training_is_answered_and_what_is_spoiled_is_not() -> None:
    found = hand_made_distance()
    others = learned(400, seed=4)
    assert found.refuses(others.averaged).mean() <= 0.01
    assert not found.refuses(cycle_of(PLAIN)[None])[0]
    assert found.refuses(np.array(spoiled())).all()
    assert found.refuses(cycle_of(replace(PLAIN, t_over_r=-0.4))[None])[0]


def test_extreme_cycles_are_far_away_and_stay_numbers() -> None:
    extreme = np.array([[-32768] * 270, [32767] * 270, [-32768, 32767] * 135], np.int16)
    found = hand_made_distance()
    assert (found.percent(extreme[:2]) > 1000).all() and (found.left_over(extreme) > 0).all()
    assert found.percent(extreme).max() <= (2**32 - 1) // found.unit


@pytest.mark.parametrize(
    ("count", "number"), [(999, 997), (1000, 998), (1999, 1994), (332, 332), (333, 333), (10, 10)]
)
def test_the_limit_is_the_distance_that_three_in_a_thousand_exceed(count: int, number: int) -> None:
    """Of distances 1000, 2000 ... it is number 0.997 (n + 1), rounded up, or the last one."""
    distances = np.random.default_rng(1).permutation(np.arange(1, count + 1)) * 1000
    assert limit_of(distances) == 1000 * number
    assert limit_of(distances - 1) == 1000 * number  # a multiple of 100
    assert limit_of(np.array([0])) == 100
    assert limit_of(np.array([2**40])) == 2_147_483_600


def test_the_limit_is_that_of_patients_whom_the_components_have_not_seen() -> None:
    """Four cycles have waves of their own kind, all in the same fifth of the patients."""
    train = learned(400)
    odd = np.flatnonzero(train.patient % 5 == 2)[:4]
    cycles = train.averaged.copy()
    for number, at in enumerate(odd):
        cycles[at, 200 + 15 * number :] += 1500
    found = fit_distance(set_of(cycles, train.patient))
    assert found is not None and found.held_out == 400
    seen = found.left_over(cycles[odd])
    assert found.limit > 4 * np.sort(seen)[-2]


def test_the_same_cycles_give_the_same_bytes_in_any_order() -> None:
    train, order = learned(120), np.random.default_rng(5).permutation(120)
    first = fit_distance(train)
    again = fit_distance(set_of(train.averaged[order], train.patient[order]))
    assert first is not None and first == again == fit_distance(train)


def test_too_few_cycles_show_no_distance() -> None:
    train = learned(54)
    assert fit_distance(train) is not None
    assert fit_distance(train.where(np.arange(54) > 0)) is None
    assert fit_distance(set_of(train.averaged, np.zeros(54, np.int64))) is None


def test_the_card_says_who_gets_no_answer() -> None:
    """Of three patients one has only cycles beyond the limit; errors are 0.1, 0.2 and, refused, 1 and 2."""
    plain, away = cycle_of(PLAIN), -cycle_of(PLAIN)
    test = set_of(np.array([plain, away, plain, away]), np.array([1, 1, 2, 3]))
    single = set_of(np.array([plain, away]), np.array([1, 1]), beats=1)
    answers = np.array([5.1, 6.0, 4.8, 3.0])
    found = with_refused(hand_made_distance(), [test, single, single.where(np.zeros(2, bool))], test, answers)
    assert found.test is not None
    assert (found.test.cycles, found.test.cycles_refused, found.test.share) == (4, 2, 0.5)
    assert (found.test.patients, found.test.patients_refused) == (3, 1)
    assert (found.test.answered_mae_meq_l, found.test.refused_mae_meq_l) == (0.15, 1.5)
    assert [(each.beats, each.share) for each in found.validation] == [(8, 0.5), (1, 0.5)]
    assert "50.0% of the test cycles; of 3 patients 1 have none" in found.words


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"limit": 250}, "multiple of 100"),
        ({"limit": 2**31 + 52}, "less than or equal to 2147483647"),
        ({"mean": [0] * 53}, "at least 54 items"),
        ({"mean": [40_000] * 54}, "less than or equal to 32767"),
        ({"components": [[127] * 54] * 7}, "at least 8 items"),
        ({"components": [[126] * 54] * 8}, "the greatest value of a component is 127"),
        ({"components": [[-128, 127] * 27] * 8}, "greater than or equal to -127"),
    ],
)
def test_distances_that_make_no_sense(changes: dict[str, Any], rule: str) -> None:
    with pytest.raises(ValidationError, match=rule):
        Distance.model_validate(spikes().model_dump() | changes)


def strip(t_over_r: float) -> Recording:
    """Ten beats, 12 s, T waves of that height."""
    time_s = np.arange(12 * 500) / 500
    beats = (replace(PLAIN, r_s=0.6 + 0.9 * each, t_over_r=t_over_r) for each in range(12))
    signal_uv = sum(each.uv(time_s) for each in beats)
    return Recording(np.asarray(signal_uv) / 1000, 500, "V5", "made by hand")


def test_an_estimate_on_this_machine_is_held_to_the_distance(tmp_path: Path) -> None:
    pytest.importorskip("tflite_micro", reason="the oracle, of the extra [verify], is not installed")
    model = tmp_path / "model.tflite"
    model.write_bytes(with_card(single_answer_model().read_bytes(), distance_card()))
    assert estimate(strip(0.35), model).value is not None
    found = estimate(strip(-0.5), model)
    assert found.beats == 8 and found.value is None and found.interval is None
    assert found.unlike_percent is not None and found.unlike_percent > 100
    said = f"no estimate: the cycle is unlike those of training, at {found.unlike_percent} % of the limit"
    assert found.words.startswith(said)
    assert estimate(strip(-0.5), single_answer_model()).value is not None


def test_a_card_without_a_distance_is_read() -> None:
    parts = json.loads(distance_card().json_bytes)
    assert len(parts["distance"]["components"]) == 8
    del parts["distance"]
    assert type(distance_card()).model_validate(parts).distance is None


def test_another_offset_leaves_the_distance_and_drops_the_errors_measured_with_the_old_one(
    tmp_path: Path,
) -> None:
    test = set_of(cycle_of(PLAIN)[None], np.array([1]))
    measured = with_refused(hand_made_distance(), [test], test, np.array([5.2]))
    model = tmp_path / "model.tflite"
    model.write_bytes(with_card(single_answer_model().read_bytes(), distance_card(measured)))
    stated = stated_card(model, {"offset": 5.1}).distance
    assert stated is not None and stated.test is None
    assert stated.refuses(test.averaged).tolist() == measured.refuses(test.averaged).tolist()
    assert stated_card(model, {}).distance == measured


def test_many_unlike_cycles_are_one_line_of_a_simulation() -> None:
    texts = ["E lost 3", "E unlike 120", "E implausible -128", "E unlike 183"]
    several = faults_in_words(parse_lines([frame(text) for text in texts]))
    assert several[:2] == ["fault: lost 3", Fault("implausible", -128).words]
    assert several[2:] == [
        "no estimate: 2 averaged cycles are unlike those of training, at 120 to 183 % of the limit"
    ]
    assert faults_in_words(parse_lines([frame(texts[1])])) == [Fault("unlike", 120).words]
