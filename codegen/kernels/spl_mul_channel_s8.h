#ifndef SPL_MUL_CHANNEL_S8_H
#define SPL_MUL_CHANNEL_S8_H

#include <stdint.h>

/* Every point times one constant a channel. */
typedef struct {
  int32_t length;
  int32_t channels;
  int32_t input_zero_point;
  int32_t output_offset; /* twice the zero point plus 1 */
  int32_t multiplier; /* as in spl_fixed_point.h */
  int32_t shift;
  int32_t output_min;
  int32_t output_max;
  const int16_t *factors; /* [channels], twice each, zero point taken off */
} spl_mul_channel_s8_t;

/* input, output: int8 [length][channels], may be the same. No scratch. */
void spl_mul_channel_s8(const spl_mul_channel_s8_t *op, const int8_t *input, int8_t *output,
                        void *scratch);

#endif
