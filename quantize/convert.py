"""A Keras model to a full-int8 .tflite, with ranges as observed (post-training) or as trained."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from splkit.errors import ModelError, ToolError
from splkit.quantize.facts import check_int8
from splkit.quantize.packing import canonical, packed, unpacked
from splkit.quantize.ranges import Ranges, check_ranges
from splkit.quantize.sites import Site, sites
from splkit.train.backend import quiet_native_code, tensorflow

MIN_REPRESENTATIVE: Final = 2
TENSORFLOW_VERSION: Final = "2.21.0"
"""The one whose converter is known inside: `_experimental_calibrate_only` and `mlir_quantize` are private."""


def convert_model(model: Any, representative: NDArray[np.float32], ranges: Ranges | None = None) -> bytes:
    """Quantize `model` to int8 and return the .tflite.

    The shape is fixed to batch 1: a dynamic batch keeps the LSTM from fusing. Bytes depend on the weights,
    the ranges and TensorFlow's version alone; without `ranges`, on the representative cycles instead.

    Args:
        model: a tf_keras model with input [batch, n, 1].
        representative: float32[m, n], inputs as in training (R amplitude 1).
        ranges: of every quantized value; None for those that the converter sees on `representative`.

    Raises:
        ModelError: weights, ranges or representative cycles are unusable, or the result is not all int8.
        ToolError: TensorFlow is not installed, or of another version.
    """
    calibrated = calibrate(model, representative)
    if ranges is not None:
        calibrated = with_ranges(calibrated, model, ranges)
    return quantize_calibrated(calibrated)


def calibrate(model: Any, representative: NDArray[np.float32]) -> bytes:
    """The float .tflite, with the ranges that its values have on `representative`."""
    _check_weights(model)
    _check_representative(representative)
    tf = _tensorflow()
    samples = representative.shape[1]
    infer = tf.function(lambda ecg: model(ecg, training=False))
    concrete = infer.get_concrete_function(tf.TensorSpec((1, samples, 1), tf.float32, name="ecg"))

    def batches() -> Iterator[list[NDArray[np.float32]]]:
        for cycle in representative.astype(np.float32):
            yield [cycle.reshape(1, samples, 1)]

    held = tf.Module()  # the weights alone: of a whole Keras model every layer would be traced again
    held.weights = model.weights
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete], held)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = batches
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter._experimental_calibrate_only = True
    with _conversion():
        return bytes(converter.convert())


def quantized_sites(calibrated: bytes, model: Any) -> list[Site]:
    """What a calibrated `model` quantizes."""
    return sites(unpacked(calibrated), model)


def with_ranges(calibrated: bytes, model: Any, ranges: Ranges) -> bytes:
    """A calibrated float .tflite with `ranges` in the place of those that were observed.

    Raises:
        ModelError: a range is missing or unusable.
    """
    check_ranges(ranges)
    graph = unpacked(calibrated)
    for site in sites(graph, model):
        if site.value not in ranges:
            raise ModelError(
                "every quantized value has a range",
                found=f"none for {site.value}",
                next_step="quantize again",
            )
        quantization = graph.subgraphs[0].tensors[site.tensor].quantization
        quantization.min, quantization.max = ([bound] for bound in ranges[site.value])
    return packed(graph)


def quantize_calibrated(calibrated: bytes) -> bytes:
    """The int8 .tflite of a calibrated float one."""
    tf = _tensorflow()
    from tensorflow.lite.python.convert import mlir_quantize

    with _conversion():
        quantized = bytes(mlir_quantize(calibrated, input_data_type=tf.int8, output_data_type=tf.int8))
    result = canonical(quantized)
    check_int8(result)
    return result


def _tensorflow() -> Any:
    tf = tensorflow()
    if tf.__version__ != TENSORFLOW_VERSION:
        raise ToolError(
            f"quantization uses what TensorFlow {TENSORFLOW_VERSION} keeps private",
            found=f"TensorFlow {tf.__version__}",
            next_step=f"pip install tensorflow=={TENSORFLOW_VERSION}",
        )
    return tf


@contextmanager
def _conversion() -> Iterator[None]:
    """The converter's failures, named."""
    try:
        with quiet_native_code():
            yield
    except (RuntimeError, ValueError) as error:
        if isinstance(error, ModelError):
            raise
        raise ModelError(
            "a model for a board converts to int8",
            found=str(error).strip().splitlines()[-1][:200] if str(error).strip() else type(error).__name__,
            next_step="build it from the layers of splkit.train.zoo",
        ) from error


def _check_weights(model: Any) -> None:
    for variable in model.weights:
        value = variable.numpy()
        if not np.isfinite(value).all():
            raise _bad_weights(f"{int((~np.isfinite(value)).sum())} that are not finite in {variable.name}")
        if "kernel" in variable.name and not value.any():
            raise _bad_weights(f"nothing but zeros in {variable.name}")


def _bad_weights(found: str) -> ModelError:
    return ModelError(
        "the weights of a model are finite, and no kernel is all zero", found=found, next_step="train again"
    )


def _check_representative(representative: NDArray[np.float32]) -> None:
    if representative.ndim != 2 or len(representative) < MIN_REPRESENTATIVE:
        raise _unusable(f"an array of shape {representative.shape}")
    if not np.isfinite(representative).all():
        raise _unusable(f"{int((~np.isfinite(representative)).sum())} values that are not finite")
    if not representative.any():
        raise _unusable("nothing but zeros")


def _unusable(found: str) -> ModelError:
    return ModelError(
        f"quantization needs {MIN_REPRESENTATIVE} representative cycles or more, finite, R amplitude 1",
        found=found,
        next_step="train on more patients, or rebuild the data set",
    )
