#include "spl_lstm_s8.h"

#include "spl_dot.h"
#include "spl_fixed_point.h"
#include "spl_nonlinear.h"

enum { INPUT_GATE, FORGET_GATE, CELL_GATE, OUTPUT_GATE };

/* Adds to the sums of all gates of one cell the products of their rows, one behind the other, with
 * x. */
static inline void dot_gates(const int8_t *weights, const int16_t *x, int32_t row,
                             int32_t sums[SPL_LSTM_GATES]) {
  for (int32_t gate = 0; gate < SPL_LSTM_GATES; gate++) {
    sums[gate] = spl_dot_s8(weights + gate * row, x, row, sums[gate]);
  }
}

/* The new cell state of one cell from its gates. */
static int16_t update_cell(const spl_lstm_s8_t *restrict op, int32_t cell,
                           const int16_t gates[SPL_LSTM_GATES]) {
  const int32_t kept = spl_saturate16(
      spl_requantize(gates[FORGET_GATE] * cell, op->forget_multiplier, op->forget_shift));
  const int32_t added = spl_saturate16(spl_requantize(gates[INPUT_GATE] * gates[CELL_GATE],
                                                      op->update_multiplier, op->update_shift));
  const int32_t updated = spl_saturate16(kept + added);
  return (int16_t)(op->cell_clip > 0 ? spl_clamp(updated, -op->cell_clip, op->cell_clip) : updated);
}

/* The new hidden state of one cell. */
static int8_t update_hidden(const spl_lstm_s8_t *restrict op, int32_t cell, int32_t gate) {
  const int32_t half = (int32_t)((1U << op->tanh_shift) >> 1);
  const int32_t squashed = spl_tanh_s16((cell * op->tanh_multiplier + half) >> op->tanh_shift);
  return spl_requantize_s8(squashed * gate, op->hidden_multiplier, op->hidden_shift,
                           op->hidden_zero_point, INT8_MIN, INT8_MAX);
}

/* The nonlinear outputs of all gates of one cell, from the widened input x and hidden state h. */
static void compute_gates(const spl_lstm_s8_t *restrict op, int32_t cell, const int16_t *x, const int16_t *h,
                          int16_t gates[SPL_LSTM_GATES]) {
  const int32_t input_row = spl_round_up(op->inputs), hidden_row = spl_round_up(op->cells);
  const int32_t first = cell * SPL_LSTM_GATES;
  int32_t from_input[SPL_LSTM_GATES], from_hidden[SPL_LSTM_GATES] = {0};
  memcpy(from_input, op->bias + first, sizeof from_input);
  dot_gates(op->input_weights + first * input_row, x, input_row, from_input);
  dot_gates(op->recurrent_weights + first * hidden_row, h, hidden_row, from_hidden);
  for (int32_t gate = 0; gate < SPL_LSTM_GATES; gate++) {
    const int32_t sum =
        spl_saturate16(
            spl_requantize(from_input[gate], op->input_multipliers[gate], op->input_shifts[gate])) +
        spl_saturate16(spl_requantize(from_hidden[gate], op->recurrent_multipliers[gate],
                                      op->recurrent_shifts[gate]));
    const int32_t x3 = 3 * spl_saturate16(sum);
    gates[gate] = gate == CELL_GATE ? spl_tanh_s16(x3) : spl_sigmoid_s16(x3);
  }
}

void spl_lstm_s8(const spl_lstm_s8_t *restrict op, const int8_t *input, int8_t *output, void *scratch) {
  const int32_t cells = op->cells, hidden_row = spl_round_up(cells);
  int16_t *h = scratch;
  int16_t *cell_state = h + hidden_row;
  int16_t *x = cell_state + hidden_row;
  memset(h, 0, (size_t)(2 * hidden_row) * sizeof *h);
  for (int32_t step = 0; step < op->steps; step++) {
    spl_widen_s8(input, x, op->inputs, op->input_zero_point);
    input += op->inputs;
    for (int32_t cell = 0; cell < cells; cell++) {
      int16_t gates[SPL_LSTM_GATES];
      compute_gates(op, cell, x, h, gates);
      cell_state[cell] = update_cell(op, cell_state[cell], gates);
      output[cell] = update_hidden(op, cell_state[cell], gates[OUTPUT_GATE]);
    }
    spl_widen_s8(output, h, cells, op->hidden_zero_point);
    output += cells;
  }
}
