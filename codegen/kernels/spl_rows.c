#include "spl_rows.h"

#include "spl_dot.h"

#include <stddef.h>

void spl_dot_rows(const int8_t *weights, const int16_t *x, int32_t row, const int32_t *bias,
                  int32_t *sums, int32_t count) {
  for (const int32_t *end = sums + count * SPL_ROWS; sums != end; sums += SPL_ROWS) {
    int32_t sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
    if (bias != NULL) {
      sum0 = bias[0], sum1 = bias[1], sum2 = bias[2], sum3 = bias[3];
      bias += SPL_ROWS;
    }
    const int16_t *at = x;
    for (const int16_t *row_end = x + row; at != row_end;) {
#if defined(__ARM_FEATURE_DSP)
      int16x2_t x0, x1;
      uint32_t first, second;
      at = spl_load_pairs(at, &x0, &x1);
      weights = spl_load_groups(weights, &first, &second);
      sum0 = spl_dot_pairs(first, x0, x1, sum0);
      sum1 = spl_dot_pairs(second, x0, x1, sum1);
      weights = spl_load_groups(weights, &first, &second);
      sum2 = spl_dot_pairs(first, x0, x1, sum2);
      sum3 = spl_dot_pairs(second, x0, x1, sum3);
#else
      sum0 = spl_dot_group(weights, at, sum0);
      sum1 = spl_dot_group(weights + SPL_GROUP, at, sum1);
      sum2 = spl_dot_group(weights + 2 * SPL_GROUP, at, sum2);
      sum3 = spl_dot_group(weights + 3 * SPL_GROUP, at, sum3);
      weights += SPL_ROWS * SPL_GROUP;
      at += SPL_GROUP;
#endif
    }
    sums[0] = sum0;
    sums[1] = sum1;
    sums[2] = sum2;
    sums[3] = sum3;
  }
}
