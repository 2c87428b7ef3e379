/*
 * Sigmoid and tanh of int16, interpolated in a table, equal to TensorFlow Lite Micro's. Both take
 * three times their argument in Q3.12 and return Q0.15.
 */
#ifndef SPL_NONLINEAR_H
#define SPL_NONLINEAR_H

#include <stdint.h>

enum { SPL_SIGMOID_TABLE_SIZE = 257, SPL_SIGMOID_FRACTION_BITS = 9 };

/*
 * The sigmoid at i / 24 in Q0.16, its last value twice. It is the oracle's table, up to 1.1 off the
 * exact values, and so defines what equal means.
 */
extern const uint16_t spl_sigmoid_table[SPL_SIGMOID_TABLE_SIZE];

/* The sigmoid in Q0.25; magnitude < 2^17. */
static inline int32_t spl_sigmoid_curve(int32_t magnitude) {
  const uint16_t *entry = spl_sigmoid_table + (magnitude >> SPL_SIGMOID_FRACTION_BITS);
  const int32_t fraction = magnitude & ((1 << SPL_SIGMOID_FRACTION_BITS) - 1);
  return (entry[0] << SPL_SIGMOID_FRACTION_BITS) + fraction * (entry[1] - entry[0]);
}

/* |x3| < 2^17. */
static inline int32_t spl_sigmoid_s16(int32_t x3) {
  const int32_t result = (spl_sigmoid_curve(x3 < 0 ? -x3 : x3) + (1 << 9)) >> 10;
  return x3 < 0 ? (1 << 15) - result : result;
}

/* tanh(x) = 2 sigmoid(2 x) - 1; |x3| < 2^30. */
static inline int32_t spl_tanh_s16(int32_t x3) {
  const int32_t twice = 2 * (x3 < 0 ? -x3 : x3);
  const int32_t magnitude = twice < 1 << 17 ? twice : (1 << 17) - 1;
  const int32_t result = ((spl_sigmoid_curve(magnitude) + (1 << 8)) >> 9) - (1 << 15);
  return x3 < 0 ? -result : result;
}

#endif
