/*
 * Signals and filters of int8 differences, two to a word. With the DSP extension a word is the sum
 * of one value and 2^SPL_PAIR_SHIFT times the other, so that one SMLAL multiplies two by two of them: see
 * spl_filter_1d.c.
 */
#ifndef SPL_PAIRS_H
#define SPL_PAIRS_H

#include <stdint.h>

#if defined(__ARM_FEATURE_DSP)
enum { SPL_PAIR_SHIFT = 21, SPL_PAIR_FIELDS = 1 };
#else
enum { SPL_PAIR_SHIFT = 16, SPL_PAIR_FIELDS = 0 };
#endif

/* The word of an even and an odd value, of -256 to 255. */
static inline int32_t spl_pair(int32_t even, int32_t odd) {
  return (int32_t)((uint32_t)even + ((uint32_t)odd << SPL_PAIR_SHIFT));
}

static inline int32_t spl_even_of_pair(int32_t pair) {
  return (int32_t)((uint32_t)pair << (32 - SPL_PAIR_SHIFT)) >> (32 - SPL_PAIR_SHIFT);
}

static inline int32_t spl_odd_of_pair(int32_t pair) {
  /* The even value borrows from the odd one where it is negative. */
  return (pair + (1 << (SPL_PAIR_SHIFT - 1))) >> SPL_PAIR_SHIFT;
}

#endif
