"""Models as others make them: Keras layers that the zoo does not use, converted with TensorFlow alone."""

import numpy as np
import pytest
from support.host_model import HostModel
from support.plain_model import inputs_for

from splkit.codegen.tflite_file.reader import parse_model
from splkit.train.backend import keras, tensorflow


def signal_classifier():
    """Conv1D (causal as well), MaxPooling1D and a softmax: time is the width of its convolutions."""
    layers = keras().layers
    x = source = layers.Input((90, 2))
    x = layers.Conv1D(8, 7, strides=2, padding="same", activation="relu")(x)
    x = layers.MaxPooling1D(2)(x)
    x = layers.Conv1D(12, 5, padding="causal", activation="relu6")(x)
    x = layers.SeparableConv1D(8, 3, depth_multiplier=2, activation="relu")(x)
    x = layers.Multiply()([x, layers.Dense(8, activation="sigmoid")(x)])
    x = layers.GlobalAveragePooling1D()(x)
    return keras().Model(source, layers.Dense(4, activation="softmax")(x))


def image_network():
    """Convolutions over both axes, padding, strides, a residual sum and a concatenation."""
    layers = keras().layers
    source = layers.Input((12, 16, 3))
    x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")(source)
    y = layers.DepthwiseConv2D(3, padding="same", activation="relu6")(x)
    x = layers.Add()([x, layers.Conv2D(8, 1)(y)])
    x = layers.ZeroPadding2D(((0, 1), (0, 1)))(x)
    x = layers.DepthwiseConv2D(3, strides=2, depth_multiplier=2)(x)
    x = layers.Concatenate()([x, layers.AveragePooling2D(2, padding="same", strides=1)(x)])
    x = layers.MaxPooling2D((2, 2), padding="same")(x)
    return keras().Model(source, layers.Dense(3, activation="tanh")(layers.Flatten()(x)))


def sequence_network():
    """An LSTM that keeps all steps, a layer on each step, and a subtraction."""
    layers = keras().layers
    source = layers.Input((20, 3))
    x = layers.LSTM(5, return_sequences=True)(source)
    y = layers.TimeDistributed(layers.Dense(5))(x)
    x = layers.Subtract()([x, y])
    return keras().Model(source, layers.Dense(2)(x[:, -3:, :]))


def converted(model) -> bytes:
    tf = tensorflow()
    shape = (1, *model.input_shape[1:])
    samples = np.random.default_rng(2).normal(0, 0.5, (16, *shape)).astype(np.float32)
    infer = tf.function(lambda x: model(x, training=False))
    concrete = infer.get_concrete_function(tf.TensorSpec(shape, tf.float32))
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete], model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([sample] for sample in samples)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return bytes(converter.convert())


@pytest.mark.parametrize("make", [signal_classifier, image_network, sequence_network])
def test_exports_and_equals_the_oracle(make, tmp_path):
    keras().utils.set_random_seed(1)
    content = converted(make())
    built = HostModel(content, tmp_path)
    inputs = inputs_for(content, 60)
    kinds = sorted({operator.kind for operator in parse_model(content, "model").operators})
    assert built.mismatches(inputs) == 0, kinds
    assert len(np.unique(built.run(inputs))) > 3
