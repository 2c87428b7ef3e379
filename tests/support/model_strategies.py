"""All strategies of models by name."""

from hypothesis import strategies as st
from support import (
    chain_models,
    dead_models,
    image_models,
    more_models,
    operator_models,
    sequence_models,
    several_ends,
    shape_models,
    window_models,
)

_NAMES = (
    (operator_models, "conv depthwise_conv max_pool average_pool fully_connected mul add mean"),
    (operator_models, "relu relu6 quantize logistic tanh add_two sub_two mul_two lstm"),
    (image_models, "conv_2d depthwise_2d max_pool_2d average_pool_2d"),
    (window_models, "depthwise_3x3 depthwise_any strided_over_time short_over_time one_channel_into_many"),
    (window_models, "conv_2d_in_groups far_shifts fully_connected_long"),
    (shape_models, "pad concatenation strided_slice reshaped softmax mean_of_axes"),
    (shape_models, "fully_connected_rows broadcast constant_broadcast"),
    (sequence_models, "lstm_layers bidirectional"),
    (dead_models, "dead_channels"),
    (several_ends, "several_ends"),
    (more_models, "leaky_relu hard_swish absolute prelu transpose split reduced extremum"),
    (more_models, "mirror_pad resize_nearest dilated transpose_conv pack sliced"),
    (more_models, "elu reverse pad_with matmul div"),
    (chain_models, "pooled_conv separable scaled scaled_separable"),
)


def _strategy(module: object, name: str) -> st.SearchStrategy[bytes]:
    found = getattr(module, name)
    made: st.SearchStrategy[bytes] = found() if callable(found) else found
    return made


MODELS: dict[str, st.SearchStrategy[bytes]] = {
    name: _strategy(module, name) for module, names in _NAMES for name in names.split()
}
