"""Mutated models: good .tflite files with a few fields, offsets, lengths or bytes changed, by seed."""

import struct
from functools import cache

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.model_strategies import MODELS

from splkit.codegen.tflite_file.structure import Field, walk
from splkit.quantize.reference import reference_model

EXAMPLES = 3
"""Models of each strategy."""
INTEGERS = (0, 1, -1, 2, 3, 4, 5, 7, 8, 16, 63, 127, 128, -128, 255, 256, 4096, 32767, 65535, 1 << 16)
EXTREMES = (2**31 - 1, -(2**31), 2**32 - 1, 2**63 - 1, -(2**63), 1 << 30)
FLOATS = (0.0, -0.0, -1.0, 1.0, 2.0**-8, 2.0**-7, 1e-45, 1e-38, 1e-9, 1e9, 3.4e38, np.inf, -np.inf, np.nan)


@cache
def corpus() -> tuple[bytes, ...]:
    """The bundled model and a few of each kind of operator, the same ones in every process."""
    found = [reference_model().read_bytes()]
    for models in MODELS.values():
        found += _examples(models)
    return tuple(dict.fromkeys(found))


def _examples(models: st.SearchStrategy[bytes]) -> list[bytes]:
    found: list[bytes] = []

    @settings(max_examples=EXAMPLES, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(models)
    def collect(content: bytes) -> None:
        found.append(content)

    collect()
    return found


@cache
def fields(content: bytes) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """The numbers of a model, less the bytes of its buffers and names, and its offsets."""
    numbers, offsets = [], []
    for field in walk(content):
        if field.name.endswith(("offset", "offsets", "vtable")):
            offsets.append(field)
        elif field.format != "B" or field.values == 1:
            numbers.append(field)
    return tuple(numbers), tuple(offsets)


def mutant(seed: int, index: int) -> bytes:
    """The model of this index."""
    rng = np.random.default_rng([seed, index])
    models = corpus()
    content = models[rng.integers(len(models))]
    changed = bytearray(content)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        change = CHANGES[rng.choice(len(CHANGES), p=[0.4, 0.12, 0.1, 0.1, 0.05, 0.17, 0.06])]
        change(content, changed, rng)
    return bytes(changed)


def _set_number(content: bytes, changed: bytearray, rng: np.random.Generator) -> None:
    """A number becomes a special one, or one near it."""
    field, at = _pick(fields(content)[0], rng)
    if field.format in "fd":
        old = struct.unpack_from(f"<{field.format}", content, at)[0]
        values = [*FLOATS, old * 2, old / 2, old * 1e6, np.nextafter(np.float32(old), np.float32(np.inf))]
        _store(changed, at, field.format, values[rng.integers(len(values))])
        return
    old = int(struct.unpack_from(f"<{field.format}", content, at)[0])
    values = [
        *INTEGERS,
        *EXTREMES,
        old + 1,
        old - 1,
        -old,
        2 * old,
        old // 2,
        old ^ 1 << int(rng.integers(8)),
    ]
    _store(changed, at, field.format, values[rng.integers(len(values))])


def _copy_number(content: bytes, changed: bytearray, rng: np.random.Generator) -> None:
    """A number becomes another one of the same kind from elsewhere: indices, lengths, scales cross over."""
    field, at = _pick(fields(content)[0], rng)
    alike = [other for other in fields(content)[0] if other.format == field.format]
    _, source = _pick(alike, rng)
    size = struct.calcsize(f"<{field.format}")
    changed[at : at + size] = content[source : source + size]


def _set_offset(content: bytes, changed: bytearray, rng: np.random.Generator) -> None:
    """An offset leads a little further, anywhere, or where another one leads."""
    field, at = _pick(fields(content)[1], rng)
    old = int(struct.unpack_from(f"<{field.format}", content, at)[0])
    other, place = _pick(fields(content)[1], rng)
    elsewhere = place - at + int(struct.unpack_from(f"<{other.format}", content, place)[0])
    near = [old + int(step) for step in rng.choice([-16, -8, -4, -2, -1, 1, 2, 4, 8, 16], 2)]
    values = [*near, elsewhere, elsewhere, int(rng.integers(len(content))), 0, *EXTREMES[:3]]
    _store(changed, at, field.format, values[rng.integers(len(values))])


def _set_length(content: bytes, changed: bytearray, rng: np.random.Generator) -> None:
    """A vector or string is said to be longer or shorter than it is."""
    vectors = [
        field for field in walk(content) if field.name.rpartition(".")[2].isdigit() and field.values != 1
    ]
    field, _ = _pick(vectors, rng)
    values = [0, field.values - 1, field.values + 1, field.values // 2, 2 * field.values, *EXTREMES[:3]]
    _store(changed, field.at - 4, "I", values[rng.integers(len(values))])


def _cut(content: bytes, changed: bytearray, rng: np.random.Generator) -> None:
    """The file ends early."""
    del changed[int(rng.integers(len(content))) :]


def _flip_bytes(content: bytes, changed: bytearray, rng: np.random.Generator) -> None:
    """A few bytes anywhere are something else."""
    for at in rng.integers(len(content), size=rng.integers(1, 9)):
        if at < len(changed):
            changed[at] = int(rng.integers(256))


def _copy_block(content: bytes, changed: bytearray, rng: np.random.Generator) -> None:
    """A stretch of the file stands twice."""
    length = int(rng.choice([4, 8, 16, 64]))
    source, target = rng.integers(max(len(content) - length, 1), size=2)
    if target + length <= len(changed):
        changed[target : target + length] = content[source : source + length]


CHANGES = (_set_number, _copy_number, _set_offset, _set_length, _cut, _flip_bytes, _copy_block)


def _pick(choices: "tuple[Field, ...] | list[Field]", rng: np.random.Generator) -> tuple[Field, int]:
    """A field, and the place of one of its numbers."""
    filled = [field for field in choices if field.values]
    field = filled[rng.integers(len(filled))]
    return field, field.at + int(rng.integers(field.values)) * struct.calcsize(f"<{field.format}")


def _store(changed: bytearray, at: int, code: str, value: float) -> None:
    """Writes a number, wrapped to what its code holds, unless the place was cut off."""
    size = struct.calcsize(f"<{code}")
    if at + size > len(changed):
        return
    if code in "fd":
        with np.errstate(over="ignore"):
            changed[at : at + size] = np.array(value, f"<{code}").tobytes()
    else:
        changed[at : at + size] = (int(value) & ((1 << 8 * size) - 1)).to_bytes(size, "little")
