"""What training minimizes: squared error, the pinball loss of quantiles, or a classifier's cross-entropy."""

from typing import Any, Final

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


CLASSIFIER: Final = "binary_crossentropy"
"""Of the truth t, 0 or 1, and the probability p: -log p where t is 1, else -log(1 - p). Its mean is least
where p is the share of positives among ECGs like this one (Good 1952, J R Stat Soc B 14: 107)."""
CLASSIFIER_NAME: Final = "mean cross-entropy of hyperkalemia (nats)"
"""The same in words."""


def loss_name(quantiles: tuple[float, ...]) -> str:
    """The loss of estimates in words, with its unit: what an axis says."""
    return "mean pinball loss (mEq/L)" if quantiles else "weighted mean squared error (mEq/L squared)"
