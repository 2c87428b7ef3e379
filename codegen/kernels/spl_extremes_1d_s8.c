#include "spl_extremes_1d_s8.h"

void spl_extremes_1d_s8(const spl_extremes_1d_s8_t *op, const int8_t *input, int8_t *output,
                        void *scratch) {
  const int8_t *input_end = input + op->input_length;
  (void)scratch;
  for (const int8_t *end = output + 2 * op->output_length; output != end; output += 2) {
    const int32_t left = (int32_t)(input_end - input);
    const int8_t *pool_end = input + (left < op->pool ? left : op->pool);
    int8_t smallest = *input, largest = *input;
    while (++input < pool_end) {
      smallest = *input < smallest ? *input : smallest;
      largest = *input > largest ? *input : largest;
    }
    output[0] = smallest;
    output[1] = largest;
  }
}
