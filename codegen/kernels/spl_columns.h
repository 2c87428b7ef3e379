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
  const int8_t *shifts; /* [output_channels], as SPL_IS_NEAR wants but for spl_columns_any() */
} spl_columns_t;

/* Columns that are computed together, and share the loads of the weights. */
enum { SPL_COLUMNS = 5 };

/*
 * All output channels at the first `count` columns, side by side.
 * x: int16 [row / 4][SPL_COLUMNS][4], twice the values; output: int8 [count][output_channels].
 */
void spl_columns_points(const spl_columns_t *op, const int16_t *x, int32_t count, int8_t *output);

/* The same, whatever the shifts. */
void spl_columns_any(const spl_columns_t *op, const int16_t *x, int32_t count, int8_t *output);

/* Pools of neighbouring columns: how large they are, and what is known of the one that goes on. */
typedef struct {
  int32_t size;
  int32_t seen; /* columns of it that came before */
  int32_t *largest; /* [output_channels], their largest sums; not used where size is 1 */
} spl_pool_t;

/*
 * The largest of each pool in each output channel, of the first SPL_COLUMNS columns or, where no more
 * are `left`, of those. Requantization is monotonic, so the maximum is taken before it. output: int8
 * [pools that end][output_channels].
 */
void spl_columns_pools(const spl_columns_t *op, const int16_t *x, int32_t left, spl_pool_t pool,
                       int8_t *output);

/*
 * The largest of all columns in each output channel, and of what is there already where `goes_on`:
 * spl_columns_pools() for pools that begin with the columns. Where weights, bias and multiplier
 * have changed their signs it is the smallest, which is never to go on. output: int8
 * [output_channels].
 */
void spl_columns_maximum(const spl_columns_t *op, const int16_t *x, int32_t goes_on,
                         int8_t *output);

/*
 * The sums of `count` rows of weights at all columns, those at the last column first: int32
 * [SPL_COLUMNS][count]. weights: int8 [count][row]; bias: int32 [count]; x: as above.
 */
void spl_columns_sums(const int8_t *weights, const int32_t *bias, int32_t row, int32_t count,
                      const int16_t *x, int32_t *sums);

#endif
