/* Pairs of int16 in one word, and their products; a pair in memory need not be word aligned. */
#ifndef SPL_HALVES_H
#define SPL_HALVES_H

#include <stdint.h>
#include <string.h>

#if defined(__ARM_FEATURE_DSP)
#include <arm_acle.h>
#endif

static inline int32_t spl_load_halves(const int16_t *address) {
  int32_t pair;
  memcpy(&pair, address, sizeof pair);
  return pair;
}

/* The same, and moves behind it; GCC finds the addressing mode by luck. */
static inline int32_t spl_next_halves(const int16_t **address) {
#if defined(__ARM_FEATURE_DSP)
  int32_t pair;
  const int16_t *at = *address;
  __asm__("ldr %0, [%1], #4" : "=r"(pair), "+r"(at) : "m"(*(const int16_t (*)[2])at));
  *address = at;
  return pair;
#else
  const int32_t pair = spl_load_halves(*address);
  *address += 2;
  return pair;
#endif
}

/* The pair of two values of int16; `low` is the one that lies first. */
static inline int32_t spl_halves(int32_t low, int32_t high) {
#if defined(__ARM_FEATURE_DSP)
  int32_t pair;
  /* GCC does not find it. */
  __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(pair) : "r"(low), "r"(high));
  return pair;
#else
  return (int32_t)(((uint32_t)low & 0xffffu) | ((uint32_t)high << 16));
#endif
}

static inline int32_t spl_low(int32_t pair) {
  return (int16_t)pair;
}

static inline int32_t spl_high(int32_t pair) {
  return pair >> 16;
}

/* sum + the products of both values of a pair with those of another. */
static inline int32_t spl_add_products(int32_t a, int32_t b, int32_t sum) {
#if defined(__ARM_FEATURE_DSP)
  return __smlad(a, b, sum);
#else
  return sum + spl_low(a) * spl_low(b) + spl_high(a) * spl_high(b);
#endif
}

/* sum + the product of one half of each. */
static inline int32_t spl_add_low_low(int32_t a, int32_t b, int32_t sum) {
#if defined(__ARM_FEATURE_DSP)
  return __smlabb(a, b, sum);
#else
  return sum + spl_low(a) * spl_low(b);
#endif
}

static inline int32_t spl_add_high_low(int32_t a, int32_t b, int32_t sum) {
#if defined(__ARM_FEATURE_DSP)
  return __smlatb(a, b, sum);
#else
  return sum + spl_high(a) * spl_low(b);
#endif
}

#endif
