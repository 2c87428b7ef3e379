/*
 * Dot products of int8 weights with int8 activations widened to int16.
 *
 * spl_widen_s8 takes the zero point off and leaves the order that spl_dot_s8 expects: as it is in
 * portable C, and in every group of four 0, 2, 1, 3 with the DSP extension, whose SXTB16 picks
 * every other byte. Both may start at any byte of their int8 operand; int16 operands are word
 * aligned.
 */
#ifndef SPL_DOT_H
#define SPL_DOT_H

#include <stdint.h>
#include <string.h>

#if defined(__ARM_FEATURE_DSP)
#include <arm_acle.h>

static inline uint32_t spl_load32(const void *address) {
  uint32_t word;
  memcpy(&word, address, sizeof word);
  return word;
}

static inline void spl_widen_s8(const int8_t *input, int16_t *output, int32_t count,
                                int32_t zero_point) {
  const int16x2_t zero_points =
      (int16x2_t)((uint32_t)(zero_point & 0xffff) | (uint32_t)zero_point << 16);
  int32_t i = 0;
  for (; i + 4 <= count; i += 4) {
    const uint32_t bytes = spl_load32(input + i);
    const int16x2_t even = __ssub16(__sxtb16((int8x4_t)bytes), zero_points);
    const int16x2_t odd = __ssub16(__sxtb16((int8x4_t)(bytes >> 8)), zero_points);
    memcpy(output + i, &even, sizeof even);
    memcpy(output + i + 2, &odd, sizeof odd);
  }
  for (; i < count; i++) {
    output[i] = (int16_t)(input[i] - zero_point);
  }
}

static inline int32_t spl_dot_s8(const int8_t *weights, const int16_t *x, int32_t count,
                                 int32_t sum) {
  int32_t i = 0;
  for (; i + 4 <= count; i += 4) {
    const uint32_t bytes = spl_load32(weights + i);
    sum = __smlad(__sxtb16((int8x4_t)bytes), (int16x2_t)spl_load32(x + i), sum);
    sum = __smlad(__sxtb16((int8x4_t)(bytes >> 8)), (int16x2_t)spl_load32(x + i + 2), sum);
  }
  for (; i < count; i++) {
    sum += weights[i] * x[i];
  }
  return sum;
}

#else

static inline void spl_widen_s8(const int8_t *input, int16_t *output, int32_t count,
                                int32_t zero_point) {
  for (int32_t i = 0; i < count; i++) {
    output[i] = (int16_t)(input[i] - zero_point);
  }
}

static inline int32_t spl_dot_s8(const int8_t *weights, const int16_t *x, int32_t count,
                                 int32_t sum) {
  for (int32_t i = 0; i < count; i++) {
    sum += weights[i] * x[i];
  }
  return sum;
}

#endif

#endif
