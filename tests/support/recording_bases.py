"""Whole recordings of every format, of which hostile ones are made: of tests/data, and written here."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from support.dicom_bytes import dicom_file, group
from support.ecg_counts import counts
from support.format_samples import format_samples
from support.holter_bytes import ishne_file
from support.scp_bytes import scp_file
from support.xml_ecg import aecg_file, muse_file

DATA = Path(__file__).parents[1] / "data"
FS_HZ, SECONDS = 250, 6
_MADE = counts("I", "II", "V5")
_SAMPLES = format_samples()


class Base(NamedTuple):
    """Files by name; the first is the one that is read, `kind` says who knows the truth about it."""

    kind: str
    files: dict[str, bytes]


@cache
def bases() -> tuple[Base, ...]:
    """The same ones in every process."""
    sine_mv = np.round(np.sin(2 * np.pi * 1.3 * np.arange(FS_HZ * SECONDS) / FS_HZ), 4)
    found = [_wfdb("ptbxl/records500/00000/00001_hr", 0), _wfdb("mitdb/101", 2160)]
    found += [Base("csv", {"ecg.csv": text.encode()}) for text in _csv(sine_mv)]
    found += [Base("edf", {"ecg.edf": _edf(sine_mv, *each)}) for each in ((b"uV", 1e3), (b"mV", 1.0))]
    made: list[tuple[str, str, bytes | str]] = [
        ("dicom", "ecg.dcm", dicom_file(group(_MADE))),
        ("aecg", "aecg.xml", aecg_file(_MADE)),
        ("muse", "muse.xml", muse_file(_MADE)),
        ("ishne", "ecg.ish", ishne_file(_MADE, with_checksum=False)),
        ("scp", "ecg.scp", scp_file(_MADE)),
        ("atc", "kardia.atc", _SAMPLES["kardia.atc"]),
        ("philips", "philips.xml", _SAMPLES["philips.xml"]),
        ("apple", "apple.csv", _SAMPLES["apple.csv"]),
        ("kardia", "kardia.json", _SAMPLES["kardia.json"]),
        ("opensignals", "opensignals.txt", _SAMPLES["opensignals.txt"]),
        ("polar", "polar_ECG.txt", _SAMPLES["polar_ECG.txt"]),
        ("consensys", "shimmer.csv", _SAMPLES["shimmer.csv"]),
    ]
    for kind, name, content in made:
        found.append(Base(kind, {name: content if isinstance(content, bytes) else content.encode()}))
    return tuple(found)


def _wfdb(record: str, frames: int) -> Base:
    """A real record; the first `frames` of two signals in format 212, where it is long."""
    stem = DATA / record
    header, signal = stem.with_suffix(".hea").read_text(), stem.with_suffix(".dat").read_bytes()
    if frames:
        whole = header.splitlines()[0].split()[3]
        header, signal = header.replace(f" {whole}", f" {frames}", 1), signal[: 3 * frames]
    return Base("wfdb", {f"{stem.name}.hea": header.encode(), f"{stem.name}.dat": signal})


def _csv(sine_mv: np.ndarray) -> list[str]:
    def table(head: list[str], row: Callable[[int], str]) -> str:
        return "\n".join([*head, *map(row, range(len(sine_mv)))]) + "\n"

    def comma(value: float) -> str:
        return f"{value:.3f}".replace(".", ",")

    start = np.datetime64("2024-03-01T23:59:58.000")
    return [
        table(["time,resp,Lead II (mV)"], lambda i: f"{i / FS_HZ:.3f},{i % 7},{sine_mv[i]}"),
        table(["Zeit (ms);EKG II (uV)"], lambda i: f"{4 * i};{comma(1e3 * sine_mv[i])}"),
        table([f"# fs = {FS_HZ}", "ecg (uV)"], lambda i: f"{1e3 * sine_mv[i]:.1f}"),
        table(["timestamp,II (mV)"], lambda i: f"{start + np.timedelta64(4 * i, 'ms')},{sine_mv[i]}"),
    ]


def _edf(sine_mv: np.ndarray, unit: bytes, per_mv: float) -> bytes:
    """Plain EDF of an ECG and a respiration, by the layout of its specification."""
    top = f"{5 * per_mv:g}".encode()
    fields = [
        (16, b"ECG II", b"Resp"), (80, b"", b""), (8, unit, b"V"), (8, b"-" + top, b"-1"), (8, top, b"1"),
        (8, b"-32768", b"-100"), (8, b"32767", b"100"), (80, b"", b""), (8, b"250", b"25"), (32, b"", b""),
    ]  # fmt: skip
    fixed = b"0".ljust(8) + b"X".ljust(80) + b"Y".ljust(80) + b"01.03.2401.02.03" + b"768".ljust(8)
    fixed += b"".ljust(44) + f"{SECONDS}".encode().ljust(8) + b"1".ljust(8) + b"2".ljust(4)
    header = fixed + b"".join(one.ljust(width) + two.ljust(width) for width, one, two in fields)
    ecg = np.round((sine_mv + 5) / 10 * 65535 - 32768).astype("<i2").reshape(SECONDS, FS_HZ)
    resp = np.zeros((SECONDS, FS_HZ // 10), "<i2")
    return header + b"".join(one.tobytes() + two.tobytes() for one, two in zip(ecg, resp, strict=True))
