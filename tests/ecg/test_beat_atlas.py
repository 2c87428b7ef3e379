"""The atlas of real beats: what the file holds, how it is made, and that a beat comes out as it went in."""

import csv
import sys
from pathlib import Path

import numpy as np
import pytest

from splkit.ecg.simulator.atlas import (
    LEAD_SCORES,
    MEASURED_LEADS,
    SCORES,
    beat_atlas,
    details,
    licence,
    mixture,
)
from splkit.ecg.simulator.details import AXES, Shape, waves_of, windows
from splkit.ecg.simulator.heartbeat import deflections
from splkit.ecg.simulator.physiology import NORMAL_MEQ_L

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

import atlas_beats
import make_beat_atlas
from realism_sets import Ecg

LEADS = ("V1", "V5")
"""Of those that the excerpts have."""
PATIENTS = {1: 15709, 43: 11315, 85: 15904, 127: 11926, 169: 13688, 211: 18690}
"""By ECG, from PTB-XL's table, of which the excerpts have a part."""


@pytest.fixture(scope="module")
def excerpts() -> list[Ecg]:
    folder = Path(__file__).parents[1] / "data" / "ptbxl"
    with (folder / "ptbxl_database.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [Ecg(folder, row | {"patient_id": str(PATIENTS[int(row["ecg_id"])])}) for row in rows]


@pytest.fixture(scope="module")
def beats(excerpts: list[Ecg]) -> list[atlas_beats.Beat]:
    return [beat for ecg in excerpts for beat in atlas_beats.beats_of(ecg, LEADS)]


def test_the_shipped_atlas() -> None:
    atlas = beat_atlas()
    count = len(atlas.ecg_id)
    assert count == 3 * 110 and len(set(atlas.ecg_id.tolist())) == 110
    assert atlas.ecg_id.min() >= 1 and atlas.ecg_id.max() <= 250
    for lead in MEASURED_LEADS:
        names = SCORES if lead == "V5" else LEAD_SCORES
        scores = atlas.scores[lead]
        assert scores.shape == (count, len(names)) and np.isfinite(scores).all()
        # Those without any S, or any Q, share a rank, so that these two are not quite normal.
        ranked = scores[:, [name not in ("q", "s") for name in names]]
        np.testing.assert_allclose(ranked.mean(0), 0.0, atol=0.01)
        np.testing.assert_allclose(ranked.std(0), 1.0, atol=0.02)
        parts = zip(atlas.means[lead], atlas.bases[lead], atlas.coefficients[lead], AXES, strict=True)
        for (mean, basis, coefficients, axis), most in zip(parts, make_beat_atlas.COMPONENTS, strict=True):
            assert mean.shape == axis.shape and basis.shape == (most, axis.size)
            assert coefficients.shape == (count, most)
            np.testing.assert_allclose(basis @ basis.T, np.eye(most), atol=0.01)
            assert np.abs(coefficients.mean(0)).max() < 0.01 * np.abs(coefficients).max()


def test_the_atlas_says_whose_it_is() -> None:
    for said in ("PTB-XL 1.0.3", "Wagner", "Scientific Data 7:154 (2020)", "CC BY 4.0", "Changed:"):
        assert said in licence()


def test_nothing_that_is_judged_is_in_it(excerpts: list[Ecg]) -> None:
    atlas = set(beat_atlas().ecg_id.tolist())
    judged = {ecg.number for ecg in excerpts if ecg.is_judged}
    assert judged and not judged & atlas
    assert not {ecg.number for ecg in excerpts if not ecg.is_normal} & atlas


def test_the_same_ecgs_give_the_same_bytes(beats: list[atlas_beats.Beat], tmp_path: Path) -> None:
    made = []
    for name in ("one.npz", "two.npz"):
        make_beat_atlas.write(tmp_path / name, make_beat_atlas.tables(beats, LEADS))
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    with np.load(tmp_path / "one.npz") as held:
        assert held["ecg_id"].tolist() == [beat.number for beat in beats]


def test_a_beat_comes_out_as_it_went_in(beats: list[atlas_beats.Beat]) -> None:
    """The wave model with an ECG's own details is that ECG's mean beat, where details are whole."""
    time_ms, one = atlas_beats.TIME_MS, np.ones((1, 1))
    for beat in beats:
        patient = beat.patients["V5"]
        shape = deflections(patient, NORMAL_MEQ_L.value)
        waves = waves_of(patient, shape, 0.0)
        own = make_beat_atlas.details_of(beat.mean_mv["V5"], patient)
        drawn = Shape(shape, list(zip(waves, own, AXES, strict=True))).at(time_ms[None], one)[0]
        whole = sum(windows(waves, time_ms)) > 0.999
        assert whole.sum() > 900
        np.testing.assert_allclose(drawn[whole], beat.mean_mv["V5"][whole], atol=0.01)


def test_too_few_beats_give_none(excerpts: list[Ecg], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atlas_beats, "LEAST_BEATS", 30)
    assert atlas_beats.beats_of(excerpts[0], LEADS) == []


def test_a_patient_takes_after_one_ecg_and_a_little_after_all() -> None:
    weights = np.array([mixture(seed) for seed in range(300)])
    assert np.mean((weights > 0.6).sum(1) == 1) > 0.9
    assert np.mean((weights**2).sum(1)) == pytest.approx(1.0, abs=0.1)


def test_details_of_a_seed_stay_the_same_and_differ_from_another_s() -> None:
    first, again, other = details(5, "V2"), details(5, "V2"), details(6, "V2")
    for one, two, three in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(one, two)
        assert np.abs(one - three).max() > 0.01
