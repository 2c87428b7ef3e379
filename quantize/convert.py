"""Post-training quantization: a Keras model to a full-int8 .tflite."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splkit.errors import ModelError
from splkit.quantize.facts import check_int8
from splkit.quantize.flatbuffer import canonical
from splkit.train.backend import quiet_native_code, tensorflow

MIN_REPRESENTATIVE = 2


def convert_model(model: Any, representative: NDArray[np.float32]) -> bytes:
    """Quantize `model` to int8 with ranges seen on `representative`, and return the .tflite.

    The shape is fixed to batch 1: a dynamic batch keeps the LSTM from fusing. Bytes depend on the weights,
    the representative cycles and TensorFlow's version alone.

    Args:
        model: a tf_keras model with input [batch, n, 1].
        representative: float32[m, n], inputs as in training (R amplitude 1).

    Raises:
        ModelError: the representative inputs are unusable, or the result is not int8 throughout.
        ToolError: TensorFlow is not installed.
    """
    _check_representative(representative)
    tf = tensorflow()
    samples = representative.shape[1]
    infer = tf.function(lambda ecg: model(ecg, training=False))
    concrete = infer.get_concrete_function(tf.TensorSpec((1, samples, 1), tf.float32, name="ecg"))

    def batches() -> Iterator[list[NDArray[np.float32]]]:
        for cycle in representative.astype(np.float32):
            yield [cycle.reshape(1, samples, 1)]

    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete], model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = batches
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    with quiet_native_code():
        converted = bytes(converter.convert())
    result = canonical(converted)
    check_int8(result)
    return result


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
