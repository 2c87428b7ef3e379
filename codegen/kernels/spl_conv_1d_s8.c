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
                step = op->stride * channels, size = op->input_length * channels,
                points = op->pool == 1 ? SPL_COLUMNS : op->pool;
  int16_t *x = scratch;
  int32_t start = -op->padding * channels;
  for (int32_t left = op->conv_length; left > 0; left -= points) {
    const int32_t count = left < points ? left : points;
    for (int32_t i = 0; i < count; i += SPL_COLUMNS) {
      for (int32_t j = 0; j < SPL_COLUMNS; j++) {
        widen_column(input, start, row, size, op->input_zero_point, x + j * SPL_GROUP,
                     (SPL_COLUMNS - 1) * SPL_GROUP);
        /* Behind the last point it is repeated, which changes no maximum. */
        start += i + j + 1 < count ? step : 0;
      }
      if (op->pool == 1) {
        spl_columns_points(op->rows, x, count, output);
        output += count * op->rows->output_channels;
      } else {
        spl_columns_maximum(op->rows, x, i, output);
      }
    }
    start += step;
    output += op->pool == 1 ? 0 : op->rows->output_channels;
  }
}
