"""Makes ecg/simulator/beat_atlas.npz, the simulator's atlas of real beats.

    python tools/make_beat_atlas.py [--data DIR] [--out FILE]

The normal ECGs of PTB-XL 1.0.3 (Wagner 2020, CC BY 4.0) of two patients in three, by a hash of the patient;
bench/realism.py judges the simulator on the third one. The mean beat of each ECG is aligned by R in V5 and
measured there. The wave model with these measures is taken from it, and what is left in each lead is cut into
the parts of `splkit.ecg.simulator.details`. The same data give the same bytes. What physiology.py calls
measured on the atlas is printed: V5, median and SD.
"""

import io
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Final

import click
import numpy as np
from atlas_beats import MOVED, ROOT, TIME_MS, Beat, Values, beats_of
from numpy.typing import NDArray
from realism_sets import ecgs
from scipy.special import ndtri
from scipy.stats import rankdata

from splkit.console import out, progress
from splkit.ecg.simulator import physiology as phys
from splkit.ecg.simulator.atlas import LEAD_SCORES, MEASURED_LEADS, SCORES
from splkit.ecg.simulator.details import AXES, waves_of, windows
from splkit.ecg.simulator.heartbeat import deflections
from splkit.ecg.simulator.patient import Patient, waves_at

Tables = dict[str, NDArray[np.generic]]

OUT: Final = ROOT / "ecg" / "simulator" / "beat_atlas.npz"
LICENCE: Final = (
    "Adapted from PTB-XL 1.0.3 (Wagner P, Strodthoff N, Bousseljot R, Samek W, Schaeffter T. PTB-XL, a large "
    "publicly available electrocardiography dataset. Scientific Data 7:154 (2020). PhysioNet, "
    "https://doi.org/10.13026/kfzx-aw45), licensed under CC BY 4.0, "
    "https://creativecommons.org/licenses/by/4.0/. Changed: mean beats, measured, less a wave model, as "
    "principal components, rounded to 16 bits. This file: CC BY 4.0."
)
T_OWN: Final = 0.8
"""Of how T slopes differ between ECGs, log, the part that is the patient's: ECGs differ by 11 %, records of
one patient by 4, and normal potassium makes 5."""
MOST_DETAIL: Final = 0.4
"""Of T's height: details beyond it are waves of their own, or the next P of a fast heart, and would not go
with T when potassium narrows it. Assumed; it leaves out 7 of 117 ECGs."""
COMPONENTS: Final = (8, 20, 16)
"""Of P, QRS and T in each lead: assumed, as many as leave a few uV."""


def drawn_alike(people: list[Patient], scores: Values, slope_per_s: Values) -> list[Patient]:
    """The patients with the S, Q, ST and times that are drawn at their scores; the rest as measured.

    So a simulated patient who takes after one ECG alone has its beat, but for T: of how much steeper or
    flatter it is than others', sessions and potassium make a part, which is left out here.
    """
    shown_per_s = phys.T_SLOPE_PER_S.median * (slope_per_s / np.median(slope_per_s)) ** T_OWN
    steeper = shown_per_s / slope_per_s
    kept = ("qrs_ms", "r_to_t_ms", "t_rise_ms", "t_fall_ms", "q_over_r", "s_over_r", "st_mv")
    drawn = [waves_at(dict(zip(SCORES, row, strict=True))) for row in scores.tolist()]
    alike = []
    for one, wave, times in zip(people, drawn, steeper.tolist(), strict=True):
        own = replace(one, **{name: getattr(wave, name) for name in kept})
        alike.append(replace(own, t_rise_ms=own.t_rise_ms * times, t_fall_ms=own.t_fall_ms * times))
    return alike


def details_of(mean_mv: Values, patient: Patient) -> tuple[Values, ...]:
    """What the wave model leaves of a beat: P, QRS and T on `AXES`, in the sizes of `waves_of`."""
    shape = deflections(patient, phys.NORMAL_MEQ_L.value)
    waves = waves_of(patient, shape, 0.0)
    one = np.ones((1, 1))
    rest_mv = mean_mv - sum(wave.at(TIME_MS[None], one)[0] for wave in shape)
    parts = []
    for wave, share, axis in zip(waves, windows(waves, TIME_MS), AXES, strict=True):
        at = wave.axis(TIME_MS[None], one)[0]
        parts.append(np.interp(axis, at, rest_mv * share) / wave.size_mv)
    return tuple(parts)


def well_modelled(beats: list[Beat]) -> list[Beat]:
    """The beats of those ECGs whose T details in V5 are under `MOST_DETAIL` of T in each of their beats."""
    left_out = {
        beat.number
        for beat, one in zip(beats, _drawn_in_v5(beats), strict=True)
        if np.abs(details_of(beat.mean_mv["V5"], one)[2]).max() >= MOST_DETAIL
    }
    return [beat for beat in beats if beat.number not in left_out]


def _drawn_in_v5(beats: list[Beat]) -> list[Patient]:
    scores = normal_scores(_columns(beats, "V5"))
    slope_per_s = np.array([beat.measured["t_slope"] for beat in beats])
    return drawn_alike([beat.patients["V5"] for beat in beats], scores, slope_per_s)


def normal_scores(columns: Values) -> Values:
    """Each column's ranks as normal scores, float64[n, k]."""
    return np.asarray(ndtri((rankdata(columns, axis=0) - 0.5) / len(columns)))


def tables(
    beats: list[Beat], leads: tuple[str, ...] = MEASURED_LEADS, components: tuple[int, ...] = COMPONENTS
) -> Tables:
    """What the file holds of `beats`."""
    held: Tables = {"licence": np.array(LICENCE)}
    held["ecg_id"] = np.array([beat.number for beat in beats], np.int32)
    for lead in leads:
        people = _drawn_in_v5(beats) if lead == "V5" else [beat.patients[lead] for beat in beats]
        held[f"scores_{lead}"] = normal_scores(_columns(beats, lead)).astype(np.float16)
        parts = [details_of(beat.mean_mv[lead], one) for beat, one in zip(beats, people, strict=True)]
        for number, own in enumerate(zip(*parts, strict=True)):
            names = (f"{kind}_{lead}_{number}" for kind in ("means", "bases", "coefficients"))
            held |= zip(names, principal(np.array(own), components[number]), strict=True)
    return held


def principal(values: Values, most: int) -> tuple[NDArray[np.float16], ...]:
    """Mean [m], at most `most` principal components [k, m] and their coefficients [n, k] of values [n, m].

    A component's largest value is positive, so that its sign does not hang on the library.
    """
    mean = values.mean(0)
    u, size, basis = np.linalg.svd(values - mean, full_matrices=False)
    u, size, basis = u[:, :most], size[:most], basis[:most]
    sign = np.sign(basis[np.arange(len(basis)), np.abs(basis).argmax(1)])
    found = (mean, basis * sign[:, None], u * size * sign)
    return tuple(one.astype(np.float16) for one in found)


def _columns(beats: list[Beat], lead: str) -> Values:
    """What is scored in a lead, float64[n, k], in the order of `SCORES` or `LEAD_SCORES`."""
    people = [beat.patients[lead] for beat in beats]
    is_v5 = lead == "V5"
    sizes = {
        "r": [one.r_mv for one in people],
        "q": [one.q_over_r for one in people],
        "s": [one.s_over_r if is_v5 else one.s_over_r * one.r_mv for one in people],
        "p": [one.p_mv for one in people],
        "t": [one.t_mv for one in people],
    }
    names = SCORES if is_v5 else LEAD_SCORES
    return np.array([sizes.get(name) or [beat.measured[name] for beat in beats] for name in names]).T


def write(path: Path, held: Tables) -> None:
    """Write as .npz without the time of writing: the same tables, the same bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, table in held.items():
            stream = io.BytesIO()
            np.save(stream, table)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy"), stream.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=9
            )


@click.command(help=__doc__)
@click.option("--data", type=click.Path(path_type=Path), help="Folder of recordings [$SPLKIT_DATA].")
@click.option("--out", "path", type=click.Path(path_type=Path), default=OUT, help="File to write.")
def main(data: Path | None, path: Path) -> None:
    """Read, measure and write."""
    folder = data or Path(os.environ.get("SPLKIT_DATA", ROOT.parent / "shared" / "data"))
    chosen = [one for one in ecgs(folder) if one.is_normal and not one.is_judged]
    beats = []
    with progress("PTB-XL", len(chosen)) as advance:
        for ecg in chosen:
            beats += beats_of(ecg)
            advance(1)
    beats = well_modelled(beats)
    write(path, tables(beats))
    unmoved = beats[:: len(MOVED)]
    for name, column in zip(SCORES, _columns(unmoved, "V5").T, strict=True):
        out.print(f"{name}: median {np.median(column):.4g}, SD {np.std(column):.3g}")
    out.print(f"{len(beats) // len(MOVED)} of {len(chosen)} ECGs, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
