#ifndef SPL_LSTM_S8_H
#define SPL_LSTM_S8_H

#include <stdint.h>

/*
 * A long short-term memory layer: int8 in and out, int16 cell state, state zero at the start.
 * Gates in the order input, forget, cell, output. Gate sums are Q3.12, gates Q0.15.
 */
enum { SPL_LSTM_GATES = 4 };

typedef struct {
  int32_t steps;
  int32_t inputs;
  int32_t cells;
  int32_t input_zero_point;
  int32_t hidden_zero_point;
  int32_t forget_multiplier; /* forget gate * cell -> cell */
  int32_t forget_shift;
  int32_t update_multiplier; /* input gate * cell gate -> cell */
  int32_t update_shift;
  int32_t hidden_multiplier; /* output gate * tanh(cell) -> hidden */
  int32_t hidden_shift;
  int32_t tanh_multiplier; /* cell -> three times Q3.12 */
  int32_t tanh_shift;
  int32_t cell_clip;                    /* largest magnitude of the cell state, 0 for none */
  const int32_t *bias;                  /* [cells][gates] */
  const int8_t *input_weights;          /* [cells][gates][inputs], rows as in spl_dot.h */
  const int32_t *input_multipliers;     /* [gates], 2^30 to 2^31 - 1 */
  const int8_t *input_shifts;           /* [gates], to the right */
  const int8_t *recurrent_weights;      /* [cells][gates][cells], rows as in spl_dot.h */
  const int32_t *recurrent_multipliers; /* [gates] */
  const int8_t *recurrent_shifts;       /* [gates] */
} spl_lstm_s8_t;

/*
 * input: int8 [steps][inputs]; output: int8 [steps][cells], may be the input where there are no
 * more cells than inputs. scratch: word aligned, int16 [A + 2 B] with A = inputs and B = cells,
 * each rounded up to 4.
 */
void spl_lstm_s8(const spl_lstm_s8_t *op, const int8_t *input, int8_t *output, void *scratch);

#endif
