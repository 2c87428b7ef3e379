"""What a file says of its unit, rate and length, read apart from splkit's readers, as simply as can be."""

import base64
import re
import struct
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from support.file_truth import MV, Truth
from support.wearable_truth import WEARABLES

SAME_RATE, SAME_MV = 0.0101, 1e-6


def contradiction(
    kind: str, path: Path, content: bytes, channel: str, fs_hz: float, signal_mv: NDArray[np.float64]
) -> str | None:
    """How a recording contradicts its file; None where it does not."""
    if kind == "none":
        return "a recording out of no file"
    truth = TRUTHS[kind](path, content, channel)
    if truth.fs_hz is not None and not abs(fs_hz / truth.fs_hz - 1) <= SAME_RATE:
        return f"{fs_hz:g} Hz, and {truth.fs_hz:g} Hz in the file"
    if truth.samples is not None and truth.samples != signal_mv.size:
        return f"{signal_mv.size} samples, and {truth.samples} in the file"
    if truth.signal_mv is None:
        return None
    known = np.isfinite(truth.signal_mv)
    off = np.abs(signal_mv[known] - truth.signal_mv[known])
    if (worst := float(np.max(off, initial=0))) > SAME_MV * max(1.0, float(np.ptp(truth.signal_mv[known]))):
        return f"samples that differ by up to {worst:g} mV"
    return None


def wfdb_truth(path: Path, content: bytes, channel: str) -> Truth:
    """By splitting lines at blanks; formats 16 and 212."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    record = lines[0].split()
    stated = len(record) > 2
    fs_hz = float(record[2].split("/")[0]) if stated else None
    frames = int(record[3]) or None if len(record) > 3 else None
    rows = [line.split(None, 8) for line in lines[1:]]
    own = [row for row in rows if len(row) > 8 and row[8] == channel]
    if len(own) != 1 or re.search(r"[x:+]", own[0][1]):
        return Truth(fs_hz, frames, None)
    gain, _, unit = own[0][2].partition("/")
    scale, _, baseline = gain.partition("(")
    zero = int(baseline.rstrip(")")) if baseline else int(own[0][4])
    file = (path.parent / own[0][0]).read_bytes()
    beside = [row for row in rows if row[0] == own[0][0]]
    if own[0][1] == "16":
        counts = np.frombuffer(file[: len(file) // 2 * 2], "<i2").astype(int)
        missing = -32768
    elif own[0][1] == "212":
        three = np.frombuffer(file[: len(file) // 3 * 3], np.uint8).reshape(-1, 3).astype(int)
        pairs = np.column_stack(
            [three[:, 0] | (three[:, 1] & 15) << 8, three[:, 2] | (three[:, 1] >> 4) << 8]
        )
        counts = ((pairs.ravel() + 2048) & 4095) - 2048
        missing = -2048
    else:
        return Truth(fs_hz, frames, None)
    counts = counts[beside.index(own[0]) :: len(beside)][:frames]
    signal_mv = (counts - zero) / float(scale) * MV[(unit or "mV").lower()]
    return Truth(fs_hz, frames or len(counts), np.where(counts == missing, np.nan, signal_mv))


def edf_truth(_path: Path, content: bytes, channel: str) -> Truth:
    """By the places of the fields."""
    count = int(content[252:256])
    records, record_s = int(content[236:244]), float(content[244:252])

    def field(before: int, width: int, i: int) -> str:
        at = 256 + count * before + i * width
        return content[at : at + width].decode("latin-1").strip()

    each = [int(field(216, 8, i)) for i in range(count)]
    i = [field(0, 16, i) for i in range(count)].index(channel)
    low, high = float(field(104, 8, i)), float(field(112, 8, i))
    least, most = float(field(120, 8, i)), float(field(128, 8, i))
    numbers = np.frombuffer(content[256 * (count + 1) :], "<i2").reshape(records, sum(each))
    counts = numbers[:, sum(each[:i]) : sum(each[: i + 1])].ravel().astype(float)
    unit = field(96, 8, i).lower().replace("\u00c2", "").replace("\u00ce\u00bc", "u")
    signal_mv = (low + (counts - least) * (high - low) / (most - least)) * MV[unit]
    return Truth(each[i] / record_s, records * each[i], signal_mv)


def csv_truth(_path: Path, content: bytes, channel: str) -> Truth:
    """By splitting at the mark that stands in the heading."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    lines = [line for line in re.split("\r\n|\r|\n", text) if line.strip()]
    head = next(i for i, line in enumerate(lines) if channel in line and not line.startswith("#"))
    mark = next((each for each in "\t;," if each in lines[head]), None)
    names = lines[head].split(mark) if mark else [lines[head]]
    names = [name.strip().strip("\"'") for name in names]
    column = next(i for i, name in enumerate(names) if name == channel or name.startswith(f"{channel} ("))
    rows = [line.split(mark) if mark else [line] for line in lines[head + 1 :] if line[0] not in "#%"]
    unit = re.search(r"\(([^)]*)\)", names[column])
    scale = MV[unit[1].lower()] if unit else 1.0
    signal_mv = np.array([_csv_number(row[column], mark) * scale for row in rows])
    comments = re.findall(r"#\s*fs = ([\d.]+)\s*$", "\n".join(lines[:head]), re.M)
    times = next((i for i, name in enumerate(names) if re.match(r"(?i)time|zeit|timestamp", name)), None)
    if times is None:  # a heading that was changed: ISO times are known by their cells
        times = next((i for i, cell in enumerate(rows[0]) if "T" in cell and ":" in cell), None)
    if times is None:
        return Truth(float(comments[0]) if comments else None, len(rows), signal_mv)
    unit_s = 1e-3 if "(ms)" in names[times] else 1.0
    if "T" in rows[0][times]:
        stamps = [datetime.fromisoformat(row[times].strip()).timestamp() for row in rows]
    else:
        stamps = [_csv_number(row[times], mark) * unit_s for row in rows]
    step_s = float(np.median(np.diff(stamps)))
    samples = round((stamps[-1] - stamps[0]) / step_s) + 1
    return Truth(1 / step_s, samples, signal_mv if samples == len(rows) else None)


def _csv_number(cell: str, mark: str | None) -> float:
    word = cell.strip().strip("\"'")
    return float(word.replace(",", ".") if mark != "," else word) if word else float("nan")


def dicom_truth(_path: Path, content: bytes, channel: str) -> Truth:
    """By the bytes of elements in explicit VR: rate, number of samples, sensitivities, units, samples."""

    def texts(tag: bytes) -> list[str]:
        found = re.finditer(tag + rb"(?:DS|LO|SH)(..)", content, re.S)
        spans = [(each.end(), struct.unpack("<H", each[1])[0]) for each in found]
        return [content[at : at + size].decode("latin-1").strip(" \0") for at, size in spans]

    rate, size = texts(rb"\x3a\x00\x1a\x00"), re.search(rb"\x3a\x00\x10\x00UL\x04\x00(....)", content, re.S)
    if len(rate) != 1 or size is None:
        return Truth(None, None, None)
    samples = struct.unpack("<I", size[1])[0]
    names = [name for name in texts(rb"\x08\x00\x04\x01") if name != "unit"]
    units = [code for code in texts(rb"\x08\x00\x00\x01") if code != "5.6.3-9-1"]
    scales, waveform = texts(rb"\x3a\x00\x10\x02"), content.rfind(b"\x00\x54\x10\x10OW") + 12
    if not (len(names) == len(units) == len(scales) == 3) or waveform < 12:
        return Truth(float(rate[0]), samples, None)
    i = [name.removesuffix(" (Einthoven)") for name in names].index(channel)
    counts = np.frombuffer(content[waveform : waveform + 6 * samples], "<i2").reshape(-1, 3)[:, i]
    corrections, baselines = texts(rb"\x3a\x00\x12\x02"), texts(rb"\x3a\x00\x13\x02")
    if len(corrections) != 3 or len(baselines) != 3:
        return Truth(float(rate[0]), samples, None)
    values = counts * float(scales[i]) * float(corrections[i]) + float(baselines[i])
    return Truth(float(rate[0]), samples, values * MV[units[i].lower()])


def aecg_truth(_path: Path, content: bytes, channel: str) -> Truth:
    """By searching the text for the first increment, and the lead's digits, scale and unit."""
    text = content.decode()
    step = re.search(r'<increment value="([^"]*)" unit="([^"]*)"', text)
    own = re.search(rf'(?i)MDC_ECG_LEAD_{channel}".*?<digits>([^<]*)<', text, re.S)
    if step is None or own is None:
        return Truth(None, None, None)
    fs_hz = 1 / (float(step[1]) * {"s": 1.0, "ms": 1e-3, "us": 1e-6}[step[2]])
    origin = re.search(r'<origin value="([^"]*)" unit="([^"]*)"', own[0])
    scale = re.search(r'<scale value="([^"]*)" unit="([^"]*)"', own[0])
    numbers = np.array(own[1].split(), float)
    if origin is None or scale is None:
        return Truth(fs_hz, len(numbers), None)
    signal_mv = numbers * float(scale[1]) * MV[scale[2].lower()]
    return Truth(fs_hz, len(numbers), signal_mv + float(origin[1]) * MV[origin[2].lower()])


def muse_truth(_path: Path, content: bytes, channel: str) -> Truth:
    """By searching the text for what the rhythm, the last waveform, says."""
    text = content.decode("latin-1").rpartition("<WaveformType>Rhythm")[2]
    base = re.search(r"<SampleBase>([^<]*)<", text)
    exponent = re.search(r"<SampleExponent>([^<]*)<", text)
    fs_hz = float(base[1]) * 10 ** float(exponent[1]) if base and exponent else None
    own = [part for part in text.split("<LeadData>") if f"<LeadID>{channel}<" in part]
    if len(own) != 1:
        return Truth(fs_hz, None, None)

    def field(name: str) -> str:
        found = re.search(rf"<{name}>([^<]*)<", own[0])
        return found[1].strip() if found else ""

    counts = np.frombuffer(base64.b64decode(field("WaveFormData")), "<i2")
    per_mv = {"MICROVOLTS": 1e-3, "MILLIVOLTS": 1.0}.get(field("LeadAmplitudeUnits").upper())
    per_mv = per_mv or MV[field("LeadAmplitudeUnits").lower()]
    signal_mv = counts * float(field("LeadAmplitudeUnitsPerBit")) * per_mv
    return Truth(fs_hz, int(field("LeadSampleCountTotal")), signal_mv)


def ishne_truth(_path: Path, content: bytes, channel: str) -> Truth:
    """By the places of rate, number of samples, lead codes and resolutions."""
    size, leads = struct.unpack_from("<i", content, 14)[0], struct.unpack_from("<h", content, 156)[0]
    start, rate = struct.unpack_from("<i", content, 22)[0], struct.unpack_from("<h", content, 272)[0]
    held = (len(content) - start) // (2 * leads)
    samples = held if size in (held, held * leads) else size
    codes = struct.unpack_from(f"<{leads}h", content, 158)
    names = [{5: "I", 6: "II", 15: "V5"}.get(code) for code in codes]
    if names.count(channel) != 1:
        return Truth(rate, samples, None)
    i = names.index(channel)
    nv = struct.unpack_from("<12h", content, 206)[i]
    frames = np.frombuffer(content[start : start + 2 * leads * samples], "<i2").reshape(-1, leads)
    return Truth(rate, samples, np.where(frames[:, i] == -32768, np.nan, frames[:, i] * (nv * 1e-6)))


def scp_truth(_path: Path, _content: bytes, _channel: str) -> Truth:
    """Nothing: its checksums refuse what is changed."""
    return Truth(None, None, None)


TRUTHS = {
    "wfdb": wfdb_truth, "edf": edf_truth, "csv": csv_truth, "dicom": dicom_truth, "aecg": aecg_truth,
    "muse": muse_truth, "ishne": ishne_truth, "scp": scp_truth,
    **WEARABLES,
}  # fmt: skip
