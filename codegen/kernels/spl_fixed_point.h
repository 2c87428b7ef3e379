/*
 * Integer arithmetic that every kernel shares, equal to TensorFlow Lite Micro's with double
 * rounding. Right shifts of negative numbers are arithmetic, as on every compiler that splkit
 * supports.
 *
 * A real factor is `multiplier` * 2^-(32 + shift), multiplier from 2^30 to 2^31 - 1, and is applied
 * to twice a sum: so the rounded high word of one multiplication is the first rounding, and the
 * second has a bit left to round. shift is -1 where nothing is left to shift, less to the left.
 */
#ifndef SPL_FIXED_POINT_H
#define SPL_FIXED_POINT_H

#include <stdint.h>

#if defined(__GNUC__)
#define SPL_UNLIKELY(condition) __builtin_expect(condition, 0)
#define SPL_OUT_OF_LINE __attribute__((noinline))
#define SPL_INLINE __attribute__((always_inline)) inline
#else
#define SPL_UNLIKELY(condition) (condition)
#define SPL_OUT_OF_LINE
#define SPL_INLINE inline
#endif

static inline int32_t spl_clamp(int32_t x, int32_t low, int32_t high) {
  /* In two steps, which take the same time for any x. */
  const int32_t raised = x < low ? low : x;
  return raised > high ? high : raised;
}

/* x / 2 rounded down, in the range of int8. ACLE's __ssat knows no shift; GCC's warns of itself. */
static inline int32_t spl_halve_to_s8(int32_t x) {
#if defined(__ARM_FEATURE_DSP)
  int32_t result;
  __asm__("ssat %0, #8, %1, asr #1" : "=r"(result) : "r"(x) : "cc");
  return result;
#else
  return spl_clamp(x >> 1, INT8_MIN, INT8_MAX);
#endif
}

/* The same for int16. */
static inline int32_t spl_halve_to_s16(int32_t x) {
#if defined(__ARM_FEATURE_DSP)
  int32_t result;
  __asm__("ssat %0, #16, %1, asr #1" : "=r"(result) : "r"(x) : "cc");
  return result;
#else
  return spl_clamp(x >> 1, INT16_MIN, INT16_MAX);
#endif
}

static inline int32_t spl_saturate_s16(int32_t x) {
#if defined(__ARM_FEATURE_DSP)
  int32_t result;
  __asm__("ssat %0, #16, %1" : "=r"(result) : "r"(x) : "cc");
  return result;
#else
  return spl_clamp(x, INT16_MIN, INT16_MAX);
#endif
}

/* x * y / 2^32 rounded to nearest, halves up. ACLE has no name for the instruction. */
static inline int32_t spl_multiply_high(int32_t x, int32_t y) {
#if defined(__ARM_FEATURE_DSP)
  int32_t high;
  __asm__("smmulr %0, %1, %2" : "=r"(high) : "r"(x), "r"(y));
  return high;
#else
  return (int32_t)(((int64_t)x * y + (INT64_C(1) << 31)) >> 32);
#endif
}

/* x / 2^shift, such that half of it and 1 more is rounded with halves away from zero. */
static inline int32_t spl_shift_twice(int32_t x, int32_t shift) {
  return (x + (x >> 31)) >> shift;
}

/* Twice the rescaled sum, whose last bit is still to be rounded; shift is 0 to 30. */
static inline int32_t spl_rescale_right(int32_t twice, int32_t multiplier, int32_t shift) {
  return spl_shift_twice(spl_multiply_high(twice, multiplier), shift);
}

/* The same for any shift; few layers have one to the left. */
static inline int32_t spl_rescale_twice(int32_t twice, int32_t multiplier, int32_t shift) {
  if (SPL_UNLIKELY(shift < 0)) {
    return 2 * spl_multiply_high(twice * (int32_t)(1U << (-1 - shift)), multiplier);
  }
  return spl_rescale_right(twice, multiplier, shift);
}

/* The rescaled sum. */
static inline int32_t spl_rescale(int32_t twice, int32_t multiplier, int32_t shift) {
  return (spl_rescale_twice(twice, multiplier, shift) + 1) >> 1;
}

/* The rescaled sum with the output's zero point, in int8, shift 0 to 30; offset is twice the zero
 * point plus 1. */
static inline int32_t spl_requantize_right_s8(int32_t twice, int32_t multiplier, int32_t shift,
                                              int32_t offset) {
  return spl_halve_to_s8(spl_rescale_right(twice, multiplier, shift) + offset);
}

/* The rescaled sum with the output's zero point, in int8; offset is twice the zero point plus 1. */
static inline int8_t spl_requantize_s8(int32_t twice, int32_t multiplier, int32_t shift,
                                       int32_t offset) {
  return (int8_t)spl_halve_to_s8(spl_rescale_twice(twice, multiplier, shift) + offset);
}

/*
 * The same where SPL_IS_NEAR(shift), in fewer instructions: rounding and zero point are added before
 * the shift, as `rounding` = offset * 2^shift. The multiplier is not negative: a sum's sign is its
 * product's wherever that matters.
 */
#define SPL_IS_NEAR(shift) ((uint32_t)(shift) < 22u)

static inline int32_t spl_rounding(int32_t shift, int32_t offset) {
  return (int32_t)((uint32_t)offset << shift);
}

static inline int32_t spl_near_sum(int32_t twice, int32_t multiplier, int32_t rounding) {
  const int32_t addend = rounding + (twice >> 31);
#if defined(__ARM_FEATURE_DSP)
  int32_t sum;
  __asm__("smmlar %0, %1, %2, %3" : "=r"(sum) : "r"(twice), "r"(multiplier), "r"(addend));
  return sum;
#else
  return spl_multiply_high(twice, multiplier) + addend;
#endif
}

static inline int32_t spl_requantize_near_s8(int32_t twice, int32_t multiplier, int32_t shift,
                                             int32_t rounding) {
  return spl_halve_to_s8(spl_near_sum(twice, multiplier, rounding) >> shift);
}

/* The distance of the requantized sum from a zero point of -128; what is negative becomes 0, however it
 * is rounded. */
static inline int32_t spl_requantize_near_u8(int32_t twice, int32_t multiplier, int32_t shift) {
  const int32_t rounding = spl_rounding(shift, 1);
#if defined(__ARM_FEATURE_DSP)
  int32_t result;
  __asm__("smmlar %0, %1, %2, %3" : "=r"(result) : "r"(twice), "r"(multiplier), "r"(rounding));
  __asm__("usat %0, #8, %1, asr #1" : "=r"(result) : "r"(result >> shift) : "cc");
  return result;
#else
  return spl_clamp(((spl_multiply_high(twice, multiplier) + rounding) >> shift) >> 1, 0, UINT8_MAX);
#endif
}

#endif
