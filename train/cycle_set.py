"""Cycles with their potassium, in memory and in a run folder."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import NamedTuple, Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import cycles_in, inputs_in
from splkit.ecg.frontend.quantize import ONE_Q12
from splkit.errors import ModelError, reason
from splkit.train.cohort import split_of


class RecordMeans(NamedTuple):
    """What training takes of one record.

    Attributes:
        number: the record's, unlike that of any other.
        potassium_meq_l: as a laboratory reports it.
        means: by how many cycles are in each, the means, int16[k, 270], Q12.
    """

    number: int
    potassium_meq_l: float
    means: Mapping[int, NDArray[np.int16]]


@dataclass(frozen=True)
class CycleSet:
    """Averaged cycles and what is known of them.

    Attributes:
        averaged: int16[n, 270], Q12: 4096 = R amplitude; where the network reads another window, that
            follows in the row (`splkit.ecg.frontend.window`).
        potassium_meq_l: float64[n], as a laboratory reports it.
        patient: int64[n], the patient's number, by which splits are made.
        record: int64[n], the number of the record it was cut from.
        beats: int64[n], of how many accepted one-cycle ECGs it is the mean.
        records: how many records there were, those without a cycle included.
        leads: the standard leads of these records, sorted; "" stands for any whose name says none.
    """

    averaged: NDArray[np.int16]
    potassium_meq_l: NDArray[np.float64]
    patient: NDArray[np.int64]
    record: NDArray[np.int64]
    beats: NDArray[np.int64]
    records: int
    leads: tuple[str, ...] = ()

    @property
    def lead(self) -> str | None:
        """The one lead of all records; None where there are several, or one is not known."""
        return self.leads[0] if len(self.leads) == 1 and self.leads[0] else None

    @property
    def inputs(self) -> NDArray[np.float32]:
        """The model's inputs, float32[n, 270] or of the window's size, R amplitude 1."""
        return (inputs_in(self.averaged) / ONE_Q12).astype(np.float32)

    @property
    def cycles(self) -> NDArray[np.float32]:
        """The one-cycle ECGs, float32[n, 270], R amplitude 1, whatever the model reads."""
        return (cycles_in(self.averaged) / ONE_Q12).astype(np.float32)

    def where(self, kept: NDArray[np.bool_]) -> Self:
        """The cycles for which `kept`, bool[n], holds."""
        return replace(
            self,
            averaged=self.averaged[kept],
            potassium_meq_l=self.potassium_meq_l[kept],
            patient=self.patient[kept],
            record=self.record[kept],
            beats=self.beats[kept],
        )

    def of_beats(self, beats: int) -> Self:
        """The means of `beats` cycles."""
        return self.where(self.beats == beats)

    @classmethod
    def of_patient(cls, patient: int, records: Sequence[RecordMeans], leads: Iterable[str]) -> Self:
        """The cycles of one patient."""
        means = [(one, beats, taken) for one in records for beats, taken in one.means.items()]
        sizes = [len(taken) for _, _, taken in means]
        return cls(
            np.concatenate([taken for _, _, taken in means]),
            np.repeat(np.array([one.potassium_meq_l for one, _, _ in means], np.float64), sizes),
            np.full(sum(sizes), patient, np.int64),
            np.repeat(np.array([one.number for one, _, _ in means], np.int64), sizes),
            np.repeat(np.array([beats for _, beats, _ in means], np.int64), sizes),
            len(records),
            tuple(sorted(set(leads))),
        )

    @classmethod
    def together(cls, parts: Sequence[Self]) -> Self:
        """All cycles of `parts`, in their order."""
        return cls(
            np.concatenate([part.averaged for part in parts]),
            np.concatenate([part.potassium_meq_l for part in parts]),
            np.concatenate([part.patient for part in parts]),
            np.concatenate([part.record for part in parts]),
            np.concatenate([part.beats for part in parts]),
            sum(part.records for part in parts),
            tuple(sorted({lead for part in parts for lead in part.leads})),
        )

    def split(self, name: str, patients: int, fold: int) -> Self:
        """The cycles of one split of `patients` patients in a fold."""
        splits = [split_of(int(one), patients, fold) for one in self.patient]
        return self.where(np.array([one == name for one in splits], bool))

    def save(self, path: Path) -> None:
        """Write as .npz, the same bytes for the same cycles."""
        np.savez_compressed(path, **{one.name: getattr(self, one.name) for one in fields(self)})

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            ModelError: the file is not there or holds something else.
        """
        try:
            with np.load(path) as stored:
                arrays = {one.name: stored[one.name] for one in fields(cls)}
            leads = tuple(str(lead) for lead in arrays["leads"])
            return cls(**arrays | {"records": int(arrays["records"]), "leads": leads})
        except (OSError, KeyError, ValueError, BadZipFile) as error:
            raise ModelError(
                "a run folder holds its cycles", found=f"{path}: {reason(error)}", next_step="train again"
            ) from error
