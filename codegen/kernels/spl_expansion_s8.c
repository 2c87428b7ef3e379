#include "spl_expansion_s8.h"

#include "spl_fixed_point.h"

static inline int32_t requantize(int32_t twice, int32_t multiplier, int32_t shift, int32_t offset) {
  return spl_halve_to_s8(spl_rescale_right(twice, multiplier, shift) + offset);
}

void spl_expand_channel(const spl_expansion_s8_t *op, const int8_t *input, int32_t channel,
                        int32_t count, int16_t *output) {
  const int32_t weight = 2 * op->weights[channel], bias = op->bias[channel],
                multiplier = op->multipliers[channel], shift = op->shifts[channel],
                offset = op->output_offset, twice_zero = 2 * op->output_zero_point;
  const int8_t *extreme = input + (weight < 0 ? 0 : 1);
  const int16_t *end = output + count;
  /* Two at a time, which halves the cost of the loop; an odd one comes first. */
  if (count % 2 != 0) {
    *output++ = (int16_t)(2 * requantize(weight * extreme[0] + bias, multiplier, shift, offset) -
                          twice_zero);
    extreme += 2;
  }
  while (output != end) {
    output[0] = (int16_t)(2 * requantize(weight * extreme[0] + bias, multiplier, shift, offset) -
                          twice_zero);
    output[1] = (int16_t)(2 * requantize(weight * extreme[2] + bias, multiplier, shift, offset) -
                          twice_zero);
    output += 2;
    extreme += 4;
  }
}
