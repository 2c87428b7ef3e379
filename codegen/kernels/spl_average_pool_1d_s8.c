#include "spl_average_pool_1d_s8.h"

#include "spl_fixed_point.h"

void spl_average_pool_1d_s8(const spl_average_pool_1d_s8_t *op, const int8_t *input, int8_t *output,
                            void *scratch) {
  const int32_t channels = op->channels;
  (void)scratch;
  for (int32_t t = 0; t < op->output_length; t++) {
    const int32_t start = t * op->stride - op->padding, stop = start + op->window;
    const int32_t first = start < 0 ? 0 : start;
    const int32_t end = stop > op->input_length ? op->input_length : stop;
    const int32_t half = (end - first) / 2;
    for (int32_t channel = 0; channel < channels; channel++) {
      int32_t sum = 0;
      for (int32_t i = first; i < end; i++) {
        sum += input[i * channels + channel];
      }
      const int32_t mean = (sum > 0 ? sum + half : sum - half) / (end - first);
      *output++ = (int8_t)spl_clamp(mean, op->output_min, op->output_max);
    }
  }
}
