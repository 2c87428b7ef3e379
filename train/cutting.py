"""The records of a configuration, cut once: by many processes, for several leads, into a cache."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from splkit.errors import ModelError, RecordingError, SplkitError
from splkit.pool import Workers, in_parallel
from splkit.progress import Advance, note
from splkit.train.cohort import turned
from splkit.train.config import TrainConfig
from splkit.train.cut_cache import CutCache, made_by
from splkit.train.cuts import Chunk, RecordCut
from splkit.train.cycle_set import CycleSet, RecordMeans
from splkit.train.measured import measured_cuts
from splkit.train.pairs import PairedPatient, paired_patients
from splkit.train.simulated import simulated_cuts, tail_share

PATIENTS_A_CHUNK: Final = 32
"""A few seconds of work: what a kill costs at most, and long beside writing it down."""

Cut = RecordCut | SplkitError


class Patient(NamedTuple):
    """A patient of a configuration.

    Attributes:
        source: the number of a simulated one, or the rows of a table.
        number: by which splits are made.
        chunk: the part of a cache that holds the records.
        names: what each record is known by in its cohort or table.
        records: the number of each.
        potassium_meq_l: of each, where a table has it.
    """

    source: int | PairedPatient
    number: int
    chunk: int
    names: tuple[str, ...]
    records: tuple[int, ...]
    potassium_meq_l: tuple[float | None, ...]


class _Piece(NamedTuple):
    """Patients of one chunk, the configurations for which they are cut, by place, and what is to cut them."""

    chunk: int
    patients: tuple[Patient, ...]
    configs: dict[int, TrainConfig]
    made_by: dict[str, str]


def cut_each(
    configs: Sequence[TrainConfig], advance: Advance, *, workers: Workers, cache: Path | None
) -> list[CycleSet]:
    """The cycles of each configuration; they differ in lead or channel alone, and each ECG is read once.

    What was cut before is taken from `cache`, where all that made it is the same, and what is cut now is
    added chunk by chunk. The cycles and their order depend on neither cache nor workers. `advance` counts
    patients.

    Raises:
        UsageError: the table is not the one that the configurations were made with, or `cache` cannot be
            written.
        RecordingError: ECGs cannot be read, and are not to be skipped. All others are cut and kept; the first
            is named.
    """
    patients = _patients(configs[0])
    caches = [CutCache.of(config, cache) for config in configs]
    found: list[Chunk] = [{} for _ in configs]
    pieces = _lacking(configs, patients, caches, found)
    advance(len(patients) - sum(len(piece.patients) for piece in pieces))
    refused: dict[str, SplkitError] = {}
    for piece, made in in_parallel(_cut, pieces, workers, _died):
        for index, cuts in made.items():
            new = {name: cut for name, cut in cuts.items() if isinstance(cut, RecordCut)}
            refused |= {name: cut for name, cut in cuts.items() if isinstance(cut, SplkitError)}
            found[index] |= new
            caches[index].add(piece.chunk, new)
        advance(len(piece.patients))
    for said in dict.fromkeys(said for one in caches for said in one.report()):
        note(advance, said)
    _refuse(refused, configs[0], advance)
    return [_together(config, patients, known) for config, known in zip(configs, found, strict=True)]


def _patients(config: TrainConfig) -> list[Patient]:
    if config.pairs is not None:
        return _listed(paired_patients(config))
    made = []
    for patient in range(config.patients):
        sessions = range(config.records_per_patient)
        share = tail_share(patient, config)
        made.append(
            Patient(
                patient,
                turned(patient, config.fold, config.patients),
                patient // PATIENTS_A_CHUNK,
                tuple(f"{patient}.{session} {share!r}" for session in sessions),
                tuple(patient * config.records_per_patient + session for session in sessions),
                (None,) * config.records_per_patient,
            )
        )
    return made


def _listed(patients: Sequence[PairedPatient]) -> list[Patient]:
    """Patients of a table. Whose name falls into which chunk does not change when others are added."""
    chunks = 1
    while chunks * PATIENTS_A_CHUNK < len(patients):
        chunks *= 2
    made = []
    for patient in patients:
        digest = hashlib.sha256(patient.pairs[0].patient.encode()).digest()
        made.append(
            Patient(
                patient,
                patient.number,
                int.from_bytes(digest[:4], "big") % chunks,
                tuple(f"{pair.record} {pair.channel or ''}" for pair in patient.pairs),
                tuple(pair.number for pair in patient.pairs),
                tuple(pair.potassium_meq_l for pair in patient.pairs),
            )
        )
    return made


def _lacking(
    configs: Sequence[TrainConfig],
    patients: Sequence[Patient],
    caches: Sequence[CutCache],
    found: Sequence[Chunk],
) -> list[_Piece]:
    """What is yet to be cut; what is there is added to `found`."""
    chunks: dict[int, list[Patient]] = {}
    for patient in patients:
        chunks.setdefault(patient.chunk, []).append(patient)
    pieces = []
    for chunk, members in chunks.items():
        for cache, known in zip(caches, found, strict=True):
            known |= cache.known(chunk)
        lacking = [one for one in members if any(set(one.names) - known.keys() for known in found)]
        names = {name for one in lacking for name in one.names}
        short = {index: configs[index] for index, known in enumerate(found) if names - known.keys()}
        if lacking:
            pieces.append(_Piece(chunk, tuple(lacking), short, made_by()))
    return pieces


def _cut(piece: _Piece) -> dict[int, dict[str, Cut]]:
    """By configuration and name the records of a piece; one that cannot be read has its error."""
    if piece.made_by != made_by():
        return _all_refused(piece, _other_code(piece))
    made: dict[int, dict[str, Cut]] = {index: {} for index in piece.configs}
    for patient in piece.patients:
        for index, cuts in zip(made, _cut_patient(patient.source, list(piece.configs.values())), strict=True):
            made[index] |= zip(patient.names, cuts, strict=True)
    return made


def _cut_patient(source: int | PairedPatient, configs: Sequence[TrainConfig]) -> Sequence[Sequence[Cut]]:
    if isinstance(source, PairedPatient):
        return measured_cuts(source, configs)
    return [simulated_cuts(source, config) for config in configs]


def _died(piece: _Piece) -> dict[int, dict[str, Cut]]:
    first = piece.patients[0].names[0]
    error = ModelError(
        "ECGs are cut by processes that last",
        found=f"one that ended over {first} or one that came after it, perhaps for want of memory",
        next_step="use fewer --workers",
    )
    return _all_refused(piece, error)


def _other_code(piece: _Piece) -> ModelError:
    ours = made_by()
    other = next(name for name, value in piece.made_by.items() if ours.get(name) != value)
    return ModelError(
        "all workers of a cluster cut with the same sources, numpy and scipy as the process that asks them",
        found=f"another {other} at one of them",
        next_step="install the same there",
    )


def _all_refused(piece: _Piece, error: SplkitError) -> dict[int, dict[str, Cut]]:
    names = [name for patient in piece.patients for name in patient.names]
    return {index: dict.fromkeys(names, error) for index in piece.configs}


def _refuse(refused: dict[str, SplkitError], config: TrainConfig, advance: Advance) -> None:
    """Raises the first error, with the number of the others; where ECGs may be skipped, says so instead."""
    if not refused:
        return
    error = next((each for each in refused.values() if not isinstance(each, RecordingError)), None)
    if error is None:
        error = next(iter(refused.values()))
        if config.pairs and config.pairs.skip_unreadable:
            note(advance, f"{len(refused):,} ECGs are left out, the first of them because {error}")
            return
    others = f" (and {len(refused) - 1:,} other ECGs that cannot be used)" if len(refused) > 1 else ""
    raise type(error)(error.rule, found=f"{error.found}{others}", next_step=error.next_step)


def _together(config: TrainConfig, patients: Sequence[Patient], known: Chunk) -> CycleSet:
    some = next(iter(known.values()), RecordCut("", {}))
    nothing = RecordCut("", {beats: means[:0] for beats, means in some.means.items()})
    parts = []
    for patient in patients:
        cuts = [known.get(name, nothing) for name in patient.names]
        rows = zip(patient.records, patient.potassium_meq_l, cuts, strict=True)
        records = [
            RecordMeans(number, _label(potassium, cut), {beats: cut.means[beats] for beats in config.beats})
            for number, potassium, cut in rows
        ]
        leads = [cut.lead for cut in cuts if cut is not nothing]
        parts.append(CycleSet.of_patient(patient.number, records, leads))
    return CycleSet.together(parts)


def _label(of_table_meq_l: float | None, cut: RecordCut) -> float:
    label_meq_l = cut.potassium_meq_l if of_table_meq_l is None else of_table_meq_l
    assert label_meq_l is not None
    return label_meq_l
