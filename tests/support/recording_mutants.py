"""Hostile recordings, by seed: whole ones with words, lines or bytes changed, and what is no file at all."""

import gzip
import os
import re
from pathlib import Path

import numpy as np
from support.recording_bases import Base, bases

WORDS = (
    *b"0 -1 -360 1e12 999999999999 1e-12 nan inf -inf 1e308 0x10 1_0 2 16 24 100 212 500 508 1000".split(),
    *b"mV uV V nV adu mmHg ms s us Hz \xb5V II Resp time # , ; /dev/zero ../x ~".split(),
    b"\xff\xfe",
    b"1,5",
    *(word.encode() for word in ("\u00b5V", "\u03bcV", "\u0661\u0662", "", "\t", '"', "\n", "\r", "\0")),
)
_TOKEN = re.compile(rb"[\w.+-]+|\xc2?\xb5V")
_TEXT_BYTES = {"wfdb": 10**6, "csv": 400, "edf": 768, "aecg": 900, "muse": 1200}
"""How far into a file words are looked for first: headers, where meaning is."""
SPECIAL = 40  # one in so many is no file of samples


def mutant(seed: int, index: int, folder: Path) -> tuple[str, Path, bytes]:
    """Writes a hostile recording; its kind, the path to read, and what that file held before any .gz."""
    rng = np.random.default_rng([seed, index])
    base = bases()[rng.integers(len(bases()))]
    files = dict(base.files)
    path = folder / next(iter(files))
    if rng.integers(SPECIAL) == 0:
        return _special(base, folder, rng)
    names = list(files)
    name = names[0] if rng.random() < 0.85 else names[rng.integers(len(names))]
    content = bytearray(files[name])
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        change = CHANGES[rng.choice(len(CHANGES), p=[0.45, 0.12, 0.1, 0.06, 0.06, 0.09, 0.06, 0.06])]
        change(content, base.kind if name == names[0] else "", rng)
    files[name] = bytes(content)
    read = files[names[0]]
    if len(files) == 1 and rng.random() < 0.05:
        files = {f"{names[0]}.gz": gzip.compress(read, 1)}
        path = path.with_name(f"{names[0]}.gz")
    for each, data in files.items():
        (folder / each).write_bytes(data)
    return base.kind, path, read


def _tokens(content: bytearray, kind: str) -> list[re.Match[bytes]]:
    """Words of a text, most of them of its head."""
    return list(_TOKEN.finditer(bytes(content[: _TEXT_BYTES.get(kind, 2000)])))


def _set_word(content: bytearray, kind: str, rng: np.random.Generator) -> None:
    """A word becomes a special one, as long where the layout is fixed."""
    found = _tokens(content, kind)
    if not found:
        return
    match = found[rng.integers(len(found))]
    word = WORDS[rng.integers(len(WORDS))]
    if kind not in ("wfdb", "csv", "aecg", "muse"):
        word = word.ljust(len(match[0]))[: len(match[0])]
    content[match.start() : match.end()] = word


def _scale_number(content: bytearray, kind: str, rng: np.random.Generator) -> None:
    """A digit becomes another, a sign or a point."""
    digits = [at for match in _tokens(content, kind) for at in range(*match.span()) if 48 <= content[at] < 58]
    if digits:
        content[digits[rng.integers(len(digits))]] = rng.choice(list(b"0123456789-. "))


def _change_line(content: bytearray, _kind: str, rng: np.random.Generator) -> None:
    """A line goes, stands twice, or stands elsewhere."""
    lines = bytes(content).split(b"\n")
    at, to = rng.integers(len(lines), size=2)
    line = lines[at]
    if rng.random() < 0.6:
        del lines[at]
    if rng.random() < 0.6:
        lines.insert(int(to), line)
    content[:] = b"\n".join(lines)


def _drop_lines(content: bytearray, _kind: str, rng: np.random.Generator) -> None:
    """A stretch of lines goes."""
    lines = bytes(content).split(b"\n")
    at = int(rng.integers(len(lines)))
    del lines[at : at + int(rng.integers(1, 200))]
    content[:] = b"\n".join(lines)


def _replace_all(content: bytearray, _kind: str, rng: np.random.Generator) -> None:
    """One letter becomes another in the whole file."""
    pairs = [b",;", b";,", b".,", b",.", b"\n\r", b", ", b",\t", b"-+", b"10", b'""', b"e1"]
    pair = pairs[rng.integers(len(pairs))]
    content[:] = bytes(content).replace(pair[:1], pair[1:])


def _flip(content: bytearray, _kind: str, rng: np.random.Generator) -> None:
    """A few bytes anywhere are something else."""
    for at in rng.integers(max(len(content), 1), size=rng.integers(1, 9)):
        if at < len(content):
            content[at] = int(rng.integers(256))


def _cut(content: bytearray, _kind: str, rng: np.random.Generator) -> None:
    """The file ends early."""
    del content[int(rng.integers(len(content) + 1)) :]


def _repeat(content: bytearray, _kind: str, rng: np.random.Generator) -> None:
    """A stretch of the file stands twice."""
    at, length = int(rng.integers(len(content) + 1)), int(rng.choice([1, 8, 100, 4096, 50_000]))
    content[at:at] = content[at : at + length]


CHANGES = (_set_word, _scale_number, _change_line, _drop_lines, _replace_all, _flip, _cut, _repeat)


def _special(base: Base, folder: Path, rng: np.random.Generator) -> tuple[str, Path, bytes]:
    """No file of samples: a pipe, a device, a folder, nothing, a huge one, a bomb, or parts that are such."""
    path, kind = folder / next(iter(base.files)), int(rng.integers(8))
    for name, data in base.files.items():
        (folder / name).write_bytes(data)
    path.unlink()
    if kind == 0:
        os.mkfifo(path)
    elif kind == 1:
        devices = ["/dev/zero", "/dev/random", "/dev/null", "/proc/self/mem", str(path)]
        path.symlink_to(devices[rng.integers(len(devices))])
    elif kind == 2:
        path.mkdir()
    elif kind == 3:
        path.touch()
    elif kind == 4:
        with path.open("wb") as stream:
            stream.truncate(int(rng.choice([5 << 30, 1 << 40])))
    elif kind == 5:
        path.write_bytes(gzip.compress(gzip.compress(bytes(1 << 24))))
    elif kind == 6:
        path.write_bytes(base.files[path.name])
        other = folder / f"{path.stem}.dat"
        other.unlink(missing_ok=True)
        os.mkfifo(other) if rng.random() < 0.5 else other.symlink_to("/dev/zero")
        if base.kind == "wfdb":
            return "none", path, b""
        return base.kind, path, base.files[path.name]
    else:
        path.write_bytes(b"0 1 " * (1 << 18))
    return "none", path, b""
