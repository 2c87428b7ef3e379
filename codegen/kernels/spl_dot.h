/*
 * Dot products of int8 weights with int8 activations that were widened to twice their value in
 * int16. Rows of both are filled up to whole groups of four, weights with zeros.
 *
 * With the DSP extension the four of a group stand in the order 0, 2, 1, 3: that is how SXTB16
 * leaves them, of weights and activations alike.
 */
#ifndef SPL_DOT_H
#define SPL_DOT_H

#include <stdint.h>
#include <string.h>

/* Values of a group, and the size of a row of `count` values in whole groups. */
enum { SPL_GROUP = 4 };

static inline int32_t spl_round_up(int32_t count) {
  return (count + SPL_GROUP - 1) & -SPL_GROUP;
}

#if defined(__ARM_FEATURE_DSP)
#include <arm_acle.h>

static inline uint32_t spl_load_word(const int8_t *address) {
  uint32_t word;
  memcpy(&word, address, sizeof word);
  return word;
}

/* Values 0 and 2, and values 1 and 3 of a group of bytes. */
static inline int16x2_t spl_even(uint32_t bytes) {
  return __sxtb16((int8x4_t)bytes);
}

static inline int16x2_t spl_odd(uint32_t bytes) {
  int16x2_t pair;
  /* GCC rotates with an instruction of its own. */
  __asm__("sxtb16 %0, %1, ror #8" : "=r"(pair) : "r"(bytes));
  return pair;
}

static inline int16x2_t spl_load_pair(const int16_t *address) {
  int16x2_t pair;
  memcpy(&pair, address, sizeof pair);
  return pair;
}

/* Two words at a word-aligned address, which moves behind them; GCC finds LDRD and STRD by luck. */
static inline const int16_t *spl_load_pairs(const int16_t *address, int16x2_t *first,
                                            int16x2_t *second) {
  __asm__("ldrd %0, %1, [%2], #8"
          : "=&r"(*first), "=&r"(*second), "+r"(address)
          : "m"(*(const int16_t (*)[SPL_GROUP])address));
  return address;
}

static inline const int8_t *spl_load_groups(const int8_t *address, uint32_t *first,
                                            uint32_t *second) {
  __asm__("ldrd %0, %1, [%2], #8"
          : "=&r"(*first), "=&r"(*second), "+r"(address)
          : "m"(*(const int8_t (*)[2 * SPL_GROUP]) address));
  return address;
}

static inline int16_t *spl_store_pairs(int16_t *address, uint32_t first, uint32_t second) {
  __asm__("strd %2, %3, [%0], #8"
          : "+r"(address), "=m"(*(int16_t (*)[SPL_GROUP])address)
          : "r"(first), "r"(second));
  return address;
}
/* sum + the products of a group of weights with a group of activations. */
static inline int32_t spl_dot_pairs(uint32_t weights, int16x2_t even, int16x2_t odd, int32_t sum) {
  return __smlad(spl_odd(weights), odd, __smlad(spl_even(weights), even, sum));
}
#endif

/* Twice a group of activations; returns where the next may stand. */
static inline int16_t *spl_widen_group(const int8_t *input, int16_t *output) {
#if defined(__ARM_FEATURE_DSP)
  const uint32_t bytes = spl_load_word(input);
  const int16x2_t even = spl_even(bytes), odd = spl_odd(bytes);
  return spl_store_pairs(output, (uint32_t)__sadd16(even, even), (uint32_t)__sadd16(odd, odd));
#else
  for (int32_t i = 0; i < SPL_GROUP; i++) {
    *output++ = (int16_t)(2 * input[i]);
  }
  return output;
#endif
}

/* Twice `count` activations in groups with a gap between them; what fills up the last is 0. */
static inline void spl_widen_s8(const int8_t *input, int32_t count, int16_t *output, int32_t gap) {
  const int8_t *end = input + count, *groups_end = input + (count & -SPL_GROUP);
  while (input != groups_end) {
    output = spl_widen_group(input, output) + gap;
    input += SPL_GROUP;
  }
  if (input != end) {
    int8_t last[SPL_GROUP] = {0};
    for (int32_t i = 0; input != end; i++) {
      last[i] = *input++;
    }
    (void)spl_widen_group(last, output);
  }
}

/* sum + the products of one row of weights with x; both have `count` values, in whole groups. */
static inline int32_t spl_dot_s8(const int8_t *weights, const int16_t *x, int32_t count,
                                 int32_t sum) {
  for (const int8_t *end = weights + count; weights != end; weights += SPL_GROUP) {
#if defined(__ARM_FEATURE_DSP)
    int16x2_t even, odd;
    x = spl_load_pairs(x, &even, &odd);
    sum = spl_dot_pairs(spl_load_word(weights), even, odd, sum);
#else
    for (int32_t i = 0; i < SPL_GROUP; i++) {
      sum += weights[i] * *x++;
    }
#endif
  }
  return sum;
}

#endif
