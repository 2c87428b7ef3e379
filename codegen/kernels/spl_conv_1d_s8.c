#include "spl_conv_1d_s8.h"

#include "spl_dot.h"

/*
 * Widens the run of input values under the window that starts at `start`, in groups with a gap
 * between them. What lies outside of the input is its zero point.
 */
static void widen_column(const int8_t *input, int32_t start, int32_t row, int32_t size,
                         int32_t zero_point, int16_t *column, int32_t gap) {
  if (start >= 0 && start + row <= size) {
    spl_widen_s8(input + start, row, column, gap);
    return;
  }
  for (int32_t i = start; i < start + row; i += SPL_GROUP) {
    int8_t group[SPL_GROUP];
    for (int32_t j = 0; j < SPL_GROUP; j++) {
      group[j] = (int8_t)(i + j >= 0 && i + j < size ? input[i + j] : zero_point);
    }
    column = spl_widen_group(group, column) + gap;
  }
}

void spl_conv_1d_s8(const spl_conv_1d_s8_t *op, const int8_t *input, int8_t *output,
                    void *scratch) {
  const int32_t channels = op->input_channels, row = op->taps * channels,
                step = op->stride * channels, size = op->input_length * channels;
  int16_t *x = (int16_t *)scratch;
  spl_pool_t pool = {op->pool, 0, (int32_t *)(void *)(x + SPL_COLUMNS * spl_round_up(row))};
  int32_t start = -op->padding * channels;
  for (int32_t left = op->conv_length; left > 0; left -= SPL_COLUMNS) {
    for (int32_t i = 0; i < SPL_COLUMNS; i++, start += step) {
      widen_column(input, start, row, size, op->input_zero_point, x + i * SPL_GROUP,
                   (SPL_COLUMNS - 1) * SPL_GROUP);
    }
    if (pool.size == 1) {
      const int32_t count = left < SPL_COLUMNS ? left : SPL_COLUMNS;
      spl_columns_points(op->rows, x, count, output);
      output += count * op->rows->output_channels;
      continue;
    }
    spl_columns_pools(op->rows, x, left, pool, output);
    pool.seen += SPL_COLUMNS;
    output += pool.seen / pool.size * op->rows->output_channels;
    pool.seen %= pool.size;
  }
}
