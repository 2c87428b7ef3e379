/*
 * Dot products of int8 weights with int8 activations that were widened to int16.
 *
 * Rows of weights are stored in groups of four, in the order 0, 2, 1, 3, filled up with zeros:
 * SXTB16 picks every other byte of a word, and so finds neighbours. Activations stand in their
 * natural order, word aligned, with room for the group that they end in.
 */
#ifndef SPL_DOT_H
#define SPL_DOT_H

#include <stdint.h>
#include <string.h>

/* Weights of a group, and the size of a row or a buffer of `count` values in whole groups. */
enum { SPL_GROUP = 4 };

static inline int32_t spl_round_up(int32_t count) {
  return (count + SPL_GROUP - 1) / SPL_GROUP * SPL_GROUP;
}

#if defined(__ARM_FEATURE_DSP)
#include <arm_acle.h>

static inline uint32_t spl_load32(const void *address) {
  uint32_t word;
  memcpy(&word, address, sizeof word);
  return word;
}

static inline int16x2_t spl_load_pair(const int16_t *address) {
  return (int16x2_t)spl_load32(address);
}
#endif

/* Takes the zero point off `count` activations. */
static inline void spl_widen_s8(const int8_t *input, int16_t *output, int32_t count,
                                int32_t zero_point) {
  int32_t i = 0;
#if defined(__ARM_FEATURE_DSP)
  const int16x2_t zero_points =
      (int16x2_t)((uint32_t)(zero_point & 0xffff) | (uint32_t)zero_point << 16);
  for (; i + SPL_GROUP <= count; i += SPL_GROUP) {
    const uint32_t bytes = spl_load32(input + i);
    const uint32_t even = (uint32_t)__ssub16(__sxtb16((int8x4_t)bytes), zero_points);
    const uint32_t odd = (uint32_t)__ssub16(__sxtb16((int8x4_t)(bytes >> 8)), zero_points);
    const uint32_t pairs[2] = {(even & 0xffffU) | odd << 16, even >> 16 | (odd & 0xffff0000U)};
    memcpy(output + i, pairs, sizeof pairs);
  }
#endif
  for (; i < count; i++) {
    output[i] = (int16_t)(input[i] - zero_point);
  }
}

/* sum + the products of one row of weights with x; count is the row's size in whole groups. */
static inline int32_t spl_dot_s8(const int8_t *weights, const int16_t *x, int32_t count,
                                 int32_t sum) {
  for (const int8_t *end = weights + count; weights != end; weights += SPL_GROUP) {
#if defined(__ARM_FEATURE_DSP)
    const uint32_t bytes = spl_load32(weights);
    sum = __smlad(__sxtb16((int8x4_t)bytes), spl_load_pair(x), sum);
    sum = __smlad(__sxtb16((int8x4_t)(bytes >> 8)), spl_load_pair(x + 2), sum);
#else
    sum += weights[0] * x[0] + weights[2] * x[1] + weights[1] * x[2] + weights[3] * x[3];
#endif
    x += SPL_GROUP;
  }
  return sum;
}

/* The same of one row with two windows of activations, which share the loads of the weights. */
static inline void spl_dot_two_s8(const int8_t *weights, const int16_t *x0, const int16_t *x1,
                                  int32_t count, int32_t sums[2]) {
#if defined(__ARM_FEATURE_DSP)
  int32_t sum0 = sums[0], sum1 = sums[1];
  for (const int8_t *end = weights + count; weights != end; weights += SPL_GROUP) {
    const uint32_t bytes = spl_load32(weights);
    const int16x2_t first = __sxtb16((int8x4_t)bytes), second = __sxtb16((int8x4_t)(bytes >> 8));
    sum0 = __smlad(first, spl_load_pair(x0), sum0);
    sum1 = __smlad(first, spl_load_pair(x1), sum1);
    sum0 = __smlad(second, spl_load_pair(x0 + 2), sum0);
    sum1 = __smlad(second, spl_load_pair(x1 + 2), sum1);
    x0 += SPL_GROUP;
    x1 += SPL_GROUP;
  }
  sums[0] = sum0;
  sums[1] = sum1;
#else
  sums[0] = spl_dot_s8(weights, x0, count, sums[0]);
  sums[1] = spl_dot_s8(weights, x1, count, sums[1]);
#endif
}

#endif
