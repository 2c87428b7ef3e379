#include "spl_expansion_s8.h"

#include "spl_fixed_point.h"

void spl_expand_channel(const spl_expansion_s8_t *op, const int8_t *input, int32_t channel,
                        int32_t count, int16_t *output) {
  const int32_t weight = 2 * op->weights[channel], bias = op->bias[channel],
                multiplier = op->multipliers[channel], shift = op->shifts[channel],
                offset = op->output_offset, twice_zero = 2 * op->output_zero_point;
  const int8_t *extreme = input + (weight < 0 ? 0 : 1);
  for (const int16_t *end = output + count; output != end; extreme += 2) {
    const int32_t sum = weight * *extreme + bias;
    const int32_t value = spl_halve_to_s8(spl_rescale_right(sum, multiplier, shift) + offset);
    *output++ = (int16_t)(2 * value - twice_zero);
  }
}
