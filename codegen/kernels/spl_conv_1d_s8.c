#include "spl_conv_1d_s8.h"

#include "spl_dot.h"
#include "spl_fixed_point.h"

void spl_conv_1d_s8(const spl_conv_1d_s8_t *op, const int8_t *input, int8_t *output,
                    void *scratch) {
  const int32_t filter_size = op->taps * op->input_channels;
  int16_t *window = scratch;
  for (int32_t t = 0; t < op->output_length; t++) {
    /* Only the taps that lie on the input count: outside it are zeros. */
    const int32_t start = t * op->stride - op->padding;
    const int32_t first = start < 0 ? -start : 0;
    const int32_t end = start + op->taps > op->input_length ? op->input_length - start : op->taps;
    const int32_t count = (end - first) * op->input_channels;
    spl_widen_s8(input + (start + first) * op->input_channels, window, count, op->input_zero_point);
    const int8_t *weights = op->weights + first * op->input_channels;
    for (int32_t channel = 0; channel < op->output_channels; channel++) {
      const int32_t sum = spl_dot_s8(weights, window, count, op->bias[channel]);
      *output++ = spl_requantize_s8(sum, op->multipliers[channel], op->shifts[channel],
                                    op->output_zero_point, op->output_min, op->output_max);
      weights += filter_size;
    }
  }
}
