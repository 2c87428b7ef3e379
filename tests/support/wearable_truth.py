"""What files of wearables say, read apart from splkit's readers, as simply as can be."""

import json
import re
from pathlib import Path

import numpy as np
from support.file_truth import MV, Truth


def apple_truth(_path: Path, content: bytes, _channel: str) -> Truth:
    """By searching the text for the line in hertz, and taking all lines of one number."""
    text = content.decode("utf-8", "replace")
    rate = re.search(r"(?im)^[^,\n]+,([\d.,]+)\shertz\s*$", text)
    head, _, body = text.rpartition("\u00b5V")
    numbers = np.array([line.strip().replace(",", ".") for line in body.split("\n") if line.strip()], float)
    if rate is None or not head:
        return Truth(None, None, None)
    return Truth(float(rate[1].replace(",", ".")), len(numbers), numbers * 1e-3)


def kardia_truth(_path: Path, content: bytes, channel: str) -> Truth:
    """By the keys of data.raw."""
    raw = json.loads(content)["data"]["raw"]
    key = {"I": "leadI", "II": "leadII", "III": "leadIII"}.get(channel, channel.upper())
    numbers = np.array(raw["samples"].get(key, raw["samples"].get(channel)), float)
    return Truth(raw["frequency"], len(numbers), numbers * (raw["amplitudeResolution"] * 1e-6))


def opensignals_truth(_path: Path, content: bytes, channel: str) -> Truth:
    """By the head, and the column of the sensor."""
    lines = content.decode().split("\n")
    device = next(iter(json.loads(lines[1].lstrip("# ")).values()))
    column = device["column"].index(device["label"][device["sensor"].index(channel)])
    rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    sequence = np.diff([float(row[0]) for row in rows])
    counts = np.array([row[column] for row in rows], float)
    if not ((sequence == 1) | (sequence == -15)).all() or device["device"] != "bitalino_rev":
        return Truth(device["sampling rate"], None, None)
    signal_mv = (counts / 2 ** device["resolution"][column] - 0.5) * 3
    return Truth(device["sampling rate"], len(rows), signal_mv)


def polar_truth(_path: Path, content: bytes, _channel: str) -> Truth:
    """By splitting at semicolons."""
    rows = [line.split(";") for line in content.decode().splitlines()[1:] if line.strip()]
    times = np.array([row[1] for row in rows], float) * 1e-9
    step_s = float(np.median(np.diff(times)))
    samples = round((times[-1] - times[0]) / step_s) + 1
    signal_mv = np.array([row[3] for row in rows], float) * 1e-3
    return Truth(1 / step_s, samples, signal_mv if samples == len(rows) else None)


def consensys_truth(_path: Path, content: bytes, _channel: str) -> Truth:
    """By splitting at tabs; the first column of the ECG."""
    lines = content.decode().splitlines()
    column = next(i for i, name in enumerate(lines[1].split("\t")) if "_ECG_" in name)
    rows = [line.split("\t") for line in lines[3:] if line.strip()]
    stamps = np.array([row[0].replace("/", "-").replace(" ", "T") for row in rows], "datetime64[ms]")
    times_s = (stamps - stamps[0]).astype(float) * 1e-3
    step_s = (times_s[-1] - times_s[0]) / (len(rows) - 1)
    signal_mv = np.array([row[column] for row in rows], float) * MV[lines[2].split("\t")[column].lower()]
    even = np.diff(times_s).max() <= 3.5e-3
    return Truth(1 / step_s if even else None, len(rows) if even else None, signal_mv if even else None)


def sealed_truth(_path: Path, _content: bytes, _channel: str) -> Truth:
    """Nothing: checksums refuse what is changed, or the samples are compressed."""
    return Truth(None, None, None)


WEARABLES = {
    "apple": apple_truth, "kardia": kardia_truth, "opensignals": opensignals_truth, "polar": polar_truth,
    "consensys": consensys_truth, "atc": sealed_truth, "philips": sealed_truth,
}  # fmt: skip
