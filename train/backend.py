"""TensorFlow with the legacy Keras: imported late, so that `splkit.train` can be imported without it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from splkit.optional import optional

_PURPOSE = "training and quantization need TensorFlow"


def tensorflow(*, gpus: bool = False) -> ModuleType:
    """The `tensorflow` module with the legacy Keras (a Keras 3 LSTM fails int8 conversion).

    It works on the CPU, unless its first caller in a process asks for `gpus`: training does.

    Raises:
        ToolError: TensorFlow is not installed.
    """
    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if not gpus and "tensorflow" not in sys.modules:
        os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    with quiet_native_code():
        tf = optional("tensorflow", _PURPOSE)
    tf.get_logger().setLevel("ERROR")
    return tf


def keras() -> ModuleType:
    """The `tf_keras` module (Keras 2).

    Raises:
        ToolError: tf_keras or TensorFlow is not installed.
    """
    tensorflow()
    return optional("tf_keras", _PURPOSE)


def training_strategy() -> Any:
    """How training is spread: over all GPUs that TensorFlow sees, in step, or on the one device there is.

    `CUDA_VISIBLE_DEVICES` chooses among them as ever; -1 trains on the CPU.

    Raises:
        ToolError: TensorFlow or tf_keras is not installed.
    """
    tf = tensorflow(gpus=True)
    keras()
    return tf.distribute.MirroredStrategy() if gpus_seen() > 1 else tf.distribute.get_strategy()


def gpus_seen() -> int:
    """How many GPUs TensorFlow sees.

    Raises:
        ToolError: TensorFlow is not installed.
    """
    return len(tensorflow(gpus=True).config.list_physical_devices("GPU"))


def model_optimization() -> ModuleType:
    """The `tensorflow_model_optimization` module, on the legacy Keras.

    Raises:
        ToolError: it or TensorFlow is not installed.
    """
    tensorflow()
    return optional("tensorflow_model_optimization", _PURPOSE)


@contextmanager
def quiet_native_code() -> Iterator[None]:
    """Discard what native code writes to file descriptor 2: TensorFlow logs before its level can be set."""
    sys.stderr.flush()
    saved = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)
