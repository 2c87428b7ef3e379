#include "spl_prelu_s8.h"

#include "spl_fixed_point.h"

void spl_prelu_s8(const spl_prelu_s8_t *op, const int8_t *input, int8_t *output, void *scratch) {
  const int32_t offset = op->output_offset;
  (void)scratch;
  for (int32_t t = 0; t < op->length; t++) {
    for (int32_t channel = 0; channel < op->channels; channel++) {
      const int32_t x = *input++ - op->input_zero_point;
      if (x >= 0) {
        *output++ = spl_requantize_s8(2 * x, op->above_multiplier, op->above_shift, offset);
      } else {
        *output++ = spl_requantize_s8(x * op->alphas[channel], op->below_multiplier,
                                      op->below_shift, offset);
      }
    }
  }
}
