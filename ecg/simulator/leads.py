"""Another lead of the same heart."""

import math
from dataclasses import replace

import numpy as np

from splkit.ecg.leads import TWELVE_LEADS
from splkit.ecg.simulator import physiology as phys
from splkit.ecg.simulator.atlas import scores
from splkit.ecg.simulator.patient import Patient, drawn_waves
from splkit.errors import UsageError

LEADS = TWELVE_LEADS
DERIVED = {
    "III": {"II": 1.0, "I": -1.0},
    "aVR": {"I": -0.5, "II": -0.5},
    "aVL": {"I": 1.0, "II": -0.5},
    "aVF": {"II": 1.0, "I": -0.5},
}
"""The limb leads that are sums of others, as Einthoven and Goldberger have it."""
REFERENCE_LEAD = "V5"
"""The lead in which patients are drawn."""

_LEAST_R_MV, _MOST_S_OVER_R = 0.05, 12.0
_P_SD = phys.P_MV.sd / phys.P_MV.median


def in_lead(patient: Patient, lead: str) -> Patient:
    """The patient in a lead that a machine measures, none of `DERIVED`; always the same of the same patient.

    The atlas says what goes with what in V5; what has changed since the patient was drawn changes alike here.
    """
    if lead == REFERENCE_LEAD:
        return patient
    there, score, drawn = phys.LEADS[lead], scores(patient.heart_seed, lead), drawn_waves(patient.heart_seed)
    r_mv = there.r_mv * math.exp(there.r_log_sd * score["r"]) * patient.r_mv / drawn.r_mv
    r_mv = max(r_mv, _LEAST_R_MV)
    s_mv = there.s_mv * math.exp(there.s_log_sd * score["s"]) * patient.r_mv / drawn.r_mv
    p_mv = there.p_mv * (1.0 + _P_SD * score["p"])
    return replace(
        patient,
        r_mv=r_mv,
        q_over_r=0.0,
        s_over_r=min(s_mv / r_mv, _MOST_S_OVER_R),
        t_mv=(there.t_mv + there.t_sd_mv * score["t"]) * patient.t_mv / drawn.t_mv,
        t_power=there.t_power,
        p_mv=p_mv * patient.p_mv / drawn.p_mv,
        st_mv=patient.st_mv * float(np.sign(there.t_mv)),
    )


def check_lead(lead: str) -> None:
    """Hold a lead to those that can be simulated.

    Raises:
        UsageError: there is no such lead.
    """
    if lead not in LEADS:
        raise UsageError(
            "a simulated lead is one of the standard twelve",
            found=repr(lead),
            next_step=f"choose among {', '.join(LEADS)}",
        )
