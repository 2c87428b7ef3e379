#include "spl_add_channel_s8.h"

#include "spl_clamp_s8.h"
#include "spl_fixed_point.h"

void spl_add_channel_s8(const spl_add_channel_s8_t *op, const int8_t *input, int8_t *output,
                        void *scratch) {
  const int32_t zero_point = op->input_zero_point, twice_raised = op->twice_raised, sign = op->sign,
                input_multiplier = op->input_multiplier, input_shift = op->input_shift,
                multiplier = op->output_multiplier, shift = op->output_shift,
                offset = op->output_offset;
  int8_t *out = output;
  (void)scratch;
  for (int32_t t = 0; t < op->length; t++) {
    const int32_t *addend = op->addends;
    for (const int8_t *end = out + op->channels; out != end;) {
      const int32_t raised = (*input++ - zero_point) * twice_raised;
      const int32_t sum = sign * spl_rescale(raised, input_multiplier, input_shift) + *addend++;
      *out++ = spl_requantize_s8(2 * sum, multiplier, shift, offset);
    }
  }
  spl_clamp_s8(output, op->length * op->channels, op->output_min, op->output_max);
}
