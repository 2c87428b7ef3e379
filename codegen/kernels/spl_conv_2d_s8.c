#include "spl_conv_2d_s8.h"

#include "spl_dot.h"

/* Between the groups of one column stand those of the others. */
enum { GAP = (SPL_COLUMNS - 1) * SPL_GROUP };

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

/* The same, widened, as one column of SPL_COLUMNS; `values` is room for what has to be gathered. */
static void widen_window(const spl_conv_2d_s8_t *op, const int8_t *input, spl_window_taps_t rows,
                         spl_window_taps_t columns, int16_t *column, int8_t *values) {
  const spl_window_t *height = &op->windows[0], *width = &op->windows[1];
  const int32_t channels = op->input_channels, row = width->taps * channels;
  const int32_t inside =
      rows.end - rows.first == height->taps && columns.end - columns.first == width->taps;
  if (!inside || row % SPL_GROUP != 0) {
    gather(op, input, rows, columns, values);
    spl_widen_s8(values, height->taps * row, column, GAP);
    return;
  }
  input += (rows.start * width->input_length + columns.start) * channels;
  for (int32_t y = 0; y < height->taps; y++) {
    spl_widen_s8(input, row, column, GAP);
    input += width->input_length * channels;
    column += row * SPL_COLUMNS;
  }
}

void spl_conv_2d_s8(const spl_conv_2d_s8_t *op, const int8_t *input, int8_t *output,
                    void *scratch) {
  const spl_window_t *height = &op->windows[0], *width = &op->windows[1];
  int16_t *x = (int16_t *)scratch;
  int8_t *values = (int8_t *)(x + SPL_COLUMNS * op->rows->row);
  int32_t count = 0, left = height->output_length * width->output_length;
  for (int32_t i = 0; i < height->output_length; i++) {
    for (int32_t j = 0; j < width->output_length; j++) {
      widen_window(op, input, spl_taps_at(height, i), spl_taps_at(width, j), x + count * SPL_GROUP,
                   values);
      count++;
      if (count == SPL_COLUMNS || count == left) {
        if (op->is_near != 0) {
          spl_columns_points(op->rows, x, count, output);
        } else {
          spl_columns_any(op->rows, x, count, output);
        }
        output += count * op->rows->output_channels;
        left -= count;
        count = 0;
      }
    }
  }
}
