#include "spl_lstm_s8.h"

#include "spl_dot.h"
#include "spl_fixed_point.h"
#include "spl_nonlinear.h"

#include <stddef.h>

enum { INPUT_GATE, FORGET_GATE, CELL_GATE, OUTPUT_GATE, GATES = SPL_LSTM_GATES };

/* The forget gate's Q0.15, less what scale_down() shifts anyway. */
enum { FORGET_SHIFT = 13 };

/*
 * The sums [cells][gates] of every row with x, from the bias on, or from 0 where that is NULL. The
 * rows of the gates of a cell stand group by group, and share the loads of x.
 */
static void dot_cells(const int8_t *weights, const int16_t *x, int32_t row, const int32_t *bias,
                      int32_t *sums, int32_t cells) {
  for (const int32_t *end = sums + cells * GATES; sums != end; sums += GATES) {
    int32_t sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
    if (bias != NULL) {
      sum0 = bias[0], sum1 = bias[1], sum2 = bias[2], sum3 = bias[3];
      bias += GATES;
    }
    const int16_t *at = x;
    for (const int16_t *row_end = x + row; at != row_end;) {
#if defined(__ARM_FEATURE_DSP)
      int16x2_t even, odd;
      uint32_t first, second;
      at = spl_load_pairs(at, &even, &odd);
      weights = spl_load_groups(weights, &first, &second);
      sum0 = spl_dot_pairs(first, even, odd, sum0);
      sum1 = spl_dot_pairs(second, even, odd, sum1);
      weights = spl_load_groups(weights, &first, &second);
      sum2 = spl_dot_pairs(first, even, odd, sum2);
      sum3 = spl_dot_pairs(second, even, odd, sum3);
#else
      for (int32_t i = 0; i < SPL_GROUP; i++, at++) {
        sum0 += weights[i] * *at;
        sum1 += weights[SPL_GROUP + i] * *at;
        sum2 += weights[2 * SPL_GROUP + i] * *at;
        sum3 += weights[3 * SPL_GROUP + i] * *at;
      }
      weights += GATES * SPL_GROUP;
#endif
    }
    sums[0] = sum0;
    sums[1] = sum1;
    sums[2] = sum2;
    sums[3] = sum3;
  }
}

/* The sum of one row in Q3.12; `right` says, for the compiler to know, that no shift is negative. */
static inline int32_t gate_sum(int32_t twice, int32_t multiplier, int32_t shift, int32_t right) {
  const int32_t rescaled = right ? spl_rescale_right(twice, multiplier, shift)
                                 : spl_rescale_twice(twice, multiplier, shift);
  return spl_halve_to_s16(rescaled + 1);
}

static inline void open_cells(const spl_lstm_gate_t *gate, int32_t cells, int32_t is_cell_gate,
                              int32_t *from_input, const int32_t *from_hidden, int32_t right) {
  const int32_t input_multiplier = gate->input_multiplier, input_shift = gate->input_shift,
                hidden_multiplier = gate->hidden_multiplier, hidden_shift = gate->hidden_shift;
  for (const int32_t *end = from_input + cells * GATES; from_input != end; from_input += GATES) {
    const int32_t input = gate_sum(*from_input, input_multiplier, input_shift, right);
    const int32_t hidden = gate_sum(*from_hidden, hidden_multiplier, hidden_shift, right);
    const int32_t x3 = 3 * spl_saturate_s16(input + hidden);
    *from_input = is_cell_gate ? spl_tanh_s16(x3) : spl_sigmoid_s16(x3);
    from_hidden += GATES;
  }
}

/* One gate of all cells, from its sums over input and hidden state; takes the former's place. */
static void open_gate(const spl_lstm_gate_t *gate, int32_t cells, int32_t is_cell_gate,
                      int32_t *from_input, const int32_t *from_hidden) {
  if (gate->input_shift >= 0 && gate->hidden_shift >= 0) {
    open_cells(gate, cells, is_cell_gate, from_input, from_hidden, 1);
  } else {
    open_cells(gate, cells, is_cell_gate, from_input, from_hidden, 0);
  }
}

/* round(round(x / 2) / 2^(shift + 1)) in int16, the second time with halves away from zero. */
static inline int32_t scale_down(int32_t x, int32_t shift) {
  return spl_halve_to_s16(spl_shift_twice((x + 1) >> 1, shift) + 1);
}

/* Cell states and outputs of all cells from their gates. */
static void update_cells(const spl_lstm_s8_t *op, const int32_t *gates, int16_t *state,
                         int8_t *output) {
  const int32_t clip = op->cell_clip;
  for (const int8_t *end = output + op->cells; output != end; gates += GATES, state++) {
    const int32_t kept = scale_down(gates[FORGET_GATE] * *state, FORGET_SHIFT);
    const int32_t added = scale_down(gates[INPUT_GATE] * gates[CELL_GATE], op->update_shift);
    const int32_t cell = spl_clamp(spl_saturate_s16(kept + added), -clip, clip);
    *state = (int16_t)cell;
    const int32_t x3 = (cell * op->tanh_multiplier + op->tanh_half) >> op->tanh_shift;
    *output++ = spl_requantize_s8(2 * spl_tanh_s16(x3) * gates[OUTPUT_GATE], op->hidden_multiplier,
                                  op->hidden_shift, op->hidden_offset);
  }
}

void spl_lstm_s8(const spl_lstm_s8_t *op, const int8_t *input, int8_t *output, void *scratch) {
  const int32_t cells = op->cells, input_row = spl_round_up(op->inputs),
                hidden_row = spl_round_up(cells);
  int32_t *from_input = scratch;
  int32_t *from_hidden = from_input + cells * GATES;
  int16_t *hidden = (int16_t *)(from_hidden + cells * GATES);
  int16_t *state = hidden + hidden_row;
  int16_t *x = state + hidden_row;
  for (int32_t i = 0; i < 2 * hidden_row; i++) {
    hidden[i] = 0;
  }
  for (int32_t step = 0; step < op->steps; step++) {
    spl_widen_s8(input, op->inputs, x, 0);
    dot_cells(op->input_weights, x, input_row, op->bias, from_input, cells);
    dot_cells(op->hidden_weights, hidden, hidden_row, NULL, from_hidden, cells);
    for (int32_t gate = 0; gate < GATES; gate++) {
      open_gate(op->gates + gate, cells, gate == CELL_GATE, from_input + gate, from_hidden + gate);
    }
    update_cells(op, from_input, state, output);
    spl_widen_s8(output, cells, hidden, 0);
    for (int32_t i = 0; i < hidden_row; i++) {
      hidden[i] = (int16_t)(hidden[i] - 2 * op->hidden_zero_point);
    }
    input += op->inputs;
    output += cells;
  }
}
