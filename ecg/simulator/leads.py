"""Another lead of the same heart."""

from dataclasses import replace

import numpy as np

from splkit.ecg.simulator import physiology as phys
from splkit.ecg.simulator.patient import Patient
from splkit.errors import UsageError

LEADS = tuple(phys.LEADS)
REFERENCE_LEAD = "V5"
"""The lead in which patients are drawn."""

_LEAST_R_MV, _MOST_S_OVER_R = 0.05, 12.0


def in_lead(patient: Patient, lead: str) -> Patient:
    """The patient as seen in one of `LEADS`; the same lead of the same patient is always the same.

    What V5 has above its median the other lead has too, as far as the two correlate; the rest is its own.

    Raises:
        UsageError: there is no such lead.
    """
    check_lead(lead)
    if lead == REFERENCE_LEAD:
        return patient
    there, here = phys.LEADS[lead], phys.LEADS[REFERENCE_LEAD]
    own_r, own_t, own_s = np.random.default_rng([patient.lead_seed, LEADS.index(lead)]).normal(size=3)
    score_r = np.log(patient.r_mv / here.r_mv) / here.r_log_sd
    score_t = (patient.t_mv - here.t_mv) / here.t_sd_mv
    r_mv = there.r_mv * np.exp(there.r_log_sd * _mixed(score_r, own_r, there.r_with_v5))
    r_mv = max(float(r_mv), _LEAST_R_MV)
    s_mv = there.s_mv * float(np.exp(there.s_log_sd * own_s))
    return replace(
        patient,
        r_mv=r_mv,
        s_over_r=min(s_mv / r_mv, _MOST_S_OVER_R),
        t_mv=there.t_mv + there.t_sd_mv * _mixed(score_t, own_t, there.t_with_v5),
        t_power=there.t_power,
        p_mv=patient.p_mv * there.p_mv / here.p_mv,
        st_mv=patient.st_mv * float(np.sign(there.t_mv)),
    )


def check_lead(lead: str) -> None:
    """Hold a lead to those that can be simulated.

    Raises:
        UsageError: there is no such lead.
    """
    if lead not in phys.LEADS:
        raise UsageError(
            "a simulated lead is one of the standard twelve",
            found=repr(lead),
            next_step=f"choose among {', '.join(LEADS)}",
        )


def _mixed(shared: float, own: float, correlation: float) -> float:
    return float(correlation * shared + np.sqrt(1.0 - correlation**2) * own)
