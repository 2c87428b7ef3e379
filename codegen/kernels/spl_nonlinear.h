/*
 * Sigmoid and tanh of int16, interpolated in a table, equal to TensorFlow Lite Micro's. Both take
 * three times their argument in Q3.12 and return Q0.15.
 */
#ifndef SPL_NONLINEAR_H
#define SPL_NONLINEAR_H

#include <stdint.h>

#if defined(__ARM_FEATURE_DSP)
#include <arm_acle.h>
#include <string.h>
#endif

enum { SPL_SIGMOID_TABLE_SIZE = 257, SPL_SIGMOID_FRACTION_BITS = 9 };

/*
 * The sigmoid at i / 24, less one half, in Q0.16; its last value twice. It is the oracle's table,
 * up to 1.1 off the exact values, and so defines what equal means.
 */
extern const int16_t spl_sigmoid_rise_table[SPL_SIGMOID_TABLE_SIZE];

/* The sigmoid less one half in Q0.25, and an addend; magnitude < 2^17. */
static inline int32_t spl_sigmoid_rise(int32_t magnitude, int32_t addend) {
  const int16_t *entry = spl_sigmoid_rise_table + (magnitude >> SPL_SIGMOID_FRACTION_BITS);
  const int32_t one = 1 << SPL_SIGMOID_FRACTION_BITS, fraction = magnitude & (one - 1);
#if defined(__ARM_FEATURE_DSP)
  int16x2_t both;
  memcpy(&both, entry, sizeof both);
  return __smlad(both, fraction * 0xffff + one, addend);
#else
  return entry[0] * (one - fraction) + entry[1] * fraction + addend;
#endif
}

static inline int32_t spl_with_sign_of(int32_t sign, int32_t magnitude) {
  return (magnitude ^ (sign >> 31)) - (sign >> 31);
}

/* 2 x, at most 2^17 - 1; x is 0 to 2^30 - 1. */
static inline int32_t spl_double_to_u17(int32_t x) {
#if defined(__ARM_FEATURE_DSP)
  int32_t result;
  __asm__("usat %0, #17, %1, lsl #1" : "=r"(result) : "r"(x) : "cc");
  return result;
#else
  return 2 * x < 1 << 17 ? 2 * x : (1 << 17) - 1;
#endif
}

/* |x3| < 2^17. */
static inline int32_t spl_sigmoid_s16(int32_t x3) {
  const int32_t rise = spl_sigmoid_rise(spl_with_sign_of(x3, x3), 1 << 9) >> 10;
  return (1 << 14) + spl_with_sign_of(x3, rise);
}

/* tanh(x) = 2 sigmoid(2 x) - 1; |x3| < 2^30. */
static inline int32_t spl_tanh_s16(int32_t x3) {
  const int32_t magnitude = spl_double_to_u17(spl_with_sign_of(x3, x3));
  return spl_with_sign_of(x3, spl_sigmoid_rise(magnitude, 1 << 8) >> 9);
}

#endif
