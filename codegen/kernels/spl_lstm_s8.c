#include "spl_lstm_s8.h"

#include "spl_dot.h"
#include "spl_fixed_point.h"
#include "spl_nonlinear.h"

enum { INPUT_GATE, FORGET_GATE, CELL_GATE, OUTPUT_GATE, GATES = SPL_LSTM_GATES };

/* Adds the products of the rows of all gates of one cell, group by group, with x. */
static inline const int8_t *dot_gates(const int8_t *weights, const int16_t *x, int32_t row,
                                      int32_t sums[GATES]) {
#if defined(__ARM_FEATURE_DSP)
  int32_t sum0 = sums[0], sum1 = sums[1], sum2 = sums[2], sum3 = sums[3];
  for (const int16_t *end = x + row; x != end; weights += GATES * SPL_GROUP) {
    const uint32_t bytes0 = spl_load_word(weights), bytes1 = spl_load_word(weights + SPL_GROUP),
                   bytes2 = spl_load_word(weights + 2 * SPL_GROUP),
                   bytes3 = spl_load_word(weights + 3 * SPL_GROUP);
    int16x2_t even, odd;
    x = spl_load_pairs(x, &even, &odd);
    sum0 = __smlad(spl_odd(bytes0), odd, __smlad(spl_even(bytes0), even, sum0));
    sum1 = __smlad(spl_odd(bytes1), odd, __smlad(spl_even(bytes1), even, sum1));
    sum2 = __smlad(spl_odd(bytes2), odd, __smlad(spl_even(bytes2), even, sum2));
    sum3 = __smlad(spl_odd(bytes3), odd, __smlad(spl_even(bytes3), even, sum3));
  }
  sums[0] = sum0;
  sums[1] = sum1;
  sums[2] = sum2;
  sums[3] = sum3;
#else
  for (const int16_t *end = x + row; x != end; x += SPL_GROUP) {
    for (int32_t gate = 0; gate < GATES; gate++) {
      for (int32_t i = 0; i < SPL_GROUP; i++) {
        sums[gate] += *weights++ * x[i];
      }
    }
  }
#endif
  return weights;
}

/* The nonlinear outputs of all gates of one cell from their sums over input and hidden state. */
static inline void open_gates(const spl_lstm_s8_t *op, const int32_t from_input[GATES],
                              const int32_t from_hidden[GATES], int32_t gates[GATES]) {
  const spl_lstm_gate_t *gate = op->gates;
  for (int32_t i = 0; i < GATES; i++, gate++) {
    const int32_t input = spl_halve_to_s16(
        spl_rescale_twice(from_input[i], gate->input_multiplier, gate->input_shift) + 1);
    const int32_t hidden = spl_halve_to_s16(
        spl_rescale_twice(from_hidden[i], gate->hidden_multiplier, gate->hidden_shift) + 1);
    const int32_t x3 = 3 * spl_saturate_s16(input + hidden);
    gates[i] = i == CELL_GATE ? spl_tanh_s16(x3) : spl_sigmoid_s16(x3);
  }
}

/* round(round(x / 2) / 2^(shift + 1)) in int16, the second time with halves away from zero. */
static inline int32_t scale_down(int32_t x, int32_t shift) {
  return spl_halve_to_s16(spl_shift_twice((x + 1) >> 1, shift) + 1);
}

/* The new cell state of one cell from its gates. */
static inline int32_t update_cell(const spl_lstm_s8_t *op, int32_t cell,
                                  const int32_t gates[GATES]) {
  const int32_t kept = scale_down(gates[FORGET_GATE] * cell, 13);
  const int32_t added = scale_down(gates[INPUT_GATE] * gates[CELL_GATE], op->update_shift);
  const int32_t updated = spl_saturate_s16(kept + added);
  return op->cell_clip > 0 ? spl_clamp(updated, -op->cell_clip, op->cell_clip) : updated;
}

/* The new hidden state of one cell. */
static inline int8_t update_hidden(const spl_lstm_s8_t *op, int32_t cell, int32_t gate) {
  const int32_t x3 = (cell * op->tanh_multiplier + op->tanh_half) >> op->tanh_shift;
  return spl_requantize_s8(2 * spl_tanh_s16(x3) * gate, op->hidden_multiplier, op->hidden_shift,
                           op->hidden_offset);
}

void spl_lstm_s8(const spl_lstm_s8_t *op, const int8_t *input, int8_t *output, void *scratch) {
  const int32_t cells = op->cells, input_row = spl_round_up(op->inputs),
                hidden_row = spl_round_up(cells);
  int16_t *hidden = scratch;
  int16_t *cell_state = hidden + hidden_row;
  int16_t *x = cell_state + hidden_row;
  memset(hidden, 0, (size_t)(2 * hidden_row) * sizeof *hidden);
  for (int32_t step = 0; step < op->steps; step++) {
    spl_widen_s8(input, op->inputs, x, SPL_GROUP);
    const int8_t *input_weights = op->input_weights, *hidden_weights = op->hidden_weights;
    const int32_t *bias = op->bias;
    for (int32_t cell = 0; cell < cells; cell++) {
      int32_t from_input[GATES], from_hidden[GATES] = {0}, gates[GATES];
      memcpy(from_input, bias, sizeof from_input);
      bias += GATES;
      input_weights = dot_gates(input_weights, x, input_row, from_input);
      hidden_weights = dot_gates(hidden_weights, hidden, hidden_row, from_hidden);
      open_gates(op, from_input, from_hidden, gates);
      const int32_t state = update_cell(op, cell_state[cell], gates);
      cell_state[cell] = (int16_t)state;
      output[cell] = update_hidden(op, state, gates[OUTPUT_GATE]);
    }
    spl_widen_s8(output, cells, hidden, SPL_GROUP);
    for (int32_t i = 0; i < hidden_row; i++) {
      hidden[i] = (int16_t)(hidden[i] - 2 * op->hidden_zero_point);
    }
    input += op->inputs;
    output += cells;
  }
}
