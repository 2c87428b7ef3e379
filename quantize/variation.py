"""How a model's answers vary between patients, sessions and records: the fit of `Personal`'s model."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from splkit.quantize.curve import GAINS, ONE

_START: Final = (4.9, *np.log((0.4, 0.25, 0.2)))
_STEPS: Final = 4000
_ROUNDS: Final = 50
"""Of expectation and maximization, after which shares of gains move by a hundredth at most."""


class Answers(NamedTuple):
    """A model's answers to records of patients, each float64[n] in mEq/L, and int64[n].

    Attributes:
        mean: of a record's last answers, which a blood test is held against.
        last: the last answer, which is the estimate.
        label: a laboratory's potassium.
        patient, session: whose, and when.
    """

    mean: NDArray[np.float64]
    last: NDArray[np.float64]
    label: NDArray[np.float64]
    patient: NDArray[np.int64]
    session: NDArray[np.int64]


class Variation(NamedTuple):
    """The fit of `Personal`'s model, in mEq/L. `gains`, float64[8], are shares of `GAINS`, and 1 in all."""

    usual: float
    patient_sd: float
    session_sd: float
    record_sd: float
    gains: NDArray[np.float64]

    @property
    def gain(self) -> float:
        """The mean gain."""
        return float(self.gains @ GAINS / ONE)

    @property
    def gain_sd(self) -> float:
        """The standard deviation of gains between patients."""
        return float(np.sqrt(self.gains @ (GAINS / ONE - self.gain) ** 2))


def fit_variation(answers: Answers) -> Variation:
    """The likeliest `Variation`: a patient's answers, given labels and gain, are jointly normal.

    The shares of gains are those of the patients, by expectation and maximization, and one patient more of
    each gain, so that none is impossible.
    """
    by_patient = _by_patient(answers)

    def loss(parameters: NDArray[np.float64]) -> float:
        _, likelihood = _gains(by_patient, parameters)
        return -likelihood

    found = minimize(
        loss,
        np.array(_START, np.float64),
        method="Nelder-Mead",
        options={"maxiter": _STEPS, "maxfev": _STEPS, "xatol": 1e-4, "fatol": 1e-3},
    ).x
    patient_sd, session_sd, record_sd = np.exp(found[1:]).tolist()
    return Variation(float(found[0]), patient_sd, session_sd, record_sd, _gains(by_patient, found)[0])


def _gains(records: "_Padded", parameters: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """The shares of `GAINS` for a usual potassium and logarithms of SDs, and the log-likelihood."""
    usual = parameters[0]
    patient_var, session_var, record_var = np.exp(2 * parameters[1:])
    covariance = patient_var * records.both + session_var * records.shared
    root = np.linalg.cholesky(covariance + record_var * np.eye(covariance.shape[1]))
    logs = (np.log(np.diagonal(root, axis1=1, axis2=2)) * records.valid).sum(axis=1)
    above = np.where(records.valid, records.label - usual, 0.0)
    error = np.where(records.valid, records.answer - usual, 0.0)[:, :, None] - above[:, :, None] * GAINS / ONE
    by_gain = -logs[:, None] - 0.5 * (np.linalg.solve(root, error) ** 2).sum(axis=1)
    best = by_gain.max(axis=1, keepdims=True)
    likelihood = np.exp(by_gain - best)
    share = np.full(len(GAINS), 1 / len(GAINS))
    for _ in range(_ROUNDS):
        weight = likelihood * share
        share = (weight / weight.sum(axis=1, keepdims=True)).sum(axis=0) + 1
        share /= share.sum()
    return share, float((np.log(likelihood @ share) + best[:, 0]).sum())


class _Padded(NamedTuple):
    """Records by patient, [patients, most records of one].

    Attributes:
        label, answer: 0 where there is no record.
        valid: where there is one.
        shared: bool[patients, records, records], of the same session; False where either is none.
        both: the same, where both are records.
    """

    label: NDArray[np.float64]
    answer: NDArray[np.float64]
    valid: NDArray[np.bool_]
    shared: NDArray[np.bool_]
    both: NDArray[np.bool_]


def _by_patient(answers: Answers) -> _Padded:
    _, row, counts = np.unique(answers.patient, return_inverse=True, return_counts=True)
    order = np.argsort(row, kind="stable")
    at = (row[order], np.concatenate([np.arange(count) for count in counts]))
    label, answer = (np.zeros((len(counts), int(counts.max()))) for _ in range(2))
    session, valid = np.zeros(label.shape, np.int64), np.zeros(label.shape, np.bool_)
    label[at], answer[at] = answers.label[order], answers.mean[order]
    session[at], valid[at] = answers.session[order], True
    both = valid[:, :, None] & valid[:, None, :]
    return _Padded(label, answer, valid, both & (session[:, :, None] == session[:, None, :]), both)
