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
#if defined(__ARM_FEATURE_DSP)
  /* GCC's __ssat warns of its own conversions. */
  __asm__("ssat %0, #16, %0" : "+r"(x));
  return (int16_t)x;
#else
  return (int16_t)spl_clamp(x, INT16_MIN, INT16_MAX);
#endif
}

/* round(x * multiplier / 2^31), halves up; |x| < 2^30, so that twice x is an int32. */
static inline int32_t spl_multiply_high(int32_t x, int32_t multiplier) {
#if defined(__ARM_FEATURE_DSP)
  int32_t high;
  /* ACLE has no intrinsic for it. */
  __asm__("smmulr %0, %1, %2" : "=r"(high) : "r"(x * 2), "r"(multiplier));
  return high;
#else
  return (int32_t)(((int64_t)(x * 2) * multiplier + INT64_C(0x80000000)) >> 32);
#endif
}

/* x / 2^shift rounded half away from zero; shift is 0 to 31, |x| < 2^30. */
static inline int32_t spl_rounding_shift(int32_t x, int32_t shift) {
  const int32_t half = (int32_t)((1U << shift) >> 1);
  return (x + half + (half != 0 ? x >> 31 : 0)) >> shift;
}

/* round(x * multiplier / 2^(31 + shift)), rounded twice; |x| < 2^30, shift is 0 to 31. */
static inline int32_t spl_requantize(int32_t x, int32_t multiplier, int32_t shift) {
  return spl_rounding_shift(spl_multiply_high(x, multiplier), shift);
}

/* The same with output zero point and clamp to int8. */
static inline int8_t spl_requantize_s8(int32_t x, int32_t multiplier, int32_t shift,
                                       int32_t zero_point, int32_t low, int32_t high) {
  return (int8_t)spl_clamp(spl_requantize(x, multiplier, shift) + zero_point, low, high);
}

#endif
