"""Baselines: features of waves drawn here, a relation that is put in, an interval worked out apart."""

import numpy as np
import pytest

from splkit.ecg.frontend import CYCLE_FS_HZ, CYCLE_SIZE, R_INDEX
from splkit.train.baselines import baselines, best, interval_by_patients
from splkit.train.cycle_set import CycleSet
from splkit.train.features import FEATURES, measure

MS = (np.arange(CYCLE_SIZE) - R_INDEX) * 1000 / CYCLE_FS_HZ


def wave(height: float, at_ms: float, sd_ms: float) -> np.ndarray:
    return height * np.exp(-0.5 * ((MS - at_ms) / sd_ms) ** 2)


def beat(t: float = 0.4, t_at_ms: float = 280.0, t_sd_ms: float = 30.0) -> np.ndarray:
    parts = (wave(0.12, -160, 15), wave(1.0, 0, 9), wave(-0.2, 33, 8), wave(t, t_at_ms, t_sd_ms))
    return np.sum(parts, axis=0).astype(np.float32)


@pytest.mark.parametrize(
    ("t", "at_ms", "sd_ms"), [(0.4, 280.0, 30.0), (0.9, 240.0, 20.0), (-0.3, 300.0, 35.0)]
)
def test_features_are_those_of_the_waves(t: float, at_ms: float, sd_ms: float) -> None:
    """A Gaussian is 2.355 SD wide at half height; its steepest descent is its height over SD sqrt(e)."""
    found = dict(zip(FEATURES, measure(beat(t, at_ms, sd_ms)[None])[0], strict=True))
    assert found["T/R"] == pytest.approx(t, rel=0.03)
    assert found["R to T"] == pytest.approx(at_ms, abs=4)
    assert found["T width"] == pytest.approx(2.355 * sd_ms, abs=3)
    steepest = abs(t) / (sd_ms / 1000 * np.sqrt(np.e))
    assert found["T descent"] == pytest.approx(steepest, rel=0.05)
    assert found["T slope over amplitude"] == pytest.approx(steepest / abs(t), rel=0.08)
    assert found["T area"] == pytest.approx(t * sd_ms * np.sqrt(2 * np.pi), rel=0.08)
    assert found["S/R"] == pytest.approx(0.2, abs=0.05)
    assert found["P/R"] == pytest.approx(0.12, abs=0.02)
    assert found["P to R"] == pytest.approx(160, abs=5)
    assert 60 < found["QRS"] < 130


def test_nothing_makes_a_feature_infinite() -> None:
    rng = np.random.default_rng(1)
    odd = [np.zeros(CYCLE_SIZE), np.ones(CYCLE_SIZE), rng.normal(size=CYCLE_SIZE), wave(1.0, 0, 9)]
    assert np.isfinite(measure(np.array(odd, np.float32))).all()
    assert measure(np.empty((0, CYCLE_SIZE), np.float32)).shape == (0, len(FEATURES))


def patients(count: int, seed: int) -> CycleSet:
    """T grows by 0.1 of R a mEq/L, in some patients twice as much where S is deep; reported to 0.1."""
    rng = np.random.default_rng(seed)
    potassium = rng.uniform(3.5, 7.5, count)
    cycles = [beat(0.1 * each - 0.1, t_sd_ms=rng.uniform(25, 40)) for each in potassium]
    averaged = np.round(np.array(cycles) * 4096).astype(np.int16)
    number = np.arange(count)
    return CycleSet(averaged, potassium + rng.normal(0, 0.1, count), number, number, count, ("V5",))


def test_a_relation_that_is_put_in_is_found() -> None:
    train, validation, test = patients(200, 1), patients(40, 2), patients(120, 3)
    mean_answer = np.full(120, train.potassium_meq_l.mean())
    found = {one.name: one for one in baselines(train, validation, test, mean_answer)}
    assert list(found) == ["mean", "T/R", "T slope over amplitude", "ridge"]
    assert found["mean"].gain_meq_l == found["mean"].gain_low_meq_l == 0.0
    assert found["T/R"].test.mae_meq_l < 0.15 < 0.6 < found["mean"].test.mae_meq_l
    assert found["ridge"].test.mae_meq_l < 0.15
    assert best(tuple(found.values())).name in ("T/R", "ridge")
    exactly = {one.name: one for one in baselines(train, validation, test, test.potassium_meq_l)}
    assert exactly["T/R"].gain_meq_l == exactly["T/R"].test.mae_meq_l
    assert exactly["T/R"].gain_low_meq_l > 0


def test_the_interval_is_that_of_patients() -> None:
    """400 patients of one value each: the mean's standard error. Five alike of each: no narrower."""
    values = np.random.default_rng(4).normal(0.3, 1.0, 400)
    error = values.std() / 20
    alone = interval_by_patients(values, np.arange(400))
    assert alone == pytest.approx(
        (values.mean() - 1.96 * error, values.mean() + 1.96 * error), abs=0.15 * error
    )
    assert interval_by_patients(np.repeat(values, 5), np.repeat(np.arange(400), 5)) == pytest.approx(alone)
