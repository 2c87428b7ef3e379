"""What training minimizes: the squared error of one answer, or the pinball loss of several quantiles."""

from typing import Any

from splkit.train.backend import tensorflow


def loss_of(quantiles: tuple[float, ...]) -> Any:
    """The loss as `tf_keras` takes it: "mse" where there are no quantiles.

    The pinball loss of the quantile q, of a truth t and an answer a, is q (t - a) where the truth lies above,
    else (1 - q) (a - t). Over many cycles it is least where the share q of the truths lies under the answer
    (Koenker and Bassett 1978, Econometrica 46:33). That of the median is half the absolute error.

    Args:
        quantiles: of the answers, in their order, each between 0 and 1.

    Returns:
        "mse", or a function of truths float32[n, 1] and answers float32[n, k] that gives float32[n].
    """
    if not quantiles:
        return "mse"
    tf = tensorflow()
    levels = tf.constant(quantiles, tf.float32)

    def pinball(true: Any, answered: Any) -> Any:
        above = true - answered
        return tf.reduce_mean(tf.maximum(levels * above, (levels - 1) * above), axis=-1)

    return pinball


def loss_name(quantiles: tuple[float, ...]) -> str:
    """The loss in words, with its unit: what an axis says."""
    return "mean pinball loss (mEq/L)" if quantiles else "weighted mean squared error (mEq/L squared)"
