#include "spl_extremum_channel_s8.h"

void spl_extremum_channel_s8(const spl_extremum_channel_s8_t *op, const int8_t *input,
                             int8_t *output, void *scratch) {
  const int32_t sign = op->sign;
  (void)scratch;
  for (int32_t t = 0; t < op->length; t++) {
    for (int32_t channel = 0; channel < op->channels; channel++) {
      const int8_t x = *input++, y = op->values[channel];
      *output++ = sign * x > sign * y ? x : y;
    }
  }
}
