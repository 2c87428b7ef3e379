#include "spl_softmax_s8.h"

#include "spl_fixed_point.h"

/* Integer bits of a row's sum. */
enum { SUM_BITS = 12 };

/* The line that Newton's method starts from, 48/17 - 32/17 x in Q2.29, and its steps. */
enum { INTERCEPT = 1515870810, SLOPE = -1010580540, ONE_Q29 = 1 << 29, NEWTON_STEPS = 3 };

/* x * y / 2^31 rounded to nearest, halves away from zero. */
static int32_t multiply_q31(int32_t x, int32_t y) {
  const int64_t product = (int64_t)x * y, half = INT64_C(1) << 30;
  return (int32_t)((product + (product < 0 ? 1 - half : half)) / (2 * half));
}

/* x / 2^shift rounded to nearest; x is not negative, shift is 1 to 31. */
static int32_t divide_by_power(int32_t x, int32_t shift) {
  return (int32_t)(((uint32_t)x + (1u << (shift - 1))) >> shift);
}

/* x * 2^bits in the range of int32. */
static int32_t saturated(int32_t x, int32_t bits) {
  const int64_t wide = (int64_t)x * (1 << bits);
  return (int32_t)(wide > INT32_MAX ? INT32_MAX : (wide < INT32_MIN ? INT32_MIN : wide));
}

/* 1 / (1 + x) in Q0.31 of Q0.31 from 0 to 1. */
static int32_t reciprocal(int32_t x) {
  const int32_t half = (int32_t)(((int64_t)x + INT32_MAX + 1) >> 1);
  int32_t result = INTERCEPT + multiply_q31(half, SLOPE);
  for (int32_t i = 0; i < NEWTON_STEPS; i++) {
    result += saturated(multiply_q31(result, ONE_Q29 - multiply_q31(half, result)), 2);
  }
  return saturated(result, 1);
}

void spl_softmax_s8(const spl_softmax_s8_t *op, const int8_t *input, int8_t *output,
                    void *scratch) {
  const int32_t depth = op->depth;
  (void)scratch;
  for (int32_t row = 0; row < op->rows; row++, input += depth, output += depth) {
    int32_t largest = INT8_MIN;
    for (int32_t i = 0; i < depth; i++) {
      largest = input[i] > largest ? input[i] : largest;
    }
    int32_t sum = 0;
    for (int32_t i = 0; i < depth; i++) {
      sum += divide_by_power(op->exps[largest - input[i]], SUM_BITS);
    }
    uint32_t mantissa = (uint32_t)sum;
    int32_t shift = SUM_BITS + 23;
    for (; (mantissa & 0x80000000u) == 0; mantissa <<= 1) {
      shift--;
    }
    const int32_t scale = reciprocal((int32_t)(mantissa & 0x7fffffffu));
    for (int32_t i = 0; i < depth; i++) {
      const int32_t share =
          divide_by_power(multiply_q31(scale, op->exps[largest - input[i]]), shift);
      output[i] = (int8_t)spl_clamp(share + INT8_MIN, INT8_MIN, INT8_MAX);
    }
  }
}
