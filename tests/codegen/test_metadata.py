"""Metadata goes into a .tflite file and out again, and the network in it stays what it was."""

import numpy as np
import pytest
import tflite
from hypothesis import given, settings
from hypothesis import strategies as st
from support.mutation import corpus, mutant
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

from splkit.codegen.compile import compile_model
from splkit.codegen.tflite_file.metadata import read_metadata, with_metadata
from splkit.codegen.tflite_file.structure import open_model
from splkit.errors import ModelError
from splkit.quantize.carried import without_card
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.reference import reference_model

MODEL = without_card(reference_model().read_bytes())
CARD, OTHER = b'{"task": "potassium"}' * 20, bytes(range(256))
names = st.sampled_from(["card", "other", "", "min_runtime_version"])
contents = st.one_of(st.binary(max_size=80), st.sampled_from([CARD, MODEL, MODEL[:16], b"TFL3" * 9]))


def test_the_networks_stay_as_they_were():
    for index, model in list(enumerate(corpus()))[::5]:
        stays_as_it_was(model, index)


def stays_as_it_was(model: bytes, seed: int) -> None:
    carded = with_metadata(model, "card", CARD)
    before, after = compile_model(model, "model"), compile_model(carded, "model")
    assert (after.layers, after.plan, after.constants_crc32) == (
        before.layers,
        before.plan,
        before.constants_crc32,
    )
    inputs = np.random.default_rng(seed).integers(-128, 128, (4, before.input_size), np.int8)
    np.testing.assert_array_equal(TflmOracle(carded).run(inputs), TflmOracle(model).run(inputs))


@pytest.mark.parametrize("model", [MODEL, MODEL + bytes(5)])
def test_nothing_of_the_file_is_lost_and_buffers_stay_aligned(model):
    carded = with_metadata(model, "card", CARD)
    assert model in carded and len(carded) - len(model) < len(CARD) + 400
    before, after = open_model(model), open_model(carded)
    assert after.Description() == before.Description()
    assert after.BuffersLength() == before.BuffersLength() + 1
    for i in range(after.BuffersLength()):
        assert _data_start(after, i) % 16 == 0


def _data_start(model: tflite.Model, index: int) -> int:
    table = model.Buffers(index)._tab
    entry = table.Offset(4)
    return int(table.Vector(entry)) if entry else 0


@settings(max_examples=60, deadline=None)
@given(
    st.deferred(lambda: st.sampled_from(corpus())),
    st.lists(st.tuples(names, st.none() | contents), max_size=5),
)
def test_the_last_content_of_each_name_counts_and_the_order_does_not(model, steps):
    file, held = model, {}
    for name, content in steps:
        file = with_metadata(file, name, content)
        assert with_metadata(file, name, content) == file
        held[name] = content
        for each, wanted in held.items():
            assert read_metadata(file, each) == wanted
    at_once = model
    for name in sorted(held, reverse=True):
        at_once = with_metadata(at_once, name, held[name])
    assert at_once == file
    for name in held:
        file = with_metadata(file, name, None)
    assert file == model + (bytes(-len(model) % 16) if steps else b"")


def foreign(*entries: tuple[str, int]) -> bytes:
    """A model that another tool wrote, with metadata: buffer 3 is b"theirs"."""
    rows = [TensorSpec((1, 4)), TensorSpec((1, 4))]
    note = TensorSpec((6,), data=np.frombuffer(b"theirs", np.int8))
    return build_model([*rows, note], [OperatorSpec("RESHAPE", [0], [1])], 0, 1, entries)


def test_metadata_of_another_tool_is_read_replaced_and_removed():
    model = foreign(("card", 3), ("theirs", 3))
    assert read_metadata(model, "card") == read_metadata(model, "theirs") == b"theirs"
    ours = with_metadata(model, "card", CARD)
    assert (read_metadata(ours, "card"), read_metadata(ours, "theirs")) == (CARD, b"theirs")
    assert with_metadata(ours, "card", CARD) == ours
    for file in (model, ours):
        without = with_metadata(file, "card", None)
        assert (read_metadata(without, "card"), read_metadata(without, "theirs")) == (None, b"theirs")


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (b"", "TFL3"),
        (b"{}" * 40, "TFL3"),
        (MODEL[:-1], "cut short"),
        (foreign(("card", 9)), "buffer 9 of 4"),
        (foreign(("card", 3), ("card", 3)), "two called 'card'"),
    ],
)
def test_a_hostile_file_is_refused(model, words):
    for call in (lambda: read_metadata(model, "card"), lambda: with_metadata(model, "card", OTHER)):
        with pytest.raises(ModelError) as refusal:
            call()
        assert words in str(refusal.value) and "\n" not in str(refusal.value)


def test_a_mutated_model_is_refused_or_keeps_its_metadata():
    taken = 0
    for index in range(300):
        model = mutant(14, index)
        try:
            carded = with_metadata(model, "card", CARD)
        except ModelError:
            continue
        taken += 1
        assert read_metadata(carded, "card") == CARD
    assert 100 < taken < 300


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_damaged_front_is_refused_or_still_a_model(damage):
    content = bytearray(with_metadata(MODEL, "card", CARD))
    for position, value in damage:
        content[position] = value
    try:
        read_metadata(bytes(content), "card")
        again = with_metadata(bytes(content), "card", OTHER)
    except ModelError as error:
        assert error.found
    else:
        assert read_metadata(again, "card") == OTHER
