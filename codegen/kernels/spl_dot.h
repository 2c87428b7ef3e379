/*
 * Dot products of int8 weights with int8 activations that were widened to twice their value in
 * int16. Rows of both are filled up to whole groups of four, weights with zeros.
 *
 * The four weights of a group stand in the order 0, 2, 1, 3, from which SXTB16 makes the pairs 0, 1
 * and 2, 3.
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

/* Bytes 0 and 2, and bytes 1 and 3 of a group. */
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

/* Four words; LDM wants registers in ascending order, and R7 may hold the frame. */
static inline const int16_t *spl_load_four_pairs(const int16_t *address, int16x2_t *first,
                                                 int16x2_t *second, int16x2_t *third,
                                                 int16x2_t *fourth) {
  register int16x2_t a __asm__("r4");
  register int16x2_t b __asm__("r5");
  register int16x2_t c __asm__("r6");
  register int16x2_t d __asm__("r8");
  __asm__("ldmia %4!, {%0, %1, %2, %3}"
          : "=r"(a), "=r"(b), "=r"(c), "=r"(d), "+r"(address)
          : "m"(*(const int16_t (*)[2 * SPL_GROUP]) address));
  *first = a;
  *second = b;
  *third = c;
  *fourth = d;
  return address;
}

static inline const int32_t *spl_load_words(const int32_t *address, int32_t *first,
                                            int32_t *second) {
  __asm__("ldrd %0, %1, [%2], #8"
          : "=&r"(*first), "=&r"(*second), "+r"(address)
          : "m"(*(const int32_t (*)[2])address));
  return address;
}

static inline int32_t *spl_store_words(int32_t *address, int32_t first, int32_t second) {
  __asm__("strd %2, %3, [%0], #8"
          : "+r"(address), "=m"(*(int32_t (*)[2])address)
          : "r"(first), "r"(second));
  return address;
}

static inline int16_t *spl_store_pairs(int16_t *address, uint32_t first, uint32_t second) {
  __asm__("strd %2, %3, [%0], #8"
          : "+r"(address), "=m"(*(int16_t (*)[SPL_GROUP])address)
          : "r"(first), "r"(second));
  return address;
}

/* Pairs of the halves of two pairs; GCC does not find PKHBT and PKHTB. */
static inline uint32_t spl_pack_low(int16x2_t a, int16x2_t b) {
  uint32_t pair;
  __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(pair) : "r"(a), "r"(b));
  return pair;
}

static inline uint32_t spl_pack_high(int16x2_t a, int16x2_t b) {
  uint32_t pair;
  __asm__("pkhtb %0, %2, %1, asr #16" : "=r"(pair) : "r"(a), "r"(b));
  return pair;
}

/* sum + the products of a group of weights with a group of activations. */
static inline int32_t spl_dot_pairs(uint32_t weights, int16x2_t first, int16x2_t second,
                                    int32_t sum) {
  return __smlad(spl_odd(weights), second, __smlad(spl_even(weights), first, sum));
}
#else
static inline int32_t spl_dot_group(const int8_t *weights, const int16_t *x, int32_t sum) {
  return sum + weights[0] * x[0] + weights[2] * x[1] + weights[1] * x[2] + weights[3] * x[3];
}
#endif

/* Twice a group of activations; returns where the next may stand. */
static inline int16_t *spl_widen_group(const int8_t *input, int16_t *output) {
#if defined(__ARM_FEATURE_DSP)
  const uint32_t bytes = spl_load_word(input);
  const int16x2_t even = spl_even(bytes), odd = spl_odd(bytes);
  const int16x2_t twice_even = __sadd16(even, even), twice_odd = __sadd16(odd, odd);
  return spl_store_pairs(output, spl_pack_low(twice_even, twice_odd),
                         spl_pack_high(twice_even, twice_odd));
#else
  for (int32_t i = 0; i < SPL_GROUP; i++) {
    *output++ = (int16_t)(2 * input[i]);
  }
  return output;
#endif
}

/* Twice `count` activations in groups with a gap between them; what fills up the last is 0. */
void spl_widen_s8(const int8_t *input, int32_t count, int16_t *output, int32_t gap);

/* sum + the products of one row of weights with x; both have `count` values, in whole groups. */
static inline int32_t spl_dot_s8(const int8_t *weights, const int16_t *x, int32_t count,
                                 int32_t sum) {
  for (const int8_t *end = weights + count; weights != end; weights += SPL_GROUP) {
#if defined(__ARM_FEATURE_DSP)
    int16x2_t first, second;
    x = spl_load_pairs(x, &first, &second);
    sum = spl_dot_pairs(spl_load_word(weights), first, second, sum);
#else
    sum = spl_dot_group(weights, x, sum);
    x += SPL_GROUP;
#endif
  }
  return sum;
}

#endif
