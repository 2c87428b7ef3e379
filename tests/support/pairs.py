"""A table of ECGs with blood tests, as a researcher would have one; the ECGs are simulated."""

from pathlib import Path

import numpy as np
import wfdb

from splkit.ecg.simulator.record import simulate_record

PATIENTS, FS_HZ = 12, 500
HEADINGS = "record,patient,potassium_meq_l,channel,remark"


def write_record(path: Path, seed: int, duration_s: float = 20.0) -> None:
    """Leads V5 and II of a patient, as WFDB."""
    leads = ("V5", "II")
    signals = [
        simulate_record(4.5, fs_hz=FS_HZ, duration_s=duration_s, seed=seed, lead=lead).recording.signal_mv
        for lead in leads
    ]
    wfdb.wrsamp(
        path.name,
        fs=FS_HZ,
        units=["mV"] * 2,
        sig_name=list(leads),
        p_signal=np.stack(signals, axis=1),
        fmt=["16"] * 2,
        write_dir=str(path.parent),
    )


def write_pairs(folder: Path) -> Path:
    """Two ECGs of each of twelve patients, the second one in another lead and at 0.5 mEq/L more."""
    lines = [HEADINGS]
    for number in range(PATIENTS):
        write_record(folder / f"r{number}", seed=number)
        potassium = 3.5 + number / 4
        lines += [f"r{number},P{number},{potassium},V5,", f"r{number},P{number},{potassium + 0.5},II,again"]
    table = folder / "pairs.csv"
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return table
