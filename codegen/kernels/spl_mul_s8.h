#ifndef SPL_MUL_S8_H
#define SPL_MUL_S8_H

#include <stdint.h>

/* The product of two activations. */
typedef struct {
  int32_t size;
  int32_t first_zero_point;
  int32_t second_zero_point;
  int32_t output_offset; /* twice the zero point plus 1 */
  int32_t multiplier; /* as in spl_fixed_point.h */
  int32_t shift;
  int32_t output_min;
  int32_t output_max;
} spl_mul_s8_t;

/* input, other, output: int8 [size], may be the same. No scratch. */
void spl_mul_s8(const spl_mul_s8_t *op, const int8_t *input, const int8_t *other, int8_t *output,
                void *scratch);

#endif
