"""Personal calibration: what blood tests say, held to normal distributions worked out apart, in double."""

from collections.abc import Sequence

import numpy as np
import pytest

from splkit.quantize.card import Interval, ModelCard
from splkit.quantize.carried import card_for
from splkit.quantize.personal import Personal
from splkit.quantize.posterior import AS_IT_IS, ONE, BloodTest, Line, Priors, personal_line
from splkit.quantize.priors import Answers, Ends, Variation, fit_priors, fit_variation
from splkit.quantize.reference import reference_model

PERSONAL = Personal(
    usual_meq_l=4.8,
    usual_sd_meq_l=1.5,
    patient_sd_meq_l=0.4,
    gain=0.6,
    gain_sd=0.3,
    session_sd_meq_l=0.25,
    record_sd_meq_l=0.2,
    label_sd_meq_l=0.1,
    reference_sd_meq_l=0.9,
    session_reference_sd_meq_l=0.7,
    half_life_days=90,
    patients=100,
    records=500,
)
PRIORS = Priors.of(PERSONAL)


def line(tests: Sequence[BloodTest], day: int) -> Line:
    found = personal_line(PRIORS, tests, day)
    assert found is not None
    return found


def by_hand(tests: Sequence[BloodTest], estimate: float, day: int) -> tuple[float, float]:
    """Mean and SD of potassium, mEq/L: every answer, session and potassium in one normal distribution.

    Unknown are the patient, the gain and the session of `day`; other sessions are noise. Each value that
    was learned k days ago counts as its own draw, correlated with today's by 2^(-k / half-life).
    """
    days = np.array([each.day for each in tests] + [day])
    x = np.array([each.spl_ueq_l / 1000 - 4.8 for each in tests])
    answers = np.array([each.estimate_ueq_l / 1000 - 4.8 for each in tests])
    kept = 0.5 ** (np.abs(days[:, None] - days) / 90)
    same = days[:, None] == days
    offsets = 0.4**2 * kept + 0.25**2 * same
    gains = 0.3**2 * kept
    n = len(tests)
    covariance = offsets[:n, :n] + gains[:n, :n] * np.outer(x, x) + 0.2**2 * np.eye(n)
    error = answers - 0.6 * x
    for_offset = np.linalg.solve(covariance, offsets[:n, n])
    for_gain = np.linalg.solve(covariance, gains[:n, n] * x)
    offset, gain = error @ for_offset, 0.6 + error @ for_gain
    offset_var = offsets[n, n] - offsets[n, :n] @ for_offset
    gain_var = gains[n, n] - (gains[n, :n] * x) @ for_gain
    others = offset_var + 1.5**2 * gain_var + 0.2**2
    slope = 1.5**2 * gain / (gain**2 * 1.5**2 + others)
    sd = np.sqrt(1.5**2 * others / (gain**2 * 1.5**2 + others))
    return 4.8 + slope * (estimate - 4.8 - offset), float(sd)


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
def test_the_line_is_what_the_normal_distribution_says(name: str, later: int) -> None:
    tests = TESTS[name]
    day = tests[-1].day + later
    found, reference = line(tests, day), 0.9 if later else 0.7
    for estimate in (3000, 4800, 6000, 7500):
        mean, sd = by_hand(tests, estimate / 1000, day)
        # A third of a step of the bundled model's output: what 12 fraction bits of the slope make at 3000.
        assert found.value(estimate) == pytest.approx(1000 * mean, abs=6)
        assert found.sd == pytest.approx(1000 * sd, abs=3)
        assert found.spread == pytest.approx(ONE * sd / reference, abs=20)
        assert found.change_spread == pytest.approx(ONE * np.hypot(sd, 0.1) / reference, abs=20)


def test_two_tests_of_one_day_are_one_session_afterwards() -> None:
    """Their mean errs by the session and half of the record's variance: exact where potassium is the same."""
    pair = [BloodTest(5300, 5100, 3), BloodTest(5300, 5500, 3)]
    learned = 0.4**2 + 0.3**2 * 0.5**2
    noise = 0.25**2 + 0.2**2 / 2
    surprise = (5.1 + 5.5) / 2 - 4.8 - 0.6 * 0.5
    kept = 0.5 ** (1 / 90)
    offset = kept * surprise * 0.4**2 / (learned + noise)
    assert line(pair, 4).centre == pytest.approx(1000 * (4.8 + offset), abs=3)


def test_the_first_blood_test_is_shrunk_by_hand() -> None:
    """At the usual potassium 600 too high: 0.16 of 0.16 + 0.0625 + 0.04 belongs to the patient: 366."""
    found = line([BloodTest(4800, 5400, 0)], 0)
    today = 600 * (0.16 + 0.0625) / (0.16 + 0.0625 + 0.04)
    assert found.centre == pytest.approx(4800 + today, abs=1)
    tomorrow = line([BloodTest(4800, 5400, 0)], 1)
    assert tomorrow.centre == pytest.approx(4800 + 366 * 0.5 ** (1 / 90), abs=2)
    assert 0 < 5400 - tomorrow.value(5400) < 600
    assert AS_IT_IS.sd == 0 and found.sd < tomorrow.sd


def test_without_a_test_the_estimate_stands() -> None:
    assert line([], 7) is AS_IT_IS
    assert [AS_IT_IS.value(each) for each in (0, 2000, 4567, 10_000)] == [0, 2000, 4567, 10_000]
    assert AS_IT_IS.ends(-1140, 1141) == (-1140, 1141)


def test_what_was_learned_fades_and_the_interval_widens() -> None:
    as_expected = [BloodTest(4800, 4800, 0), BloodTest(5800, 5400, 4)]
    lines = [line(as_expected, day) for day in (4, 5, 30, 100, 300, 3000, 65_535)]
    assert lines[0].sd < lines[1].sd
    spreads = [each.spread for each in lines[1:]]
    assert spreads == sorted(spreads) and spreads[0] < spreads[1] < spreads[2] < spreads[3]
    lines = [line([BloodTest(4800, 5300, 4)], day) for day in (4, 5, 30, 100, 300, 3000, 65_535)]
    shifts = [each.centre - 4800 for each in lines]
    assert shifts[1:] == sorted(shifts[1:], reverse=True) and shifts[-1] == 0


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
    assert (personal_line(PRIORS, tests, tests[-1].day) is not None) == believed


def test_a_heart_that_answers_backwards_keeps_the_order() -> None:
    found = line([BloodTest(8500, 4600, 0), BloodTest(3000, 5400, 1), BloodTest(8800, 4500, 2)], 3)
    values = [found.value(each) for each in range(2000, 10_001, 500)]
    assert values == sorted(values) and values[0] < values[-1]


def drawn(patients: int, sessions: int, rng: np.random.Generator) -> Answers:
    """Answers of PERSONAL's patients; two records a session."""
    patient = np.repeat(np.arange(patients), 2 * sessions)
    session = np.tile(np.repeat(np.arange(sessions), 2), patients)
    label = rng.normal(4.8, 1.0, len(patient))
    offset, gain = rng.normal(0, 0.4, patients), rng.normal(0.6, 0.3, patients)
    of_session = rng.normal(0, 0.25, patients * sessions)[patient * sessions + session]
    answer = 4.8 + offset[patient] + gain[patient] * (label - 4.8) + of_session
    return Answers(answer + rng.normal(0, 0.2, len(patient)), label, patient, session)


def test_the_priors_of_drawn_patients_are_found() -> None:
    answers = drawn(400, 5, np.random.default_rng(3))
    fit = fit_variation(answers)
    assert fit[1:] == pytest.approx((0.6, 0.4, 0.3, 0.25, 0.2), abs=0.035)
    assert fit.usual == pytest.approx(4.8, abs=3 * 0.4 / np.sqrt(400) / (1 - 0.6))  # 3 standard errors
    # The spread of potassium for which the regression of potassium on the answer has the slope 1.
    spread = float(np.sqrt((0.4**2 + 0.25**2 + 0.2**2) / (0.6 - 0.6**2 - 0.3**2)))
    assert fit.usual_sd == pytest.approx(spread, abs=0.2)


def test_the_interval_covers_what_it_says_after_calibration() -> None:
    interval = Interval(coverage=0.9, low_meq_l=-1.0, high_meq_l=1.2, test_coverage=0.9)
    answers = drawn(400, 4, np.random.default_rng(5))
    personal = fit_priors(answers, Ends.fixed(interval, len(answers.answer)), 0.1)
    assert personal is not None and (personal.patients, personal.records) == (400, 3200)
    priors = Priors.of(personal)
    fresh = drawn(400, 4, np.random.default_rng(6))
    label, answer = (np.rint(1000 * each).astype(int).reshape(400, 8) for each in (fresh.label, fresh.answer))
    covered = []
    for labels, answers in zip(label.tolist(), answer.tolist(), strict=True):
        found = personal_line(
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
    far = np.where(answers.answer > 5, 10 * ends.high, ends.high)
    mixed = fit_priors(answers, ends._replace(high=far), 0.1)
    assert mixed is not None and mixed.reference_sd_meq_l > same.reference_sd_meq_l
    assert mixed.session_reference_sd_meq_l > same.session_reference_sd_meq_l
    together = fit_priors(answers, Ends(0.9, 0 * ends.low, 0 * ends.high), 0.1)
    assert together is None


@pytest.mark.parametrize("gain", [0.75, 0.9, 1.2])
def test_answers_spread_too_wide_are_drawn_in(gain: float) -> None:
    """0.16 + 0.0625 + 0.04 over 0.75 - 0.5625 - 0.09 is 2.7; with more gain there is no root at all."""
    fit = Variation(usual=4.8, gain=gain, patient_sd=0.4, gain_sd=0.3, session_sd=0.25, record_sd=0.2)
    assert fit.usual_sd == pytest.approx(min(2.0, (0.2625 / 0.0975) ** 0.5 if gain == 0.75 else 2.0))


def test_a_model_that_does_not_answer_has_no_priors() -> None:
    answers = drawn(80, 3, np.random.default_rng(4))
    interval = Interval(coverage=0.9, low_meq_l=-1.0, high_meq_l=1.0, test_coverage=0.9)
    deaf = answers._replace(answer=np.random.default_rng(1).normal(4.8, 0.3, len(answers.answer)))
    assert fit_priors(deaf, Ends.fixed(interval, len(deaf.answer)), 0.1) is None


def test_the_bundled_card_has_priors_and_an_older_card_is_read() -> None:
    card = card_for(reference_model())
    assert card.personal is not None and card.personal.patients >= 300
    older = card.model_dump()
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
    """Long after a blood test the line is the estimate again, within what rounding of the card makes."""
    personal = card_for(reference_model()).personal
    assert personal is not None
    found = personal_line(Priors.of(personal), [BloodTest(5500, 5000, 0)], 60_000)
    assert found is not None
    for estimate in (3000, 4700, 7000):
        assert found.value(estimate) == pytest.approx(estimate, abs=12)
