#include "spl_max_pool_1d_s8.h"

#include "spl_fixed_point.h"

void spl_max_pool_1d_s8(const spl_max_pool_1d_s8_t *op, const int8_t *input, int8_t *output,
                        void *scratch) {
  (void)scratch;
  for (int32_t t = 0; t < op->output_length; t++) {
    const int32_t start = t * op->stride - op->padding;
    const int32_t first = start < 0 ? 0 : start;
    const int32_t end =
        start + op->window > op->input_length ? op->input_length : start + op->window;
    for (int32_t channel = 0; channel < op->channels; channel++) {
      int32_t largest = INT8_MIN;
      for (int32_t i = first; i < end; i++) {
        const int32_t value = input[i * op->channels + channel];
        largest = value > largest ? value : largest;
      }
      *output++ = (int8_t)spl_clamp(largest, op->output_min, op->output_max);
    }
  }
}
