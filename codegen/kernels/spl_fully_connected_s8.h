#ifndef SPL_FULLY_CONNECTED_S8_H
#define SPL_FULLY_CONNECTED_S8_H

#include <stdint.h>

/* A fully connected layer, or a convolution with one point and no padding. */
typedef struct {
  int32_t points; /* rows of the input */
  int32_t inputs;
  int32_t outputs;
  int32_t output_offset; /* twice the output's zero point plus 1 */
  const int8_t *weights; /* [outputs][inputs], rows as in spl_dot.h */
  const int32_t *bias; /* [outputs], of twice the sum, input zero point taken off */
  const int32_t *multipliers; /* [outputs], as in spl_fixed_point.h */
  const int8_t *shifts; /* [outputs] */
} spl_fully_connected_s8_t;

/*
 * input: int8 [points][inputs]; output: int8 [points][outputs], may be the input where outputs <=
 * inputs. scratch: word aligned, int16 [A] with A = inputs rounded up to 4.
 */
void spl_fully_connected_s8(const spl_fully_connected_s8_t *op, const int8_t *input, int8_t *output,
                            void *scratch);

#endif
