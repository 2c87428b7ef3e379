#ifndef SPL_FULLY_CONNECTED_S8_H
#define SPL_FULLY_CONNECTED_S8_H

#include <stdint.h>

/* output = weights * input + bias. */
typedef struct {
  int32_t inputs;
  int32_t outputs;
  int32_t input_zero_point;
  int32_t output_zero_point;
  int32_t output_min;
  int32_t output_max;
  const int8_t *weights;      /* [outputs][inputs], rows as in spl_dot.h */
  const int32_t *bias;        /* [outputs] */
  const int32_t *multipliers; /* [outputs], 2^30 to 2^31 - 1 */
  const int8_t *shifts;       /* [outputs], to the right */
} spl_fully_connected_s8_t;

/* input: int8 [inputs]; output: int8 [outputs]; scratch: word aligned, int16 [inputs rounded up to
 * 4]. */
void spl_fully_connected_s8(const spl_fully_connected_s8_t *op, const int8_t *input, int8_t *output,
                            void *scratch);

#endif
