#include "spl_lstm_s8.h"

#include "spl_columns.h"
#include "spl_dot.h"
#include "spl_fixed_point.h"
#include "spl_nonlinear.h"
#include "spl_rows.h"

#include <stddef.h>

enum { INPUT_GATE, FORGET_GATE, CELL_GATE, OUTPUT_GATE, GATES = SPL_ROWS };

/* The forget gate's Q0.15. */
enum { FORGET_SHIFT = 15, FORGET_HALF = (1 << (FORGET_SHIFT - 1)) + 1 };

/* Sums of one gate that are shifted to the left, as few gates want them. */
static SPL_OUT_OF_LINE void raise_sums(int32_t *sums, int32_t count, int32_t shift) {
  for (int32_t i = 0; shift > 0 && i < count; i += GATES) {
    sums[i] *= 1 << shift;
  }
}

/* Twice a sum in Q3.12, its multiplier's 2^-31 and a shift to the right of 0 or more behind it. */
static inline int32_t gate_sum(int32_t twice, int32_t multiplier, int32_t shift) {
  const int32_t product = 2 * spl_multiply_high(twice, multiplier) + (1 << shift) + (twice >> 31);
  return spl_halve_to_s16(product >> shift);
}

/* Writes a gate; returns where the next cell's is. GCC does not find the addressing mode. */
static inline int32_t *store_gate(int32_t *sums, int32_t gate) {
#if defined(__ARM_FEATURE_DSP)
  __asm__("str %2, [%0], #16" : "+r"(sums), "=m"(*sums) : "r"(gate));
  return sums;
#else
  *sums = gate;
  return sums + GATES;
#endif
}

/* One gate of all cells, from its sums over input and hidden state; takes the former's place. */
static inline void open_gate(const spl_lstm_gate_t *gate, int32_t to_hidden, int32_t is_cell_gate,
                             int32_t *sums) {
  const int32_t input_multiplier = gate->input_multiplier, input_shift = gate->input_shift,
                hidden_multiplier = gate->hidden_multiplier, hidden_shift = gate->hidden_shift;
  if ((input_shift | hidden_shift) < 0) {
    raise_sums(sums, to_hidden, -input_shift);
    raise_sums(sums + to_hidden, to_hidden, -hidden_shift);
  }
  const int32_t input_right = input_shift < 0 ? 0 : input_shift,
                hidden_right = hidden_shift < 0 ? 0 : hidden_shift;
  const int32_t *end = sums + to_hidden;
  do {
    const int32_t input = gate_sum(sums[0], input_multiplier, input_right);
    const int32_t hidden = gate_sum(sums[to_hidden], hidden_multiplier, hidden_right);
    const int32_t x3 = 3 * spl_saturate_s16(input + hidden);
    sums = store_gate(sums, is_cell_gate != 0 ? spl_tanh_s16(x3) : spl_sigmoid_s16(x3));
  } while (sums != end);
}

static SPL_OUT_OF_LINE void open_cell_gate(const spl_lstm_gate_t *gate, int32_t to_hidden,
                                           int32_t *sums) {
  open_gate(gate, to_hidden, 1, sums);
}

static SPL_OUT_OF_LINE void open_other_gate(const spl_lstm_gate_t *gate, int32_t to_hidden,
                                            int32_t *sums) {
  open_gate(gate, to_hidden, 0, sums);
}

/* x / 2^shift, first to halves rounded up, then with halves away from zero; half: 2^shift / 2 + 1. */
static inline int32_t scale_down(int32_t x, int32_t half, int32_t shift) {
  return (x + 2 * (x >> 31) + half) >> shift;
}

/* Cell states and outputs of all cells from their gates. */
static void update_cells(const spl_lstm_s8_t *op, const int32_t *gates, int16_t *state,
                         int16_t *hidden, int8_t *output) {
  const int32_t lowest = -op->cell_clip, highest = op->cell_clip - (op->cell_clip >> 15);
  for (const int8_t *end = output + op->cells; output != end; gates += GATES) {
    const int32_t kept = scale_down(gates[FORGET_GATE] * *state, FORGET_HALF, FORGET_SHIFT);
    const int32_t added =
        scale_down(gates[INPUT_GATE] * gates[CELL_GATE], op->update_half, op->update_shift);
    const int32_t cell = spl_clamp(kept + spl_saturate_s16(added), lowest, highest);
    *state++ = (int16_t)cell;
    const int32_t x3 = (cell * op->tanh_multiplier + op->tanh_half) >> op->tanh_shift;
    const int32_t value =
        spl_requantize_s8(2 * spl_tanh_s16(x3) * gates[OUTPUT_GATE], op->hidden_multiplier,
                          op->hidden_shift, op->hidden_offset);
    *hidden++ = (int16_t)(2 * (value - op->hidden_zero_point));
    *output++ = (int8_t)value;
  }
}

/* One step from its sums over the input, behind which stand those over the hidden state. */
static SPL_INLINE void finish_step(const spl_lstm_s8_t *op, int32_t *sums, int16_t *state,
                                   int16_t *hidden, int8_t *output) {
  const int32_t count = op->cells * GATES;
  open_other_gate(op->gates + INPUT_GATE, count, sums + INPUT_GATE);
  open_other_gate(op->gates + FORGET_GATE, count, sums + FORGET_GATE);
  open_cell_gate(op->gates + CELL_GATE, count, sums + CELL_GATE);
  open_other_gate(op->gates + OUTPUT_GATE, count, sums + OUTPUT_GATE);
  update_cells(op, sums, state, hidden, output);
}

static SPL_INLINE void clear(int16_t *from, const int16_t *to) {
  while (from != to) {
    *from++ = 0;
  }
}

void spl_lstm_s8(const spl_lstm_s8_t *op, const int8_t *input, int8_t *output, void *scratch) {
  const int32_t cells = op->cells, input_row = spl_round_up(op->inputs),
                hidden_row = spl_round_up(cells);
  int32_t *from_input = (int32_t *)scratch;
  int32_t *from_hidden = from_input + cells * GATES;
  int16_t *hidden = (int16_t *)(from_hidden + cells * GATES);
  int16_t *state = hidden + hidden_row;
  int16_t *x = state + hidden_row;
  clear(hidden, x);
  for (int32_t step = 0; step < op->steps; step++) {
    spl_widen_s8(input, op->inputs, x, 0);
    spl_dot_rows(op->input_weights, x, input_row, op->bias, from_input, cells);
    spl_dot_rows(op->hidden_weights, hidden, hidden_row, NULL, from_hidden, cells);
    finish_step(op, from_input, state, hidden, output);
    input += op->inputs;
    output += op->output_step;
  }
}

void spl_lstm_s8_in_batches(const spl_lstm_s8_t *op, const int8_t *input, int8_t *output,
                            void *scratch) {
  const int32_t cells = op->cells, count = cells * GATES, input_row = spl_round_up(op->inputs),
                hidden_row = spl_round_up(cells);
  int32_t *sums = (int32_t *)scratch;
  int32_t *behind = sums + SPL_COLUMNS * count;
  /* Columns are no longer needed when the first step's sums over the hidden state take their place. */
  int16_t *x = (int16_t *)behind;
  const int32_t room = SPL_COLUMNS * input_row > 2 * count ? SPL_COLUMNS * input_row : 2 * count;
  int16_t *hidden = x + room, *state = hidden + hidden_row, *weights = state + hidden_row;
  clear(hidden, weights);
  spl_widen_rows(op->hidden_weights, count * hidden_row, weights);
  int32_t left = op->steps;
  do {
    for (int32_t i = 0; i < SPL_COLUMNS && i < left; i++, input += op->inputs) {
      spl_widen_s8(input, op->inputs, x + i * SPL_GROUP, (SPL_COLUMNS - 1) * SPL_GROUP);
    }
    spl_columns_sums(op->input_weights, op->bias, input_row, count, x, sums);
    for (int32_t *of_step = behind - count; of_step >= sums && left > 0; of_step -= count, left--) {
      spl_dot_wide_rows(weights, hidden, hidden_row, of_step + count, cells);
      finish_step(op, of_step, state, hidden, output);
      output += op->output_step;
    }
  } while (left > 0);
}
