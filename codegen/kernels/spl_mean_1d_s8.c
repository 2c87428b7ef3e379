#include "spl_mean_1d_s8.h"

#include "spl_fixed_point.h"

void spl_mean_1d_s8(const spl_mean_1d_s8_t *op, const int8_t *input, int8_t *output,
                    void *scratch) {
  const int32_t channels = op->channels, size = op->length * channels;
  (void)scratch;
  for (int32_t batch = 0; batch < op->batches; batch++, input += size) {
    for (int32_t channel = 0; channel < channels; channel++) {
      int32_t sum = 0;
      for (int32_t i = channel; i < size; i += channels) {
        sum += input[i];
      }
      *output++ =
          spl_requantize_s8(2 * sum + op->twice_bias, op->multiplier, op->shift, op->output_offset);
    }
  }
}
