#include "spl_pointwise_s8.h"

#include "spl_dot.h"

void spl_pointwise_s8_points(const spl_pointwise_s8_t *op, const int8_t *input, int32_t length,
                             int8_t *output, void *scratch) {
  const int32_t channels = op->input_channels, outputs = op->rows->output_channels, pool = op->pool;
  int32_t goes_on = 0;
  do {
    int32_t count = goes_on != 0 ? goes_on : pool == 1 ? SPL_COLUMNS : pool;
    count = count < length ? count : length;
    const int32_t columns = count < SPL_COLUMNS ? count : SPL_COLUMNS;
    int16_t *x = (int16_t *)scratch;
    for (int32_t i = 0; i < SPL_COLUMNS; i++, x += SPL_GROUP) {
      spl_widen_s8(input, channels, x, (SPL_COLUMNS - 1) * SPL_GROUP);
      /* Behind the last point it is repeated, which changes no maximum. */
      input += i + 1 < columns ? channels : 0;
    }
    input += channels;
    length -= columns;
    if (pool == 1) {
      spl_columns_points(op->rows, (const int16_t *)scratch, columns, output);
      output += columns * outputs;
      continue;
    }
    spl_columns_maximum(op->rows, (const int16_t *)scratch, goes_on, output);
    goes_on = count - columns;
    output += goes_on == 0 ? outputs : 0;
  } while (length > 0);
}

void spl_pointwise_s8(const spl_pointwise_s8_t *op, const int8_t *input, int8_t *output,
                      void *scratch) {
  spl_pointwise_s8_points(op, input, op->length, output, scratch);
}
