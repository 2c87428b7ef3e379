#include "spl_rows.h"

#include "spl_dot.h"

#include <stddef.h>

void spl_dot_rows(const int8_t *weights, const int16_t *x, int32_t row, const int32_t *bias,
                  int32_t *sums, int32_t count) {
  const int32_t *end = sums + count * SPL_ROWS;
  do {
    int32_t sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
    if (bias != NULL) {
      sum0 = bias[0], sum1 = bias[1], sum2 = bias[2], sum3 = bias[3];
      bias += SPL_ROWS;
    }
    const int16_t *at = x, *row_end = x + row;
    do {
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
    } while (at != row_end);
    sums[0] = sum0;
    sums[1] = sum1;
    sums[2] = sum2;
    sums[3] = sum3;
    sums += SPL_ROWS;
  } while (sums != end);
}

void spl_widen_rows(const int8_t *weights, int32_t size, int16_t *output) {
  for (const int8_t *end = weights + size; weights != end; weights += SPL_GROUP) {
#if defined(__ARM_FEATURE_DSP)
    const uint32_t bytes = spl_load_word(weights);
    output = spl_store_pairs(output, (uint32_t)spl_even(bytes), (uint32_t)spl_odd(bytes));
#else
    output[0] = weights[0];
    output[1] = weights[2];
    output[2] = weights[1];
    output[3] = weights[3];
    output += SPL_GROUP;
#endif
  }
}

#if !defined(__ARM_FEATURE_DSP)
/* sum + the products of a group of widened weights with a group of activations. */
static inline int32_t dot_wide_group(const int16_t *weights, const int16_t *x, int32_t sum) {
  for (int32_t i = 0; i < SPL_GROUP; i++) {
    sum += weights[i] * x[i];
  }
  return sum;
}
#endif

void spl_dot_wide_rows(const int16_t *weights, const int16_t *x, int32_t row, int32_t *sums,
                       int32_t count) {
  const int32_t *end = sums + count * SPL_ROWS;
  do {
    int32_t sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
    const int16_t *at = x, *row_end = x + row;
    do {
#if defined(__ARM_FEATURE_DSP)
      int16x2_t x0, x1, w0, w1, w2, w3;
      at = spl_load_pairs(at, &x0, &x1);
      weights = spl_load_four_pairs(weights, &w0, &w1, &w2, &w3);
      sum0 = __smlad(w1, x1, __smlad(w0, x0, sum0));
      sum1 = __smlad(w3, x1, __smlad(w2, x0, sum1));
      weights = spl_load_four_pairs(weights, &w0, &w1, &w2, &w3);
      sum2 = __smlad(w1, x1, __smlad(w0, x0, sum2));
      sum3 = __smlad(w3, x1, __smlad(w2, x0, sum3));
#else
      sum0 = dot_wide_group(weights, at, sum0);
      sum1 = dot_wide_group(weights + SPL_GROUP, at, sum1);
      sum2 = dot_wide_group(weights + 2 * SPL_GROUP, at, sum2);
      sum3 = dot_wide_group(weights + 3 * SPL_GROUP, at, sum3);
      weights += SPL_ROWS * SPL_GROUP;
      at += SPL_GROUP;
#endif
    } while (at != row_end);
    sums[0] = sum0;
    sums[1] = sum1;
    sums[2] = sum2;
    sums[3] = sum3;
    sums += SPL_ROWS;
  } while (sums != end);
}
