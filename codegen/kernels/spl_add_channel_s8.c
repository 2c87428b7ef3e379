#include "spl_add_channel_s8.h"

#include "spl_fixed_point.h"

void spl_add_channel_s8(const spl_add_channel_s8_t *restrict op, const int8_t *input, int8_t *output,
                        void *scratch) {
  (void)scratch;
  for (int32_t t = 0; t < op->length; t++) {
    for (int32_t channel = 0; channel < op->channels; channel++) {
      const int32_t raised = (*input++ - op->input_zero_point) * (1 << op->left_shift);
      const int32_t sum =
          spl_requantize(raised, op->input_multiplier, op->input_shift) + op->addends[channel];
      *output++ = spl_requantize_s8(sum, op->output_multiplier, op->output_shift,
                                    op->output_zero_point, op->output_min, op->output_max);
    }
  }
}
