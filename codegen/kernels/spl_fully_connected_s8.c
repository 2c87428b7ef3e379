#include "spl_fully_connected_s8.h"

#include "spl_dot.h"
#include "spl_fixed_point.h"

void spl_fully_connected_s8(const spl_fully_connected_s8_t *op, const int8_t *input, int8_t *output,
                            void *scratch) {
  const int32_t row = spl_round_up(op->inputs);
  for (int32_t i = 0; i < op->points; i++, input += op->inputs) {
    const int8_t *weights = op->weights;
    spl_widen_s8(input, op->inputs, (int16_t *)scratch, 0);
    for (int32_t j = 0; j < op->outputs; j++, weights += row) {
      const int32_t sum = spl_dot_s8(weights, (const int16_t *)scratch, row, op->bias[j]);
      *output++ = spl_requantize_s8(sum, op->multipliers[j], op->shifts[j], op->output_offset);
    }
  }
}
