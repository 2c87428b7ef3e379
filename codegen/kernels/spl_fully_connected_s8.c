#include "spl_fully_connected_s8.h"

#include "spl_dot.h"
#include "spl_fixed_point.h"

void spl_fully_connected_s8(const spl_fully_connected_s8_t *restrict op, const int8_t *input, int8_t *output,
                            void *scratch) {
  const int32_t row = spl_round_up(op->inputs);
  int16_t *widened = scratch;
  spl_widen_s8(input, widened, op->inputs, op->input_zero_point);
  for (int32_t i = 0; i < op->outputs; i++) {
    const int32_t sum = spl_dot_s8(op->weights + i * row, widened, row, op->bias[i]);
    output[i] = spl_requantize_s8(sum, op->multipliers[i], op->shifts[i], op->output_zero_point,
                                  op->output_min, op->output_max);
  }
}
