#ifndef SPL_SOFTMAX_S8_H
#define SPL_SOFTMAX_S8_H

#include <stdint.h>

/* exp(x) / the sum of exp(x) over a row; output scale 1/256, zero point -128. */
typedef struct {
  int32_t rows;
  int32_t depth; /* values of a row, at most 511 */
  const int32_t *exps; /* [256], exp of minus so many input steps, Q0.31 */
} spl_softmax_s8_t;

/* input, output: int8 [rows][depth], may be the same. No scratch. */
void spl_softmax_s8(const spl_softmax_s8_t *op, const int8_t *input, int8_t *output, void *scratch);

#endif
