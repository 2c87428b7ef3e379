#include "spl_fully_connected_rows_s8.h"

#include "spl_dot.h"
#include "spl_fixed_point.h"
#include "spl_rows.h"

void spl_fully_connected_rows_s8(const spl_fully_connected_rows_s8_t *op, const int8_t *input,
                                 int8_t *output, void *scratch) {
  const int32_t row = spl_round_up(op->inputs);
  for (int32_t i = 0; i < op->points; i++, input += op->inputs) {
    const int8_t *weights = op->weights;
    spl_widen_s8(input, op->inputs, (int16_t *)scratch, 0);
    for (int32_t j = 0; j < op->outputs; j += SPL_ROWS, weights += SPL_ROWS * row) {
      int32_t sums[SPL_ROWS];
      spl_dot_rows(weights, (const int16_t *)scratch, row, op->bias + j, sums, 1);
      for (int32_t k = j; k < j + SPL_ROWS && k < op->outputs; k++) {
        *output++ =
            spl_requantize_s8(sums[k - j], op->multipliers[k], op->shifts[k], op->output_offset);
      }
    }
  }
}

void spl_fully_connected_rows_s8_in_chunks(const spl_fully_connected_rows_s8_t *op,
                                           const int8_t *input, int8_t *output, void *scratch) {
  const int32_t row = spl_round_up(op->inputs);
  int16_t *x = (int16_t *)scratch;
  int32_t *sums = (int32_t *)(void *)(x + SPL_ROWS_CHUNK);
  for (int32_t i = 0; i < op->points; i++, input += op->inputs) {
    const int32_t *addends = op->bias;
    for (int32_t start = 0; start < op->inputs; start += SPL_ROWS_CHUNK) {
      const int32_t left = op->inputs - start;
      const int32_t count = left < SPL_ROWS_CHUNK ? left : SPL_ROWS_CHUNK;
      const int8_t *weights = op->weights + SPL_ROWS * start;
      spl_widen_s8(input + start, count, x, 0);
      for (int32_t j = 0; j < op->outputs; j += SPL_ROWS, weights += SPL_ROWS * row) {
        spl_dot_rows(weights, x, spl_round_up(count), addends + j, sums + j, 1);
      }
      addends = sums;
    }
    for (int32_t j = 0; j < op->outputs; j++) {
      *output++ = spl_requantize_s8(sums[j], op->multipliers[j], op->shifts[j], op->output_offset);
    }
  }
}
