"""Files of wearables in the layouts that their makers write, from known numbers, apart from the readers."""

import json
from datetime import datetime, timedelta

import numpy as np
from support.ecg_counts import Counts

Files = dict[str, bytes]
"""By name."""

APPLE_ENGLISH = """Name,A Person
Date of Birth,"Jan 8, 1982"
Recorded Date,2026-05-30 16:32:18 -0700
Classification,Sinus Rhythm
Symptoms,
Software Version,1.90
Device,"Watch7,12"
Sample Rate,{rate} hertz


Lead,Lead I
Unit,{unit}

"""
APPLE_GERMAN = """Name
Geburtstag,"27.03.1987"
Aufzeichnungsdatum,2020-07-31 22:48:19 +0200
Klassifizierung,Sinusrhythmus
Symptome,
Softwareversion,1.13
Gerät,"Watch4,2"
Messrate,{rate}\u00a0Hertz


Ableitung,Ableitung I
Einheit,{unit}

"""


def apple_file(
    samples: np.ndarray, *, rate: str = "512", unit: str = "µV", head: str = APPLE_ENGLISH, mark: str = "."
) -> str:
    """One ECG of a Health export; `mark` is the decimal mark, trailing zeros are left out."""
    lines = (f"{sample:.3f}".rstrip("0").rstrip(".").replace(".", mark) for sample in samples)
    return head.format(rate=rate.replace(".", mark), unit=unit) + "\n".join(lines) + "\n"


def kardia_json(leads: Counts, *, rate_hz: object = 300, nv_per_count: object = 500) -> str:
    """A recording of the Kardia API; the enhanced signal is other numbers."""
    keys = {"I": "leadI", "II": "leadII", "III": "leadIII", "aVR": "AVR", "aVL": "AVL", "aVF": "AVF"}
    head = {"frequency": rate_hz, "mainsFrequency": 60, "amplitudeResolution": nv_per_count}
    raw = head | {"samples": {keys[name]: values.tolist() for name, values in leads.items()}}
    enhanced = head | {"samples": {keys[name]: (values * 2).tolist() for name, values in leads.items()}}
    made = {"id": "x", "recordedAt": "2026-01-01T12:00:00Z", "algorithmDetermination": "normal"}
    return json.dumps(made | {"data": {"enhanced": enhanced, "raw": raw}})


def opensignals_file(
    columns: Counts, *, device: str = "bitalino_rev", rate_hz: int = 1000, bits: int = 10, **more: object
) -> str:
    """A file of one device: sequence numbers, two digital inputs, then a column a sensor."""
    labels = [f"A{i + 1}" for i in range(len(columns))]
    head = {
        "sensor": list(columns),
        "label": labels,
        "column": ["nSeq", "I1", "I2", *labels],
        "resolution": [4, 1, 1, *[bits] * len(columns)],
        "sampling rate": rate_hz,
        "device": device,
        **more,
    }
    rows = zip(*columns.values(), strict=True)
    lines = (f"{i % 16}\t1\t1\t" + "\t".join(map(str, row)) + "\t" for i, row in enumerate(rows))
    shown = json.dumps({"20:16:02:26:60:88": head})
    return f"# OpenSignals Text File Format\n# {shown}\n# EndOfHeader\n" + "\n".join(lines) + "\n"


def polar_file(samples: np.ndarray, *, rate_hz: float = 130.0, lost: range = range(0)) -> str:
    """An ECG of the Polar Sensor Logger; the samples of `lost` never came."""
    started = datetime(2026, 7, 16, 21, 34, 53)
    lines = ["Phone timestamp;sensor timestamp [ns];timestamp [ms];ecg [uV]"]
    for i, sample in enumerate(samples):
        if i not in lost:
            phone = (started + timedelta(seconds=i // 73 * 0.56)).isoformat(timespec="milliseconds")
            after_ns = round(i / rate_hz * 1e9)
            lines.append(f"{phone};{599636646177065964 + after_ns};{after_ns * 1e-6:.6f};{sample}")
    return "\n".join(lines) + "\n"


def consensys_file(
    leads: dict[str, np.ndarray],
    *,
    rate_hz: float = 512.0,
    unit: str = "mV",
    written: bool = True,
    lost: range = range(0),
) -> str:
    """A CSV file of Consensys, times written out or in ms since 1970, to 1 ms."""
    started = datetime(2015, 6, 25, 15, 39, 24, 532000)
    stamp = "FormattedUnix" if written else "Unix"
    names = [f"Shimmer_B64E_Timestamp_{stamp}_CAL", *(f"Shimmer_B64E_{lead}_24BIT_CAL" for lead in leads)]
    units = ["yyyy/mm/dd hh:mm:ss.000" if written else "ms", *[unit] * len(leads)]
    lines = ['"sep=\t"', "\t".join([*names, ""]), "\t".join([*units, ""])]
    for i, row in enumerate(zip(*leads.values(), strict=True)):
        if i not in lost:
            time = started + timedelta(milliseconds=round(i / rate_hz * 1e3))
            shown = f"{time:%Y/%m/%d %H:%M:%S.%f}"[:-3] if written else f"{time.timestamp() * 1e3:.1f}"
            lines.append("\t".join([shown, *(f"{value:.12g}" for value in row), ""]))
    return "\n".join(lines) + "\n"


def movesense_file(samples_mv: np.ndarray, head: str) -> str:
    """A CSV file at 250 Hz; where the head has a `Timestamp`, times are ISO 8601."""
    started = datetime(2025, 2, 20, 12)
    rows = [head]
    for i, sample in enumerate(samples_mv):
        time = (started + timedelta(milliseconds=4 * i)).isoformat(timespec="milliseconds")
        rows.append(f"{time if 'Timestamp' in head else f'{i * 0.004:.3f}'},{sample:.3f}")
    return "\n".join(rows) + "\n"


SAMSUNG_TABLE = """com.samsung.health.ecg,6331000,4
start_time,sample_frequency,sample_count,mean_heart_rate,classification,datauuid,data,
2026-06-01 09:00:00.000,500,15000,72,1,abc,abc.data.pdf,
"""


def cinc_files(
    name: str, leads: Counts, *, rate_hz: int = 500, counts_per_mv: int = 1000
) -> dict[str, bytes]:
    """A .mat file of MATLAB 4 with the matrix `val`, and its .hea file."""
    matrix = np.stack(list(leads.values())).astype("<i2")
    head = np.array([30, *matrix.shape, 0, 4], "<i4").tobytes() + b"val\0"  # 30: little endian, int16
    lines = [f"{name} {len(leads)} {rate_hz} {matrix.shape[1]}"]
    for lead, values in leads.items():
        checksum = (int(values.sum()) + 0x8000) % 0x10000 - 0x8000
        lines.append(f"{name}.mat 16+24 {counts_per_mv}/mV 16 0 {values[0]} {checksum} 0 {lead}")
    return {
        f"{name}.mat": head + matrix.tobytes(order="F"),
        f"{name}.hea": ("\n".join(lines) + "\n").encode(),
    }
