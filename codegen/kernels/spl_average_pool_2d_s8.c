#include "spl_average_pool_2d_s8.h"

#include "spl_fixed_point.h"

/* The mean of one channel, `input` its first value, over one window. */
static int32_t mean(const spl_average_pool_2d_s8_t *op, const int8_t *input, spl_window_taps_t rows,
                    spl_window_taps_t columns) {
  const int32_t count = (rows.end - rows.first) * (columns.end - columns.first), half = count / 2;
  int32_t sum = 0;
  for (int32_t y = rows.first; y < rows.end; y++) {
    for (int32_t x = columns.first; x < columns.end; x++) {
      const int32_t point = (rows.start + y) * op->windows[1].input_length + columns.start + x;
      sum += input[point * op->channels];
    }
  }
  return (sum > 0 ? sum + half : sum - half) / count;
}

void spl_average_pool_2d_s8(const spl_average_pool_2d_s8_t *op, const int8_t *input, int8_t *output,
                            void *scratch) {
  const spl_window_t *height = &op->windows[0], *width = &op->windows[1];
  (void)scratch;
  for (int32_t i = 0; i < height->output_length; i++) {
    for (int32_t j = 0; j < width->output_length; j++) {
      const spl_window_taps_t rows = spl_taps_at(height, i), columns = spl_taps_at(width, j);
      for (int32_t channel = 0; channel < op->channels; channel++) {
        *output++ = (int8_t)spl_clamp(mean(op, input + channel, rows, columns), op->output_min,
                                      op->output_max);
      }
    }
  }
}
