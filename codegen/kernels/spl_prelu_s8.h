#ifndef SPL_PRELU_S8_H
#define SPL_PRELU_S8_H

#include <stdint.h>

/* Every point where it is not negative, else the point times one constant a channel. */
typedef struct {
  int32_t length;
  int32_t channels;
  int32_t input_zero_point;
  int32_t output_offset; /* twice the zero point plus 1 */
  int32_t above_multiplier; /* as in spl_fixed_point.h */
  int32_t above_shift;
  int32_t below_multiplier; /* of the product with the constant */
  int32_t below_shift;
  const int16_t *alphas; /* [channels], twice each, zero point taken off */
} spl_prelu_s8_t;

/* input, output: int8 [length][channels], may be the same. No scratch. */
void spl_prelu_s8(const spl_prelu_s8_t *op, const int8_t *input, int8_t *output, void *scratch);

#endif
