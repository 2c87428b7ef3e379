#include "spl_max_pool_2d_s8.h"

#include "spl_clamp_s8.h"

#include <string.h>

/* Raises every channel of one output point to the values of one window. */
static void raise(const spl_max_pool_2d_s8_t *op, const int8_t *input, spl_window_taps_t rows,
                  spl_window_taps_t columns, int8_t *output) {
  const int32_t channels = op->channels;
  for (int32_t y = rows.first; y < rows.end; y++) {
    for (int32_t x = columns.first; x < columns.end; x++) {
      const int32_t point = (rows.start + y) * op->windows[1].input_length + columns.start + x;
      const int8_t *value = input + point * channels;
      for (int32_t channel = 0; channel < channels; channel++) {
        output[channel] = value[channel] > output[channel] ? value[channel] : output[channel];
      }
    }
  }
}

void spl_max_pool_2d_s8(const spl_max_pool_2d_s8_t *op, const int8_t *input, int8_t *output,
                        void *scratch) {
  const spl_window_t *height = &op->windows[0], *width = &op->windows[1];
  const int32_t size = height->output_length * width->output_length * op->channels;
  int8_t *out = output;
  (void)scratch;
  memset(output, INT8_MIN, (size_t)size);
  for (int32_t i = 0; i < height->output_length; i++) {
    for (int32_t j = 0; j < width->output_length; j++, out += op->channels) {
      raise(op, input, spl_taps_at(height, i), spl_taps_at(width, j), out);
    }
  }
  spl_clamp_s8(output, size, op->output_min, op->output_max);
}
