#ifndef SPL_ADD_S8_H
#define SPL_ADD_S8_H

#include <stdint.h>

/* The sum or the difference of two activations, at twice the larger scale and raised. */
typedef struct {
  int32_t size;
  int32_t sign; /* of the second: 1 or -1 */
  int32_t first_zero_point;
  int32_t second_zero_point;
  int32_t output_offset; /* twice the zero point plus 1 */
  int32_t twice_raised; /* twice what an input is raised by */
  int32_t first_multiplier; /* as in spl_fixed_point.h */
  int32_t first_shift;
  int32_t second_multiplier;
  int32_t second_shift;
  int32_t output_multiplier;
  int32_t output_shift;
  int32_t output_min;
  int32_t output_max;
} spl_add_s8_t;

/* input, other, output: int8 [size], may be the same. No scratch. */
void spl_add_s8(const spl_add_s8_t *op, const int8_t *input, const int8_t *other, int8_t *output,
                void *scratch);

#endif
