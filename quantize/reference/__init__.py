"""The bundled model: DSCRNN 4k trained on simulated potassium, its card, and the recipe that remakes it."""

from pathlib import Path

_HERE = Path(__file__).parent


def reference_model() -> Path:
    """The bundled int8 .tflite; its card is beside it."""
    return _HERE / "dscrnn_4k.tflite"


def reference_recipe() -> Path:
    """The training configuration that remakes it with `splkit train --recipe` and `splkit quantize`."""
    return _HERE / "recipe.toml"
