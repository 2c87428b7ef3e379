#include "spl_concatenation_s8.h"

#include <string.h>

void spl_concatenation_s8(const spl_concatenation_s8_t *op, const int8_t *const *inputs,
                          int8_t *output, void *scratch) {
  (void)scratch;
  for (int32_t row = 0; row < op->rows; row++) {
    for (int32_t i = 0; i < op->count; i++) {
      memcpy(output, inputs[i] + row * op->runs[i], (size_t)op->runs[i]);
      output += op->runs[i];
    }
  }
}
