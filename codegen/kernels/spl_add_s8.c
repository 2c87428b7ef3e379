#include "spl_add_s8.h"

#include "spl_clamp_s8.h"
#include "spl_fixed_point.h"

void spl_add_s8(const spl_add_s8_t *op, const int8_t *input, const int8_t *other, int8_t *output,
                void *scratch) {
  (void)scratch;
  for (int32_t i = 0; i < op->size; i++) {
    const int32_t first = (input[i] - op->first_zero_point) * op->twice_raised;
    const int32_t second = (other[i] - op->second_zero_point) * op->twice_raised;
    const int32_t sum = spl_rescale(first, op->first_multiplier, op->first_shift) +
                        op->sign * spl_rescale(second, op->second_multiplier, op->second_shift);
    output[i] =
        spl_requantize_s8(2 * sum, op->output_multiplier, op->output_shift, op->output_offset);
  }
  spl_clamp_s8(output, op->size, op->output_min, op->output_max);
}
