#include "spl_mul_channel_s8.h"

#include "spl_clamp_s8.h"
#include "spl_fixed_point.h"

void spl_mul_channel_s8(const spl_mul_channel_s8_t *op, const int8_t *input, int8_t *output,
                        void *scratch) {
  const int32_t channels = op->channels, zero_point = op->input_zero_point,
                multiplier = op->multiplier, shift = op->shift, offset = op->output_offset;
  int8_t *out = output;
  (void)scratch;
  for (int32_t t = 0; t < op->length; t++) {
    const int16_t *factor = op->factors;
    for (const int8_t *end = out + channels; out != end;) {
      const int32_t product = (*input++ - zero_point) * *factor++;
      *out++ = spl_requantize_s8(product, multiplier, shift, offset);
    }
  }
  spl_clamp_s8(output, op->length * channels, op->output_min, op->output_max);
}
