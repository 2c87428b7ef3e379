#include "spl_add_channel_s8.h"

#include "spl_clamp_s8.h"
#include "spl_fixed_point.h"

void spl_add_channel_s8(const spl_add_channel_s8_t *op, const int8_t *input, int8_t *output,
                        void *scratch) {
  int8_t *out = output;
  (void)scratch;
  for (int32_t t = 0; t < op->length; t++) {
    for (int32_t channel = 0; channel < op->channels; channel++) {
      const int32_t raised = (*input++ - op->input_zero_point) * op->twice_raised;
      const int32_t sum = op->sign * spl_rescale(raised, op->input_multiplier, op->input_shift) +
                          op->addends[channel];
      *out++ =
          spl_requantize_s8(2 * sum, op->output_multiplier, op->output_shift, op->output_offset);
    }
  }
  spl_clamp_s8(output, op->length * op->channels, op->output_min, op->output_max);
}
