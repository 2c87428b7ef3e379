#include "spl_reduce_extremum_s8.h"

void spl_reduce_extremum_s8(const spl_reduce_extremum_s8_t *op, const int8_t *input, int8_t *output,
                            void *scratch) {
  const int32_t channels = op->channels, size = op->length * channels, sign = op->sign;
  (void)scratch;
  for (int32_t batch = 0; batch < op->batches; batch++, input += size) {
    for (int32_t channel = 0; channel < channels; channel++) {
      int32_t most = sign * input[channel];
      for (int32_t i = channel + channels; i < size; i += channels) {
        const int32_t value = sign * input[i];
        most = value > most ? value : most;
      }
      *output++ = (int8_t)(sign * most);
    }
  }
}
