#include "spl_extremum_broadcast_s8.h"

#include <stddef.h>

void spl_extremum_broadcast_s8(const spl_extremum_broadcast_s8_t *op, const int8_t *input,
                               const int8_t *other, int8_t *output, void *scratch) {
  const int8_t *operands[] = {input, other};
  spl_repeat_s8(op->repeats, operands, output, scratch);
  spl_extremum_s8(op->extremum, operands[0], operands[1], output, NULL);
}
