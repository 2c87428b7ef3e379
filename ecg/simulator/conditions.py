"""Hypertrophy, blocks, fibrillation, ectopic beats, pacing, ST-T changes, digoxin: what else changes ECGs."""

from dataclasses import replace

import numpy as np

from splkit.ecg.simulator import physiology as phys
from splkit.ecg.simulator.patient import Patient, draw_normal, draw_patient
from splkit.ecg.simulator.physiology import Spread

CONDITIONS = tuple(phys.PREVALENCE)
"""`lvh`, `rbbb`, `lbbb`, `af`, `ectopics`, `paced`, `st_t`, `digoxin`."""


def draw_ckd_patient(rng: np.random.Generator) -> Patient:
    """A patient of a cohort with kidney disease: each condition as often as `PREVALENCE` has it.

    Their heart rate varies less than that of healthy people, as it does on hemodialysis.
    """
    patient = replace(
        draw_patient(rng),
        sdnn_ms=phys.KIDNEY_SDNN_MS.log_at(float(rng.normal())),
        slow_over_fast=draw_normal(rng, phys.KIDNEY_SLOW_OVER_FAST),
    )
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
    return _repolarized(taller, phys.STRAIN_T, phys.STRAIN_ST_MV, rng)


def _st_t(patient: Patient, rng: np.random.Generator) -> Patient:
    return _repolarized(patient, phys.ST_T_T, phys.ST_T_ST_MV, rng)


def _repolarized(patient: Patient, t: Spread, st_mv: Spread, rng: np.random.Generator) -> Patient:
    """T flat or inverted, ST depressed: of strain, of ischemia, or of nothing that is known."""
    return replace(patient, t_mv=abs(patient.t_mv) * draw_normal(rng, t), st_mv=draw_normal(rng, st_mv))


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
    "st_t": _st_t,
    "digoxin": _digoxin,
}
