#ifndef SPL_DEPTHWISE_CONV_2D_S8_H
#define SPL_DEPTHWISE_CONV_2D_S8_H

#include "spl_window_2d.h"

#include <stdint.h>

/*
 * Depthwise convolution over height and width, any stride: `multiplier` filters an input channel.
 * Each channel is widened by itself, some rows at a time.
 */
typedef struct {
  const spl_window_t *windows; /* height, width */
  int32_t input_channels;
  int32_t multiplier; /* output channels of each input channel, side by side */
  int32_t input_zero_point;
  int32_t output_offset; /* twice the output's zero point plus 1 */
  int32_t rows; /* of the output that are computed at a time */
  int32_t taps; /* of a row of a filter, in whole groups of four, filled up with weights of 0 */
  const int8_t *weights; /* [output channels][taps down][taps] */
  const int32_t *bias; /* [output channels], of twice the sum, input zero point taken off */
  const int32_t *multipliers; /* [output channels], as in spl_fixed_point.h */
  const int8_t *shifts; /* [output channels] */
} spl_depthwise_conv_2d_s8_t;

/*
 * input: int8 [height][width][input_channels]; output: int8 [height][width][output channels], may be
 * the input where multiplier is 1. scratch: word aligned, int16 [taps down][taps], then int16 [rows
 * that `rows` see][values that a row sees, in whole pairs].
 */
void spl_depthwise_conv_2d_s8(const spl_depthwise_conv_2d_s8_t *op, const int8_t *input,
                              int8_t *output, void *scratch);

#endif
