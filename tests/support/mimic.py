"""Miniature folders in the form of MIMIC-IV; patients, times and values are made up."""

import gzip
from pathlib import Path

from splkit.train.sources.mimic import pair_mimic

ECG_HEADING = "subject_id,study_id,file_name,ecg_time,path"
LAB_HEADING = (
    "labevent_id,subject_id,hadm_id,specimen_id,itemid,order_provider_id,charttime,storetime,value,valuenum,"
    "valueuom,ref_range_lower,ref_range_upper,flag,priority,comments"
)
DAY = "2999-01-01"


def ecg(patient: str, study: str, time: str) -> str:
    """A row of the list of ECGs; no time where it is empty."""
    when = f"{DAY} {time}" if time else ""
    return f"{patient},{study},{study},{when},files/p{patient}/s{study}/{study}"


def lab(
    patient: str, time: str, value: str, comment: str = "", *, item: str = "50971", unit: str = "mEq/L"
) -> str:
    """A row of the table of blood tests: potassium in serum unless `item` says otherwise."""
    when = f"{DAY} {time}" if time else ""
    return f'1,{patient},,2,{item},,{when},,{value},{value},{unit},3.3,5.1,,STAT,"{comment}"'


class MimicFolder:
    """A folder of ECGs, `ecg`, with blood tests beside it."""

    def __init__(self, root: Path) -> None:
        self.root, self.ecg, self.labs = root, root / "ecg", root / "labevents.csv.gz"

    def fill(self, ecgs: list[str], labs: list[str]) -> "MimicFolder":
        self.ecg.mkdir(exist_ok=True)
        (self.ecg / "record_list.csv").write_text("\n".join([ECG_HEADING, *ecgs, ""]))
        self.labs.write_bytes(gzip.compress("\n".join([LAB_HEADING, *labs, ""]).encode()))
        return self

    def found(self, within_min: int = 60, **options: bool) -> list[tuple[str, float, int]]:
        pairing = pair_mimic(self.ecg, self.labs, within_min, **options)
        return [(Path(pair.record).name, pair.potassium_meq_l, pair.minutes_apart) for pair in pairing.pairs]

    def counts(self) -> dict[str, int]:
        return {str(why): count for why, count in pair_mimic(self.ecg, self.labs).left_out.items()}


def two_pairs(root: Path) -> MimicFolder:
    """Two pairs of one patient, and an ECG of another one that stays alone."""
    return MimicFolder(root).fill(
        [ecg("202", "9", "08:00:00"), ecg("101", "8", "12:00:00"), ecg("101", "7", "08:00:00")],
        [
            lab("101", "12:30:00", "5.5"),
            lab("101", "07:50:00", "4.1"),
            lab("101", "08:20:00", "9.9", "GROSSLY HEMOLYZED, HEMOLYSIS FALSELY ELEVATES K"),
            lab("303", "08:00:00", "4.4"),
        ],
    )
