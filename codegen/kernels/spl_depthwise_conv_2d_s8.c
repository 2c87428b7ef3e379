#include "spl_depthwise_conv_2d_s8.h"

#include "spl_clamp_s8.h"
#include "spl_fixed_point.h"

#include <string.h>

/* Adds the products of one tap of every filter with one point of the input. */
static void add_tap(const spl_depthwise_conv_2d_s8_t *op, const int8_t *weights,
                    const int8_t *input, int32_t *sums) {
  const int32_t zero_point = op->input_zero_point, multiplier = op->multiplier;
  for (const int8_t *end = input + op->input_channels; input != end; input++) {
    const int32_t twice = 2 * (*input - zero_point);
    for (int32_t i = 0; i < multiplier; i++) {
      *sums++ += twice * *weights++;
    }
  }
}

static void add_taps(const spl_depthwise_conv_2d_s8_t *op, const int8_t *input,
                     spl_window_taps_t rows, spl_window_taps_t columns, int32_t *sums) {
  const spl_window_t *width = &op->windows[1];
  const int32_t outputs = op->input_channels * op->multiplier;
  for (int32_t y = rows.first; y < rows.end; y++) {
    for (int32_t x = columns.first; x < columns.end; x++) {
      const int32_t point = (rows.start + y) * width->input_length + columns.start + x;
      add_tap(op, op->weights + (y * width->taps + x) * outputs, input + point * op->input_channels,
              sums);
    }
  }
}

void spl_depthwise_conv_2d_s8(const spl_depthwise_conv_2d_s8_t *op, const int8_t *input,
                              int8_t *output, void *scratch) {
  const spl_window_t *height = &op->windows[0], *width = &op->windows[1];
  const int32_t outputs = op->input_channels * op->multiplier;
  int32_t *sums = scratch;
  int8_t *out = output;
  for (int32_t i = 0; i < height->output_length; i++) {
    for (int32_t j = 0; j < width->output_length; j++) {
      memcpy(sums, op->bias, (size_t)outputs * sizeof *sums);
      add_taps(op, input, spl_taps_at(height, i), spl_taps_at(width, j), sums);
      for (int32_t channel = 0; channel < outputs; channel++) {
        *out++ = spl_requantize_s8(sums[channel], op->multipliers[channel], op->shifts[channel],
                                   op->output_offset);
      }
    }
  }
  spl_clamp_s8(output, (int32_t)(out - output), op->output_min, op->output_max);
}
