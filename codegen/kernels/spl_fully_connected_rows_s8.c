#include "spl_fully_connected_rows_s8.h"

#include "spl_dot.h"
#include "spl_fixed_point.h"
#include "spl_rows.h"

void spl_fully_connected_rows_s8(const spl_fully_connected_rows_s8_t *op, const int8_t *input,
                                 int8_t *output, void *scratch) {
  const int32_t row = spl_round_up(op->inputs);
  for (int32_t i = 0; i < op->points; i++, input += op->inputs) {
    const int8_t *weights = op->weights;
    spl_widen_s8(input, op->inputs, scratch, 0);
    for (int32_t j = 0; j < op->outputs; j += SPL_ROWS, weights += SPL_ROWS * row) {
      int32_t sums[SPL_ROWS];
      spl_dot_rows(weights, scratch, row, op->bias + j, sums, 1);
      for (int32_t k = j; k < j + SPL_ROWS && k < op->outputs; k++) {
        *output++ =
            spl_requantize_s8(sums[k - j], op->multipliers[k], op->shifts[k], op->output_offset);
      }
    }
  }
}
