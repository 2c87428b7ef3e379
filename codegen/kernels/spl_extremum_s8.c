#include "spl_extremum_s8.h"

void spl_extremum_s8(const spl_extremum_s8_t *op, const int8_t *input, const int8_t *other,
                     int8_t *output, void *scratch) {
  const int32_t sign = op->sign;
  (void)scratch;
  for (int32_t i = 0; i < op->size; i++) {
    output[i] = sign * input[i] > sign * other[i] ? input[i] : other[i];
  }
}
