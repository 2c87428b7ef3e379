#include "spl_lstm_s8.h"

#include "spl_dot.h"
#include "spl_fixed_point.h"
#include "spl_nonlinear.h"

enum { INPUT_GATE, FORGET_GATE, CELL_GATE, OUTPUT_GATE };

/* The nonlinear output of one gate for every cell, from the widened input x and hidden state h. */
static void compute_gate(const spl_lstm_s8_t *op, int32_t gate, const int16_t *x, const int16_t *h,
                         int16_t *output) {
  for (int32_t cell = 0; cell < op->cells; cell++) {
    const int32_t row = gate * op->cells + cell;
    const int32_t from_input =
        spl_dot_s8(op->input_weights + row * op->inputs, x, op->inputs, op->bias[row]);
    const int32_t from_hidden =
        spl_dot_s8(op->recurrent_weights + row * op->cells, h, op->cells, 0);
    const int32_t sum = spl_saturate16(spl_requantize(from_input, op->input_multipliers[gate],
                                                      op->input_shifts[gate])) +
                        spl_saturate16(spl_requantize(from_hidden, op->recurrent_multipliers[gate],
                                                      op->recurrent_shifts[gate]));
    const int32_t x3 = 3 * spl_saturate16(sum);
    output[cell] = gate == CELL_GATE ? spl_tanh_s16(x3) : spl_sigmoid_s16(x3);
  }
}

/* The new cell state of one cell from its gates. */
static int16_t update_cell(const spl_lstm_s8_t *op, int32_t cell, int32_t input, int32_t forget,
                           int32_t candidate) {
  const int32_t kept =
      spl_saturate16(spl_requantize(forget * cell, op->forget_multiplier, op->forget_shift));
  const int32_t added =
      spl_saturate16(spl_requantize(input * candidate, op->update_multiplier, op->update_shift));
  const int32_t updated = spl_saturate16(kept + added);
  return (int16_t)(op->cell_clip > 0 ? spl_clamp(updated, -op->cell_clip, op->cell_clip) : updated);
}

/* The new hidden state of one cell. */
static int8_t update_hidden(const spl_lstm_s8_t *op, int32_t cell, int32_t gate) {
  const int32_t half = (int32_t)((1U << op->tanh_shift) >> 1);
  const int32_t squashed = spl_tanh_s16((cell * op->tanh_multiplier + half) >> op->tanh_shift);
  return spl_requantize_s8(squashed * gate, op->hidden_multiplier, op->hidden_shift,
                           op->hidden_zero_point, INT8_MIN, INT8_MAX);
}

void spl_lstm_s8(const spl_lstm_s8_t *op, const int8_t *input, int8_t *output, void *scratch) {
  const int32_t cells = op->cells;
  int16_t *gates = scratch; /* [gates][cells] */
  int16_t *cell_state = gates + SPL_LSTM_GATES * cells;
  int16_t *h = cell_state + cells;
  int16_t *x = h + cells;
  memset(cell_state, 0, (size_t)(2 * cells) * sizeof *cell_state);
  for (int32_t step = 0; step < op->steps; step++) {
    spl_widen_s8(input + step * op->inputs, x, op->inputs, op->input_zero_point);
    for (int32_t gate = 0; gate < SPL_LSTM_GATES; gate++) {
      compute_gate(op, gate, x, h, gates + gate * cells);
    }
    int8_t *hidden = output + step * cells;
    for (int32_t i = 0; i < cells; i++) {
      cell_state[i] = update_cell(op, cell_state[i], gates[INPUT_GATE * cells + i],
                                  gates[FORGET_GATE * cells + i], gates[CELL_GATE * cells + i]);
      hidden[i] = update_hidden(op, cell_state[i], gates[OUTPUT_GATE * cells + i]);
    }
    spl_widen_s8(hidden, h, cells, op->hidden_zero_point);
  }
}
