#ifndef SPL_COLUMNS_H
#define SPL_COLUMNS_H

#include <stdint.h>

/* Rows of weights, each to be multiplied with columns: what convolutions over time are made of. */
typedef struct {
  int32_t row; /* values, in whole groups of four */
  int32_t output_channels;
  int32_t output_offset; /* twice the output's zero point plus 1 */
  const int8_t *weights; /* [output_channels][row], rows as in spl_dot.h */
  const int32_t *bias; /* [output_channels], of twice the sum, input zero point taken off */
  const int32_t *multipliers; /* [output_channels], as in spl_fixed_point.h */
  const int8_t *shifts; /* [output_channels], as SPL_IS_NEAR wants */
} spl_columns_t;

/* Columns that are computed together, and share the loads of the weights. */
enum { SPL_COLUMNS = 5 };

/*
 * All output channels at the first `count` columns, side by side.
 * x: int16 [row / 4][SPL_COLUMNS][4], twice the values; output: int8 [count][output_channels].
 */
void spl_columns_points(const spl_columns_t *op, const int16_t *x, int32_t count, int8_t *output);

/*
 * The largest of all columns in each output channel, and of what is there already where `goes_on`.
 * Requantization is monotonic, so the maximum is taken before it. Where weights, bias and multiplier
 * have changed their signs it is the smallest, which is never to go on. output: int8
 * [output_channels].
 */
void spl_columns_maximum(const spl_columns_t *op, const int16_t *x, int32_t goes_on,
                         int8_t *output);

#endif
