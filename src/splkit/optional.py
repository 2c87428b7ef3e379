"""Imports packages that only an extra of splkit installs."""

from importlib import import_module
from types import ModuleType

from splkit.errors import ToolError
from splkit.origin import install_command

EXTRAS = {
    "bleak": "monitor",
    "cryptography": "monitor",
    "distributed": "dask",
    "fsspec": "ecg",
    "imgtool": "flash",
    "matplotlib": "ecg",
    "opencv-python": "digitize",
    "pillow": "digitize",
    "pydicom": "ecg",
    "pyocd": "flash",
    "pypdfium2": "digitize",
    "pyserial": "monitor",
    "sleepecg": "ecg",
    "tensorflow": "train",
    "tensorflow-model-optimization": "train",
    "tf_keras": "train",
    "tflite-micro": "verify",
    "unicorn": "verify",
    "wfdb": "ecg",
}
"""The extra that installs a package, by the package's name in the registry."""

_PACKAGES = {
    "PIL": "pillow",
    "cv2": "opencv-python",
    "serial": "pyserial",
    "tensorflow_model_optimization": "tensorflow-model-optimization",
    "tflite_micro": "tflite-micro",
}
"""The package of a module, for packages that have another name than their module."""


def optional(module: str, purpose: str) -> ModuleType:
    """Imports `module`. `purpose` says what it is for ("the oracle is TensorFlow Lite Micro").

    Raises:
        ToolError: its package is not installed. The message names the extra that installs it.
    """
    top = module.partition(".")[0]
    package = _PACKAGES.get(top, top)
    try:
        return import_module(module)
    except ImportError as error:
        raise ToolError(
            purpose,
            found=f"no package {package}",
            next_step=install_command(EXTRAS[package]),
        ) from error
