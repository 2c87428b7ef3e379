#include "spl_lookup_s8.h"

void spl_lookup_s8(const spl_lookup_s8_t *op, const int8_t *input, int8_t *output, void *scratch) {
  const int8_t *zero = op->table - INT8_MIN;
  (void)scratch;
  for (const int8_t *end = output + op->size; output != end;) {
    *output++ = zero[*input++];
  }
}
