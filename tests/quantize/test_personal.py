"""Personal calibration: what blood tests say, held to normal distributions worked out apart, in double."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from support.by_bayes import calibrated, spread
from support.stand_in import PERSONAL as STAND_IN

from splkit.quantize.card import Interval, ModelCard
from splkit.quantize.carried import card_for
from splkit.quantize.curve import AS_IT_IS, GAINS, KNOTS, ONE, Curve
from splkit.quantize.personal import Personal
from splkit.quantize.posterior import BloodTest, Priors, personal_curve
from splkit.quantize.priors import Ends, fit_priors, usual_potassium
from splkit.quantize.reference import reference_model
from splkit.quantize.variation import Answers, fit_variation

PERSONAL = STAND_IN.model_copy(
    update={
        "usual_meq_l": 4.8,
        "potassium": (177, 311, 491, 693, 875, 989, 1000, 905, 733, 531, 344, 200, 104, 48, 20, 7, 2),
    }
)
"""Potassium is normal, with an SD of 1.5."""
PRIORS = Priors.of(PERSONAL)


def curve(tests: Sequence[BloodTest], day: int) -> Curve:
    found = personal_curve(PRIORS, tests, day)
    assert found is not None
    return found


TESTS = {
    "one": [BloodTest(5600, 5000, 10)],
    "three, at different levels": [
        BloodTest(4200, 4700, 10),
        BloodTest(6100, 5300, 24),
        BloodTest(5000, 5100, 80),
    ],
    "six, all high": [BloodTest(6500 + 40 * each, 5200, 7 * each) for each in range(6)],
    "a patient who hardly answers": [BloodTest(7500, 5000, 1), BloodTest(3500, 4900, 3)],
}


@pytest.mark.parametrize("name", TESTS)
@pytest.mark.parametrize("later", [0, 1, 30, 200])
def test_the_curve_is_what_bayes_rule_says(name: str, later: int) -> None:
    tests = TESTS[name]
    day = tests[-1].day + later
    found, reference = curve(tests, day), 0.9 if later else 0.7
    for estimate in (4500, 5000, 5500, 6000):
        # What levels in steps of 125 make. An int8 output has steps of 20.
        by_hand = 1000 * calibrated(PERSONAL, tests, day, estimate / 1000)
        assert found.value(estimate) == pytest.approx(by_hand, abs=12)
    sd = spread(PERSONAL, tests, day)
    assert found.sd == pytest.approx(1000 * sd, abs=6)
    assert found.spread == pytest.approx(ONE * sd / reference, abs=40)
    assert found.change_spread == pytest.approx(ONE * np.hypot(sd, 0.1) / reference, abs=40)


def test_estimates_between_knots_are_moved_straight() -> None:
    found = Curve(moves=tuple(10 * at for at in range(len(KNOTS))))
    assert [found.value(each) for each in (2000, 2500, 2750, 10_000)] == [2000, 2510, 2765, 10_160]
    assert [found.value(each) for each in (-300, 1000, 12_000)] == [-300, 1000, 12_160]


def test_calibration_keeps_the_order_of_estimates() -> None:
    """After two tests at 9.3 mEq/L with answers far apart, by Bayes' rule alone 6.0 becomes less than 5.0."""
    tests, day = [BloodTest(9300, 6000, 4), BloodTest(9300, 4500, 6)], 9
    assert calibrated(PERSONAL, tests, day, 6.0) < calibrated(PERSONAL, tests, day, 5.0) - 0.2
    values = [curve(tests, day).value(each) for each in range(1000, 11_000, 100)]
    assert values == sorted(values) and values[0] < values[-1]


def test_two_tests_of_one_day_are_one_session_afterwards() -> None:
    """Two equal ones say less than two of two days, and more than one."""
    pair = [BloodTest(5300, 5600, 3), BloodTest(5300, 5600, 3)]
    one, both, apart = (
        curve(tests, 4).value(5600) for tests in (pair[:1], pair, [BloodTest(5300, 5600, 2), pair[0]])
    )
    assert 5600 > one > both > apart
    assert both == pytest.approx(1000 * calibrated(PERSONAL, pair, 4, 5.6), abs=12)


def test_without_a_test_the_estimate_stands() -> None:
    assert curve([], 7) is AS_IT_IS
    assert [AS_IT_IS.value(each) for each in (0, 2000, 4567, 10_000)] == [0, 2000, 4567, 10_000]
    assert AS_IT_IS.ends(-1140, 1141) == (-1140, 1141)


def test_what_was_learned_fades_and_the_interval_widens() -> None:
    as_expected = [BloodTest(4800, 4800, 0), BloodTest(5800, 5400, 4)]
    curves = [curve(as_expected, day) for day in (4, 5, 30, 100, 300, 3000, 65_535)]
    assert curves[0].sd < curves[1].sd
    spreads = [each.spread for each in curves[1:]]
    assert spreads == sorted(spreads) and spreads[0] < spreads[1] < spreads[2] < spreads[3]
    curves = [curve([BloodTest(4800, 5300, 4)], day) for day in (4, 5, 30, 100, 300, 3000, 65_535)]
    shifts = [each.value(5000) - 5000 for each in curves]
    assert shifts[1:] == sorted(shifts[1:]) and shifts[1] < -100 and shifts[-1] == 0


@pytest.mark.parametrize(
    ("tests", "believed"),
    [
        ([BloodTest(4800, 4800 + 2049, 0)], True),  # 4 SD of 0.4, 0.25 and 0.2: 2.049
        ([BloodTest(4800, 4800 + 2050, 0)], False),
        ([BloodTest(4800, 4800, 0), BloodTest(4800, 4800 - 1700, 1)], False),  # allowed as a first one
        ([BloodTest(4800, 4800 - 1700, 1)], True),
    ],
)
def test_what_contradicts_the_priors_or_each_other_is_not_believed(
    tests: list[BloodTest], believed: bool
) -> None:
    assert (personal_curve(PRIORS, tests, tests[-1].day) is not None) == believed


SHARES = np.array(PERSONAL.gains) / sum(PERSONAL.gains)


def drawn(
    patients: int, sessions: int, rng: np.random.Generator, shares: NDArray[np.float64] = SHARES
) -> Answers:
    """Answers of PERSONAL's patients, or of others with `shares` of gains; two records a session."""
    patient = np.repeat(np.arange(patients), 2 * sessions)
    session = np.tile(np.repeat(np.arange(sessions), 2), patients)
    label = rng.normal(4.8, 1.0, len(patient))
    offset, gain = rng.normal(0, 0.4, patients), rng.choice(GAINS / ONE, patients, p=shares)
    of_session = rng.normal(0, 0.25, patients * sessions)[patient * sessions + session]
    answer = 4.8 + offset[patient] + gain[patient] * (label - 4.8) + of_session
    answer += rng.normal(0, 0.2, len(patient))
    return Answers(answer, answer, label, patient, session)


def test_the_priors_of_drawn_patients_are_found() -> None:
    answers = drawn(400, 5, np.random.default_rng(3))
    fit = fit_variation(answers)
    assert fit[1:4] == pytest.approx((0.4, 0.25, 0.2), abs=0.035)
    gain = float(SHARES @ GAINS / ONE)
    assert (fit.gain, fit.gain_sd) == pytest.approx((gain, 0.285), abs=0.035)
    assert fit.usual == pytest.approx(4.8, abs=3 * 0.4 / np.sqrt(400) / (1 - 0.6))  # 3 standard errors
    # Normal about 4.8: a step further from there is exp(-x^2 / 2) as usual.
    share = usual_potassium(answers.label)
    assert max(share) == share[6] == 1000 and share[0] < 60 and share[-1] == 1
    assert share[8] == pytest.approx(1000 * np.exp((0.2**2 - 1.2**2) / 2), abs=60)


def test_two_kinds_of_patients_are_told_apart() -> None:
    """Half of them answer by 0.1875 of potassium, half by 0.75: the fit has two peaks, there."""
    shares = np.array([0, 0.5, 0, 0, 0.5, 0, 0, 0])
    found = fit_variation(drawn(400, 5, np.random.default_rng(8), shares)).gains
    assert found[1] == pytest.approx(0.5, abs=0.1) and found[4] == pytest.approx(0.5, abs=0.1)
    assert found[2] < 0.05 and found.sum() == pytest.approx(1) and found.min() > 0


def test_the_interval_covers_what_it_says_after_calibration() -> None:
    interval = Interval(coverage=0.9, low_meq_l=-1.0, high_meq_l=1.2, test_coverage=0.9)
    answers = drawn(400, 4, np.random.default_rng(5))
    personal = fit_priors(answers, Ends.fixed(interval, len(answers.label)), 0.1)
    assert personal is not None and (personal.patients, personal.records) == (400, 3200)
    priors = Priors.of(personal)
    fresh = drawn(400, 4, np.random.default_rng(6))
    label, answer = (np.rint(1000 * each).astype(int).reshape(400, 8) for each in (fresh.label, fresh.last))
    covered = []
    for labels, answers in zip(label.tolist(), answer.tolist(), strict=True):
        found = personal_curve(
            priors, [BloodTest(labels[0], answers[0], 0), BloodTest(labels[2], answers[2], 1)], 2
        )
        if found:
            low, high = found.ends(-1000, 1200)
            covered += [low <= labels[at] - found.value(answers[at]) <= high for at in (4, 6)]
    assert np.mean(covered) == pytest.approx(0.9, abs=0.03)


def test_intervals_of_each_answers_own_count() -> None:
    """Ends twice as far away need half of the stretching; ends that lie together cannot be stretched."""
    answers = drawn(200, 3, np.random.default_rng(5))
    ends = Ends.fixed(Interval(coverage=0.9, low_meq_l=-1.0, high_meq_l=1.2, test_coverage=0.9), 1200)
    same, doubled = (fit_priors(answers, Ends(0.9, by * ends.low, by * ends.high), 0.1) for by in (1, 2))
    assert same is not None and doubled is not None
    assert doubled.reference_sd_meq_l == pytest.approx(2 * same.reference_sd_meq_l, abs=0.002)
    far = np.where(answers.last > 5, 10 * ends.high, ends.high)
    mixed = fit_priors(answers, ends._replace(high=far), 0.1)
    assert mixed is not None and mixed.reference_sd_meq_l > same.reference_sd_meq_l
    assert mixed.session_reference_sd_meq_l > same.session_reference_sd_meq_l
    together = fit_priors(answers, Ends(0.9, 0 * ends.low, 0 * ends.high), 0.1)
    assert together is None


def test_a_model_that_does_not_answer_has_no_priors() -> None:
    answers = drawn(80, 3, np.random.default_rng(4))
    interval = Interval(coverage=0.9, low_meq_l=-1.0, high_meq_l=1.0, test_coverage=0.9)
    deaf_answer = np.random.default_rng(1).normal(4.8, 0.3, len(answers.label))
    deaf = answers._replace(mean=deaf_answer, last=deaf_answer)
    assert fit_priors(deaf, Ends.fixed(interval, len(deaf.label)), 0.1) is None


def test_the_bundled_card_has_priors_and_an_older_card_is_read() -> None:
    card = card_for(reference_model())
    assert card.personal is not None and card.personal.patients >= 300
    older = card.model_dump()
    normal = older["personal"] | {"usual_sd_meq_l": 1.5, "usual_meq_l": 4.8}
    del normal["potassium"]
    assert Personal.model_validate(normal).potassium == PERSONAL.potassium
    del older["personal"]
    assert ModelCard.model_validate(older).personal is None
    probability = {"task": "probability", "unit": "1", "plausible": {"low": 0, "high": 1}, "offset": 0}
    threshold = {
        "positive_spl_meq_l": 5.5,
        "alert_threshold": 0.5,
        "metrics": None,
        "interval": None,
        "bands": (),
    }
    with pytest.raises(ValueError, match="personal are of a model of potassium"):
        ModelCard.model_validate(card.model_dump() | probability | threshold | {"conversions": ()})


def test_without_tests_the_bundled_priors_say_what_the_network_says() -> None:
    """Long after a blood test the estimate stands again."""
    personal = card_for(reference_model()).personal
    assert personal is not None
    found = personal_curve(Priors.of(personal), [BloodTest(5500, 5000, 0)], 60_000)
    assert found is not None
    for estimate in (3000, 4700, 7000):
        assert found.value(estimate) == estimate
