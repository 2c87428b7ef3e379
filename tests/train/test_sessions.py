"""Validation patients seen again: who they are, and that nothing of them was in training or is tested."""

import numpy as np
import pytest
from numpy.typing import NDArray
from support.distance_models import hand_made_distance
from support.quantile_models import SPREAD, spread_card, widened
from support.single_answer import single_answer_model

from splkit.ecg.frontend import quantize_cycles
from splkit.quantize import priors
from splkit.quantize.carried import card_for
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.variation import Answers
from splkit.train.cohort import split_of, turned
from splkit.train.config import TrainConfig
from splkit.train.sessions import RECORDS, SESSIONS, Seen, seen_again, validation_patients
from splkit.train.simulated import drawn_patient, simulated_cuts

CONFIG = TrainConfig(patients=40, fold=2, seed=3)


@pytest.fixture(scope="module")
def seen() -> Seen:
    return seen_again(CONFIG, validation_patients(CONFIG, 3))


def records_of(seen: Seen) -> list[NDArray[np.int64]]:
    return [np.flatnonzero(seen.record == each) for each in range(seen.record.max() + 1)]


def test_they_are_the_validation_patients_of_the_fold() -> None:
    chosen = validation_patients(CONFIG, 100)
    splits = [split_of(turned(each, CONFIG.fold, 40), 40, CONFIG.fold) for each in range(40)]
    assert [splits[each] for each in chosen] == ["validation"] * splits.count("validation")
    assert validation_patients(CONFIG, 2) == chosen[:2]
    assert validation_patients(CONFIG.model_copy(update={"fold": 0}), 100) != chosen


def test_they_are_the_same_people_on_other_days(seen: Seen) -> None:
    number = int(seen.patient[0])
    assert drawn_patient(number, CONFIG)[1] == drawn_patient(number, CONFIG)[1]
    before = np.concatenate([cut.means[CONFIG.averaged_cycles] for cut in simulated_cuts(number, CONFIG)])
    assert len(before) and not (seen.averaged[:, None] == before).all(axis=2).any()
    assert set(seen.session.tolist()) <= set(range(SESSIONS))
    records = np.unique(np.stack([seen.record, seen.patient, seen.session], axis=1), axis=0)
    assert records[:, 0].tolist() == list(range(len(records)))
    assert np.unique(records[:, 1:], axis=0, return_counts=True)[1].max() == RECORDS
    for levels in (seen.potassium_meq_l, seen.label_meq_l):
        assert len(np.unique(np.stack([seen.record, levels], axis=1), axis=0)) == len(records)
    assert len(np.unique(seen.potassium_meq_l)) == len(records)
    assert np.abs(seen.label_meq_l - seen.potassium_meq_l).mean() < 0.5


def test_the_same_configuration_sees_the_same(seen: Seen) -> None:
    again = seen_again(CONFIG, validation_patients(CONFIG, 3))
    assert all(np.array_equal(one, other) for one, other in zip(seen, again, strict=True))


def test_priors_take_enough_simulated_patients(monkeypatch: pytest.MonkeyPatch, seen: Seen) -> None:
    card, content = card_for(single_answer_model()), single_answer_model().read_bytes()
    assert priors.priors_patients(CONFIG) == []
    assert priors.measured_priors(content, card.offset, card.interval, CONFIG) is None
    monkeypatch.setattr(priors, "LEAST_PATIENTS", 3)
    assert priors.measured_priors(content, card.offset, None, CONFIG) is None
    caught: list[Answers] = []
    monkeypatch.setattr(priors, "seen_again", lambda *_: seen)
    monkeypatch.setattr(priors, "fit_priors", lambda answers, *_, **__: caught.append(answers))
    priors.measured_priors(content, card.offset, card.interval, CONFIG)
    [answers] = caught
    inputs = quantize_cycles(seen.averaged, card.input.scale, card.input.zero_point)
    codes = TflmOracle(content).run(inputs)[:, 0].astype(float)
    by_hand = card.offset + card.output.scale * (codes - card.output.zero_point)
    records = [own for own in records_of(seen) if len(own) >= 3]
    assert max(map(len, records)) > 5
    np.testing.assert_allclose(answers.last, [by_hand[own[-1]] for own in records], atol=1e-6)
    np.testing.assert_allclose(answers.mean, [by_hand[own[-5:]].mean() for own in records], atol=1e-6)
    assert answers.label.tolist() == [seen.label_meq_l[own[0]] for own in records]
    assert answers.session.tolist() == [seen.session[own[0]] for own in records]


def test_priors_leave_out_what_a_device_does_not_answer(monkeypatch: pytest.MonkeyPatch, seen: Seen) -> None:
    monkeypatch.setattr(priors, "LEAST_PATIENTS", 3)
    monkeypatch.setattr(priors, "seen_again", lambda *_: seen)
    caught: list[Answers] = []
    monkeypatch.setattr(priors, "fit_priors", lambda answers, *_, **__: caught.append(answers))
    distances = hand_made_distance().left_over(seen.averaged)
    limit = int(np.median(distances)) // 100 * 100
    distance = hand_made_distance().model_copy(update={"limit": limit})
    card = card_for(single_answer_model())
    content = single_answer_model().read_bytes()
    priors.measured_priors(content, card.offset, card.interval, CONFIG, distance=distance)
    given = distances <= limit
    wanted = [own[-1] for own in records_of(seen) if given[own[-1]] and given[own[-5:]].sum() >= 3]
    assert caught[0].label.tolist() == seen.label_meq_l[wanted].tolist()
    assert 0 < len(wanted) < len(records_of(seen))


def test_priors_of_quantiles_take_the_median_and_its_own_ends(
    monkeypatch: pytest.MonkeyPatch, seen: Seen
) -> None:
    monkeypatch.setattr(priors, "LEAST_PATIENTS", 3)
    monkeypatch.setattr(priors, "seen_again", lambda *_: seen)
    caught: list[tuple[Answers, priors.Ends]] = []
    monkeypatch.setattr(priors, "fit_priors", lambda answers, ends, **_: caught.append((answers, ends)))
    content = widened()
    card = spread_card(content, SPREAD)
    priors.measured_priors(content, card.offset, SPREAD, CONFIG)
    [(answers, ends)] = caught
    inputs = quantize_cycles(seen.averaged, card.input.scale, card.input.zero_point)
    codes = TflmOracle(content).run(inputs).astype(float)
    by_hand = card.offset + card.output.scale * (codes - card.output.zero_point)
    by_hand = np.sort(by_hand + np.array(SPREAD.correction_meq_l), axis=1)
    by_hand = by_hand[[own[-1] for own in records_of(seen) if len(own) >= 3]]
    np.testing.assert_allclose(answers.last, by_hand[:, 3], atol=0.001)
    np.testing.assert_allclose(ends.low, by_hand[:, 0] - by_hand[:, 3], atol=0.002)
    np.testing.assert_allclose(ends.high, by_hand[:, 6] - by_hand[:, 3], atol=0.002)
    assert ends.coverage == 0.9
