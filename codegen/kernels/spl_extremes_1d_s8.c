#include "spl_extremes_1d_s8.h"

void spl_extremes_1d_s8(const spl_extremes_1d_s8_t *op, const int8_t *input, int8_t *output,
                        void *scratch) {
  const int8_t *end = input + op->input_length, *output_end = output + 2 * op->output_length;
  (void)scratch;
  do {
    int32_t smallest = *input++, largest = smallest;
    for (int32_t left = op->pool - 1; left != 0 && input != end; left--) {
      const int32_t value = *input++;
      smallest = value < smallest ? value : smallest;
      largest = value > largest ? value : largest;
    }
    output[0] = (int8_t)smallest;
    output[1] = (int8_t)largest;
    output += 2;
  } while (output != output_end);
}
