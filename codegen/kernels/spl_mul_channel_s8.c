#include "spl_mul_channel_s8.h"

#include "spl_fixed_point.h"

void spl_mul_channel_s8(const spl_mul_channel_s8_t *restrict op, const int8_t *input, int8_t *output,
                        void *scratch) {
  (void)scratch;
  for (int32_t t = 0; t < op->length; t++) {
    for (int32_t channel = 0; channel < op->channels; channel++) {
      const int32_t product = (*input++ - op->input_zero_point) * op->factors[channel];
      *output++ = spl_requantize_s8(product, op->multiplier, op->shift, op->output_zero_point,
                                    op->output_min, op->output_max);
    }
  }
}
