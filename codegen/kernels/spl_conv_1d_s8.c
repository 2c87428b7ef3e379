#include "spl_conv_1d_s8.h"

#include "spl_dot.h"
#include "spl_fixed_point.h"

/* Widens the points under the window at point t of the convolution; those outside the input are 0.
 */
static void widen_window(const spl_conv_1d_s8_t *restrict op, const int8_t *input, int32_t t,
                         int16_t *window) {
  const int32_t start = t * op->stride - op->padding;
  const int32_t first = start < 0 ? -start : 0;
  const int32_t end = start + op->taps > op->input_length ? op->input_length - start : op->taps;
  const int32_t channels = op->input_channels;
  memset(window, 0, (size_t)(first * channels) * sizeof *window);
  spl_widen_s8(input + (start + first) * channels, window + first * channels,
               (end - first) * channels, op->input_zero_point);
  memset(window + end * channels, 0, (size_t)((op->taps - end) * channels) * sizeof *window);
}

/* The largest sum of one output channel over the windows. */
static inline int32_t largest_sum(const int8_t *weights, int32_t bias, const int16_t *windows,
                                  int32_t count, int32_t row) {
  int32_t largest = INT32_MIN;
  int32_t i = 0;
  for (; i + 2 <= count; i += 2) {
    int32_t sums[2] = {bias, bias};
    spl_dot_two_s8(weights, windows, windows + row, row, sums);
    windows += 2 * row;
    largest = sums[0] > largest ? sums[0] : largest;
    largest = sums[1] > largest ? sums[1] : largest;
  }
  if (i < count) {
    const int32_t sum = spl_dot_s8(weights, windows, row, bias);
    largest = sum > largest ? sum : largest;
  }
  return largest;
}

void spl_conv_1d_s8(const spl_conv_1d_s8_t *restrict op, const int8_t *input, int8_t *output,
                    void *scratch) {
  const int32_t row = spl_round_up(op->taps * op->input_channels);
  int16_t *windows = scratch;
  for (int32_t t = 0; t < op->conv_length; t += op->pool) {
    const int32_t left = op->conv_length - t;
    const int32_t count = left < op->pool ? left : op->pool;
    for (int32_t i = 0; i < count; i++) {
      widen_window(op, input, t + i, windows + i * row);
    }
    const int8_t *weights = op->weights;
    for (int32_t channel = 0; channel < op->output_channels; channel++) {
      const int32_t sum = largest_sum(weights, op->bias[channel], windows, count, row);
      *output++ = spl_requantize_s8(sum, op->multipliers[channel], op->shifts[channel],
                                    op->output_zero_point, op->output_min, op->output_max);
      weights += row;
    }
  }
}
