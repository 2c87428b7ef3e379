#include "spl_dot.h"

void spl_widen_s8(const int8_t *input, int32_t count, int16_t *output, int32_t gap) {
  const int8_t *end = input + count, *groups_end = input + (count & -SPL_GROUP);
  if (input != groups_end) {
    do {
      output = spl_widen_group(input, output) + gap;
      input += SPL_GROUP;
    } while (input != groups_end);
  }
  if (input != end) {
    int8_t last[SPL_GROUP] = {0};
    for (int32_t i = 0; input != end; i++) {
      last[i] = *input++;
    }
    (void)spl_widen_group(last, output);
  }
}
