"""Hypertrophy, blocks, fibrillation, ectopic beats, pacing and digoxin: what else changes an ECG."""

from dataclasses import replace

import numpy as np

from splkit.ecg.simulator import physiology as phys
from splkit.ecg.simulator.patient import Patient, draw_normal, draw_patient

CONDITIONS = tuple(phys.PREVALENCE)
"""`lvh`, `rbbb`, `lbbb`, `af`, `ectopics`, `paced`, `digoxin`."""


def draw_ckd_patient(rng: np.random.Generator) -> Patient:
    """A patient of a cohort with kidney disease: each condition as often as `PREVALENCE` has it."""
    patient = draw_patient(rng)
    for condition, share in phys.PREVALENCE.items():
        if rng.random() < share.value:
            patient = with_condition(patient, condition, rng)
    return patient


def with_condition(patient: Patient, condition: str, rng: np.random.Generator) -> Patient:
    """The same patient with one of `CONDITIONS`; blocks and pacing replace each other's QRS complex."""
    changed = _CHANGES[condition](patient, rng)
    return replace(changed, conditions=(*patient.conditions, condition))


def _lvh(patient: Patient, rng: np.random.Generator) -> Patient:
    taller = replace(
        patient,
        r_mv=patient.r_mv * draw_normal(rng, phys.LVH_R),
        qrs_ms=patient.qrs_ms + phys.LVH_QRS_MS.value,
    )
    if rng.random() >= phys.STRAIN_SHARE.value:
        return taller
    strain = draw_normal(rng, phys.STRAIN_T)
    return replace(taller, t_mv=patient.t_mv * strain, st_mv=phys.STRAIN_ST_MV.value)


def _rbbb(patient: Patient, rng: np.random.Generator) -> Patient:
    return replace(
        patient, qrs_ms=draw_normal(rng, phys.BLOCK_QRS_MS), s_over_r=phys.RBBB_S_OVER_R.value, s_broadens=2.0
    )


def _lbbb(patient: Patient, rng: np.random.Generator) -> Patient:
    return replace(
        patient,
        qrs_ms=draw_normal(rng, phys.BLOCK_QRS_MS),
        q_over_r=0.0,
        s_over_r=0.0,
        r_broadens=1.6,
        t_mv=abs(patient.t_mv) * draw_normal(rng, phys.LBBB_T),
    )


def _af(patient: Patient, rng: np.random.Generator) -> Patient:
    return replace(
        patient,
        p_mv=0.0,
        fibrillation_mv=draw_normal(rng, phys.FIBRILLATION_MV),
        rr_irregularity=phys.FIBRILLATION_RR.value,
    )


def _ectopics(patient: Patient, rng: np.random.Generator) -> Patient:
    return replace(patient, ectopic_share=min(float(rng.exponential(phys.ECTOPIC_SHARE.value)), 0.3))


def _paced(patient: Patient, rng: np.random.Generator) -> Patient:
    return replace(
        _lbbb(patient, rng),
        p_mv=0.0,
        spike_mv=draw_normal(rng, phys.PACED_SPIKE_MV),
        heart_rate_per_min=phys.PACED_PER_MIN.value,
        sdnn_ms=1.0,
        rr_irregularity=0.0,
    )


def _digoxin(patient: Patient, rng: np.random.Generator) -> Patient:
    del rng
    return replace(
        patient,
        st_mv=phys.DIGOXIN_ST_MV.value,
        t_mv=patient.t_mv * phys.DIGOXIN_T.value,
        r_to_t_ms=patient.r_to_t_ms + phys.DIGOXIN_QT_MS.value,
    )


_CHANGES = {
    "lvh": _lvh,
    "rbbb": _rbbb,
    "lbbb": _lbbb,
    "af": _af,
    "ectopics": _ectopics,
    "paced": _paced,
    "digoxin": _digoxin,
}
