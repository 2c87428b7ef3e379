#include "spl_gather_s8.h"

#include <string.h>

/* The two inner loops; returns where the output goes on. */
static int8_t *gather_plane(const spl_gather_s8_t *op, const int32_t *places, const int8_t *input,
                            int8_t *output) {
  const int32_t rows = op->counts[2], columns = op->counts[3];
  for (int32_t i = 0; i < rows; i++) {
    for (int32_t j = 0; j < columns; j++) {
      memcpy(output, input + places[i] + places[rows + j], (size_t)op->run);
      output += op->run;
    }
  }
  return output;
}

void spl_gather_s8(const spl_gather_s8_t *op, const int8_t *input, int8_t *output, void *scratch) {
  const int32_t *outer = op->places, *inner = outer + op->counts[0];
  (void)scratch;
  for (int32_t i = 0; i < op->counts[0]; i++) {
    for (int32_t j = 0; j < op->counts[1]; j++) {
      output = gather_plane(op, inner + op->counts[1], input + outer[i] + inner[j], output);
    }
  }
}
