"""An atlas of real beats: how patients differ in their waves and in what the wave model leaves over.

`beat_atlas.npz` holds, of normal ECGs of PTB-XL 1.0.3 (Wagner 2020, CC BY 4.0), each patient's wave sizes and
times as normal scores, and principal components of the details in eight leads. tools/make_beat_atlas.py makes
it. A simulated patient is a mixture: mostly one of them, and a little of everyone, so that all that belongs
together in real hearts does so in simulated ones.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

SCORES = ("r", "q", "s", "p", "t", "st", "qrs_ms", "pr_ms", "p_ms", "r_to_t", "t_slope", "t_width", "rate")
"""What is scored in V5. In the other leads: `LEAD_SCORES`."""
LEAD_SCORES = ("r", "s", "p", "t")
MEASURED_LEADS = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
"""The leads that a machine measures; the other four are sums of I and II."""

FROM_ONE, FROM_ALL = 0.8, 0.2
"""The variance between patients that one ECG of the atlas gives, and that all of them together give.
Calibrated against bench/realism.py: no two simulated patients are alike, and few are like nobody."""


@dataclass(frozen=True)
class Atlas:
    """n patients.

    Attributes:
        ecg_id: int64[n], the ECGs of PTB-XL, each there as often as `MOVED` in tools/atlas_beats.py says.
        scores: by lead, float64[n, 13] in V5, [n, 4] elsewhere; normal scores.
        means, bases: by lead, of P, QRS and T details: float64[m] and [k, m].
        coefficients: by lead, of P, QRS and T: float64[n, k], mean 0.
    """

    ecg_id: NDArray[np.int64]
    scores: dict[str, Values]
    means: dict[str, tuple[Values, ...]]
    bases: dict[str, tuple[Values, ...]]
    coefficients: dict[str, tuple[Values, ...]]


def _stored() -> dict[str, NDArray[Any]]:
    path = files("splkit.ecg.simulator").joinpath("beat_atlas.npz")
    with path.open("rb") as stream, np.load(stream) as stored:
        return {name: stored[name] for name in stored.files}


def licence() -> str:
    """Whose beats these are, what was changed, and under which licence they may be used."""
    return str(_stored()["licence"])


@cache
def beat_atlas() -> Atlas:
    """The atlas that is shipped."""
    held = _stored()

    def parts(kind: str, lead: str) -> tuple[Values, ...]:
        return tuple(held[f"{kind}_{lead}_{part}"].astype(np.float64) for part in range(3))

    return Atlas(
        held["ecg_id"],
        {lead: held[f"scores_{lead}"].astype(np.float64) for lead in MEASURED_LEADS},
        {lead: parts("means", lead) for lead in MEASURED_LEADS},
        {lead: parts("bases", lead) for lead in MEASURED_LEADS},
        {lead: parts("coefficients", lead) for lead in MEASURED_LEADS},
    )


@lru_cache(maxsize=64)
def mixture(seed: int) -> Values:
    """How much of each atlas ECG the simulated patient of this seed is, float64[n]."""
    rng = np.random.default_rng(seed)
    count = len(beat_atlas().ecg_id)
    weights = np.sqrt(FROM_ALL / count) * rng.normal(size=count)
    weights[rng.integers(count)] += np.sqrt(FROM_ONE)
    return np.asarray(weights, np.float64)


def scores(seed: int, lead: str) -> dict[str, float]:
    """The scores of a simulated patient in one of `MEASURED_LEADS`, each normal with mean 0 and SD 1."""
    names = SCORES if lead == "V5" else LEAD_SCORES
    return dict(zip(names, (mixture(seed) @ beat_atlas().scores[lead]).tolist(), strict=True))


@lru_cache(maxsize=64)
def details(seed: int, lead: str) -> tuple[Values, Values, Values]:
    """The details of a simulated patient's P, QRS and T in one of `MEASURED_LEADS`, on the axes of `AXES`."""
    atlas, weights = beat_atlas(), mixture(seed)
    p, qrs, t = (
        mean + weights @ coefficients @ basis
        for mean, coefficients, basis in zip(
            atlas.means[lead], atlas.coefficients[lead], atlas.bases[lead], strict=True
        )
    )
    return p, qrs, t
