/*
 * Integer arithmetic that every kernel shares, equal to TensorFlow Lite Micro's with double
 * rounding.
 *
 * Right shifts of negative numbers are arithmetic, as on every compiler that splkit supports.
 */
#ifndef SPL_FIXED_POINT_H
#define SPL_FIXED_POINT_H

#include <stdint.h>

static inline int32_t spl_clamp(int32_t x, int32_t low, int32_t high) {
  return x < low ? low : (x > high ? high : x);
}

static inline int16_t spl_saturate16(int32_t x) {
  return (int16_t)spl_clamp(x, INT16_MIN, INT16_MAX);
}

/* x / 2^shift rounded half away from zero; shift is 0 to 31, |x| < 2^30 unless shift is 0. */
static inline int32_t spl_rounding_shift(int32_t x, int32_t shift) {
  const int32_t half = (int32_t)((1U << shift) >> 1);
  return shift == 0 ? x : (x + half - (x < 0)) >> shift;
}

/* round(x * multiplier / 2^(31 + shift)), rounded twice; 0 <= multiplier, shift is 0 to 31, |x| <=
 * 2^30. */
static inline int32_t spl_requantize(int32_t x, int32_t multiplier, int32_t shift) {
  const int64_t product = (int64_t)x * multiplier + (1 << 30);
  return spl_rounding_shift((int32_t)(product >> 31), shift);
}

/* The same with output zero point and clamp to int8. */
static inline int8_t spl_requantize_s8(int32_t x, int32_t multiplier, int32_t shift,
                                       int32_t zero_point, int32_t low, int32_t high) {
  return (int8_t)spl_clamp(spl_requantize(x, multiplier, shift) + zero_point, low, high);
}

#endif
