#include "spl_columns.h"

#include "spl_dot.h"
#include "spl_fixed_point.h"

static inline int32_t max(int32_t a, int32_t b) {
  return a > b ? a : b;
}

/* Adds the products of one row of weights with each of SPL_COLUMNS columns to its bias. */
static inline void dot_columns(const int8_t *weights, const int8_t *end, const int16_t *x,
                               int32_t bias, int32_t sums[SPL_COLUMNS]) {
  int32_t sum0 = bias, sum1 = bias, sum2 = bias, sum3 = bias, sum4 = bias;
  do {
#if defined(__ARM_FEATURE_DSP)
    const uint32_t bytes = spl_load_word(weights);
    const int16x2_t w0 = spl_even(bytes), w1 = spl_odd(bytes);
    int16x2_t x0, x1, x2, x3;
    x = spl_load_four_pairs(x, &x0, &x1, &x2, &x3);
    sum0 = __smlad(w1, x1, __smlad(w0, x0, sum0));
    sum1 = __smlad(w1, x3, __smlad(w0, x2, sum1));
    x = spl_load_four_pairs(x, &x0, &x1, &x2, &x3);
    sum2 = __smlad(w1, x1, __smlad(w0, x0, sum2));
    sum3 = __smlad(w1, x3, __smlad(w0, x2, sum3));
    x = spl_load_pairs(x, &x0, &x1);
    sum4 = __smlad(w1, x1, __smlad(w0, x0, sum4));
#else
    sum0 = spl_dot_group(weights, x, sum0);
    sum1 = spl_dot_group(weights, x + SPL_GROUP, sum1);
    sum2 = spl_dot_group(weights, x + 2 * SPL_GROUP, sum2);
    sum3 = spl_dot_group(weights, x + 3 * SPL_GROUP, sum3);
    sum4 = spl_dot_group(weights, x + 4 * SPL_GROUP, sum4);
    x += SPL_COLUMNS * SPL_GROUP;
#endif
    weights += SPL_GROUP;
  } while (weights != end);
  sums[0] = sum0;
  sums[1] = sum1;
  sums[2] = sum2;
  sums[3] = sum3;
  sums[4] = sum4;
}

/* Where the columns' outputs go: those behind the last that counts to its place, which it takes
 * thereafter. */
static SPL_INLINE void find_places(int32_t count, int32_t channels, int32_t places[SPL_COLUMNS]) {
  int32_t place = 0;
  for (int32_t i = 0; i < SPL_COLUMNS; i++) {
    places[i] = place;
    place += i + 1 < count ? channels : 0;
  }
}

/* All output channels at `count` of SPL_COLUMNS points, side by side. */
void spl_columns_points(const spl_columns_t *op, const int16_t *x, int32_t count, int8_t *output) {
  const int8_t *weights = op->weights, *shifts = op->shifts;
  const int32_t *bias = op->bias, *multipliers = op->multipliers;
  int32_t places[SPL_COLUMNS];
  find_places(count, op->output_channels, places);
  const int8_t *end = output + op->output_channels;
  do {
    const int8_t *next = weights + op->row;
    int32_t sums[SPL_COLUMNS];
    dot_columns(weights, next, x, *bias++, sums);
    weights = next;
    const int32_t multiplier = *multipliers++, shift = *shifts++,
                  rounding = spl_rounding(shift, op->output_offset);
    output[places[4]] = (int8_t)spl_requantize_near_s8(sums[4], multiplier, shift, rounding);
    output[places[3]] = (int8_t)spl_requantize_near_s8(sums[3], multiplier, shift, rounding);
    output[places[2]] = (int8_t)spl_requantize_near_s8(sums[2], multiplier, shift, rounding);
    output[places[1]] = (int8_t)spl_requantize_near_s8(sums[1], multiplier, shift, rounding);
    output[0] = (int8_t)spl_requantize_near_s8(sums[0], multiplier, shift, rounding);
    output++;
  } while (output != end);
}

/* The same for shifts of any size. */
void spl_columns_any(const spl_columns_t *op, const int16_t *x, int32_t count, int8_t *output) {
  const int8_t *weights = op->weights, *shifts = op->shifts;
  const int32_t *bias = op->bias, *multipliers = op->multipliers;
  const int32_t offset = op->output_offset;
  int32_t places[SPL_COLUMNS];
  find_places(count, op->output_channels, places);
  const int8_t *end = output + op->output_channels;
  do {
    const int8_t *next = weights + op->row;
    int32_t sums[SPL_COLUMNS];
    dot_columns(weights, next, x, *bias++, sums);
    weights = next;
    const int32_t multiplier = *multipliers++, shift = *shifts++;
    for (int32_t i = SPL_COLUMNS - 1; i >= 0; i--) {
      output[places[i]] = spl_requantize_s8(sums[i], multiplier, shift, offset);
    }
    output++;
  } while (output != end);
}

/* The largest of each pool of points in all output channels. */
void spl_columns_pools(const spl_columns_t *op, const int16_t *x, int32_t left, spl_pool_t pool,
                       int8_t *output) {
  const int32_t count = left < SPL_COLUMNS ? left : SPL_COLUMNS;
  const int8_t *weights = op->weights;
  for (int32_t channel = 0; channel < op->output_channels; channel++, weights += op->row) {
    const int32_t multiplier = op->multipliers[channel], shift = op->shifts[channel];
    int32_t sums[SPL_COLUMNS], open = pool.size - pool.seen;
    dot_columns(weights, weights + op->row, x, op->bias[channel], sums);
    int32_t largest = pool.seen > 0 ? pool.largest[channel] : sums[0];
    int8_t *at = output + channel;
    for (int32_t i = 0; i < count; i++) {
      largest = max(largest, sums[i]);
      if (--open == 0 || i + 1 == left) {
        *at = (int8_t)spl_requantize_right_s8(largest, multiplier, shift, op->output_offset);
        at += op->output_channels;
        open = pool.size;
        largest = INT32_MIN;
      }
    }
    if (open < pool.size) {
      pool.largest[channel] = largest;
    }
  }
}

/* The largest of SPL_COLUMNS points in all output channels, and of what is there where `goes_on`. */
void spl_columns_maximum(const spl_columns_t *op, const int16_t *x, int32_t goes_on,
                         int8_t *output) {
  const int8_t *weights = op->weights, *shifts = op->shifts;
  const int32_t *bias = op->bias, *multipliers = op->multipliers;
  const int8_t *end = output + op->output_channels;
  do {
    const int8_t *next = weights + op->row;
    int32_t sums[SPL_COLUMNS];
    dot_columns(weights, next, x, *bias++, sums);
    weights = next;
    const int32_t largest = max(max(max(sums[0], sums[1]), max(sums[2], sums[3])), sums[4]);
    int32_t value = spl_requantize_right_s8(largest, *multipliers++, *shifts++, op->output_offset);
    if (goes_on != 0) {
      value = max(value, *output);
    }
    *output = (int8_t)value;
    output++;
  } while (output != end);
}

void spl_columns_sums(const int8_t *weights, const int32_t *bias, int32_t row, int32_t count,
                      const int16_t *x, int32_t *sums) {
  const int32_t *end = bias + count;
  do {
    const int8_t *next = weights + row;
    int32_t column[SPL_COLUMNS];
    dot_columns(weights, next, x, *bias, column);
    weights = next;
    int32_t *at = sums;
    *at = column[4];
    at += count;
    *at = column[3];
    at += count;
    *at = column[2];
    at += count;
    *at = column[1];
    at += count;
    *at = column[0];
    bias++;
    sums++;
  } while (bias != end);
}
