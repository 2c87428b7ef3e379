"""A trained network of one answer: with an interval, without quantiles and distance."""

from pathlib import Path


def single_answer_model() -> Path:
    """An int8 .tflite with its card inside it: a DSCRNN of 4,068 parameters on simulated potassium."""
    return Path(__file__).parents[1] / "data" / "single_answer" / "dscrnn_4k.tflite"
