#ifndef SPL_CONV_2D_S8_H
#define SPL_CONV_2D_S8_H

#include "spl_window_2d.h"

#include <stdint.h>

/* Convolution over height and width. */
typedef struct {
  const spl_window_t *windows; /* height, width */
  int32_t input_channels;
  int32_t output_channels;
  int32_t input_zero_point;
  int32_t output_offset; /* twice the output's zero point plus 1 */
  int32_t output_min;
  int32_t output_max;
  const int8_t *weights; /* [output_channels][A], rows as in spl_dot.h */
  const int32_t *bias; /* [output_channels], of twice the sum, input zero point taken off */
  const int32_t *multipliers; /* [output_channels], as in spl_fixed_point.h */
  const int8_t *shifts; /* [output_channels] */
} spl_conv_2d_s8_t;

/*
 * input: int8 [height][width][input_channels]; output: int8 [height][width][output_channels],
 * elsewhere. scratch: word aligned, int16 [A], then int8 [A] with A = taps * input_channels rounded
 * up to 4.
 */
void spl_conv_2d_s8(const spl_conv_2d_s8_t *op, const int8_t *input, int8_t *output, void *scratch);

#endif
