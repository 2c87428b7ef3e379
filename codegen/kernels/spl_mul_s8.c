#include "spl_mul_s8.h"

#include "spl_clamp_s8.h"
#include "spl_fixed_point.h"

void spl_mul_s8(const spl_mul_s8_t *op, const int8_t *input, const int8_t *other, int8_t *output,
                void *scratch) {
  (void)scratch;
  for (int32_t i = 0; i < op->size; i++) {
    const int32_t first = input[i] - op->first_zero_point;
    const int32_t second = other[i] - op->second_zero_point;
    output[i] = spl_requantize_s8(2 * first * second, op->multiplier, op->shift, op->output_offset);
  }
  spl_clamp_s8(output, op->size, op->output_min, op->output_max);
}
