#include "spl_dilated_conv_1d_s8.h"

#include "spl_dot.h"

/* The points under the taps, one behind the other; what lies outside of the input is its zero point. */
static void gather_taps(const spl_dilated_conv_1d_s8_t *op, const int8_t *input, int32_t point,
                        int8_t *values) {
  const int32_t channels = op->input_channels;
  memset(values, op->input_zero_point, (size_t)op->rows->row);
  for (int32_t tap = 0; tap < op->taps; tap++, point += op->dilation, values += channels) {
    if (point >= 0 && point < op->input_length) {
      memcpy(values, input + point * channels, (size_t)channels);
    }
  }
}

void spl_dilated_conv_1d_s8(const spl_dilated_conv_1d_s8_t *op, const int8_t *input, int8_t *output,
                            void *scratch) {
  const int32_t row = op->rows->row;
  int16_t *x = (int16_t *)scratch;
  int8_t *values = (int8_t *)(x + SPL_COLUMNS * row);
  int32_t point = -op->padding;
  for (int32_t left = op->output_length; left > 0; left -= SPL_COLUMNS) {
    const int32_t count = left < SPL_COLUMNS ? left : SPL_COLUMNS;
    for (int32_t i = 0; i < SPL_COLUMNS; i++) {
      /* Behind the last window it is repeated, and not written. */
      gather_taps(op, input, point, values);
      spl_widen_s8(values, row, x + i * SPL_GROUP, (SPL_COLUMNS - 1) * SPL_GROUP);
      point += i + 1 < count ? op->stride : 0;
    }
    point += op->stride;
    spl_columns_points(op->rows, x, count, output);
    output += count * op->rows->output_channels;
  }
}
