#include "spl_matmul_s8.h"

#include "spl_fixed_point.h"

static int32_t dot_steps(const spl_matmul_s8_t *op, const int8_t *left, const int8_t *right) {
  const int32_t left_step = op->steps[0].inner, right_step = op->steps[1].inner;
  int32_t sum = 0;
  for (int32_t i = 0; i < op->depth; i++) {
    sum += (*left - op->left_zero_point) * (*right - op->right_zero_point);
    left += left_step;
    right += right_step;
  }
  return sum;
}

void spl_matmul_s8(const spl_matmul_s8_t *op, const int8_t *input, const int8_t *other,
                   int8_t *output, void *scratch) {
  (void)scratch;
  for (const int32_t *start = op->starts; start != op->starts + 2 * op->batches; start += 2) {
    for (int32_t row = 0; row < op->rows; row++) {
      const int8_t *left = input + start[0] + row * op->steps[0].outer, *right = other + start[1];
      for (int32_t column = 0; column < op->columns; column++, right += op->steps[1].outer) {
        *output++ = spl_requantize_s8(2 * dot_steps(op, left, right), op->multiplier, op->shift,
                                      op->output_offset);
      }
    }
  }
}
