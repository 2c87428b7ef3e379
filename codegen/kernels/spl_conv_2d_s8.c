#include "spl_conv_2d_s8.h"

#include "spl_clamp_s8.h"
#include "spl_dot.h"
#include "spl_fixed_point.h"

/* The values under one window; what lies outside of the input is its zero point. */
static void gather(const spl_conv_2d_s8_t *op, const int8_t *input, spl_window_taps_t rows,
                   spl_window_taps_t columns, int8_t *values) {
  const spl_window_t *height = &op->windows[0], *width = &op->windows[1];
  const int32_t channels = op->input_channels, row = width->taps * channels;
  const size_t run = (size_t)((columns.end - columns.first) * channels);
  memset(values, op->input_zero_point, (size_t)(height->taps * row));
  for (int32_t y = rows.first; y < rows.end; y++) {
    const int32_t point = (rows.start + y) * width->input_length + columns.start + columns.first;
    memcpy(values + y * row + columns.first * channels, input + point * channels, run);
  }
}

void spl_conv_2d_s8(const spl_conv_2d_s8_t *op, const int8_t *input, int8_t *output,
                    void *scratch) {
  const spl_window_t *height = &op->windows[0], *width = &op->windows[1];
  const int32_t size = height->taps * width->taps * op->input_channels, row = spl_round_up(size);
  int16_t *x = scratch;
  int8_t *values = (int8_t *)(x + row), *out = output;
  for (int32_t i = 0; i < height->output_length; i++) {
    for (int32_t j = 0; j < width->output_length; j++) {
      gather(op, input, spl_taps_at(height, i), spl_taps_at(width, j), values);
      spl_widen_s8(values, size, x, 0);
      for (int32_t channel = 0; channel < op->output_channels; channel++) {
        const int32_t sum = spl_dot_s8(op->weights + channel * row, x, row, op->bias[channel]);
        *out++ = spl_requantize_s8(sum, op->multipliers[channel], op->shifts[channel],
                                   op->output_offset);
      }
    }
  }
  spl_clamp_s8(output, (int32_t)(out - output), op->output_min, op->output_max);
}
