#ifndef SPL_LSTM_S8_H
#define SPL_LSTM_S8_H

#include <stdint.h>

/* How the sums of one gate become Q3.12: multiplier * 2^-(31 + shift), also to the left. */
typedef struct {
  int32_t input_multiplier;
  int32_t input_shift;
  int32_t hidden_multiplier;
  int32_t hidden_shift;
} spl_lstm_gate_t;

/*
 * A long short-term memory layer: int8 in and out, int16 cell state, state zero at the start.
 * Gates in the order input, forget, cell, output. Gate sums are Q3.12, gates Q0.15.
 */
typedef struct {
  int32_t steps;
  int32_t inputs;
  int32_t cells;
  int32_t hidden_zero_point;
  int32_t output_step; /* cells, or 0 where only the last step is kept */
  int32_t update_shift; /* input gate * cell gate -> cell: times 2^-shift */
  int32_t update_half; /* half of 2^update_shift, and 1 */
  int32_t hidden_multiplier; /* output gate * tanh(cell) -> hidden */
  int32_t hidden_shift;
  int32_t hidden_offset; /* twice the zero point plus 1 */
  int32_t tanh_multiplier; /* cell -> three times Q3.12, the shift as it stands */
  int32_t tanh_half; /* half of 2^tanh_shift */
  int32_t tanh_shift;
  int32_t cell_clip; /* largest magnitude of the cell state; 32768 stands for none */
  const spl_lstm_gate_t *gates; /* [gates] */
  const int32_t *bias; /* [cells][gates], of twice the sum, input zero point taken off */
  const int8_t *input_weights; /* [cells] times four gates, rows as in spl_rows.h */
  const int8_t *hidden_weights; /* the same, of the hidden state */
} spl_lstm_s8_t;

/*
 * input: int8 [steps][inputs]; output: int8 [steps][cells], may be the input where there are no
 * more cells than inputs. scratch: word aligned, int32 [2][cells][gates], then int16 [A + 2 B] with
 * A = inputs and B = cells, each rounded up to 4.
 */
void spl_lstm_s8(const spl_lstm_s8_t *op, const int8_t *input, int8_t *output, void *scratch);

/*
 * The same in fewer instructions and with more scratch: the input's sums of SPL_COLUMNS steps at once,
 * input_weights as int8 [cells][gates][A], and the hidden state's weights widened. scratch: word
 * aligned, int32 [SPL_COLUMNS][cells][gates]; the larger of int32 [cells][gates] and int16
 * [SPL_COLUMNS][A]; int16 [2 B]; int16 [cells][gates][B].
 */
void spl_lstm_s8_in_batches(const spl_lstm_s8_t *op, const int8_t *input, int8_t *output,
                            void *scratch);

#endif
