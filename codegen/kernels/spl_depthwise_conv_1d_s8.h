#ifndef SPL_DEPTHWISE_CONV_1D_S8_H
#define SPL_DEPTHWISE_CONV_1D_S8_H

#include "spl_expansion_s8.h"

#include <stdint.h>

/* Depthwise convolution over time, stride 1: one filter of `taps` points a channel. */
typedef struct {
  int32_t input_length;
  int32_t output_length;
  int32_t channels;
  int32_t taps; /* in whole groups of four, filled up with weights of 0 */
  int32_t padding; /* zeros before the first point */
  int32_t input_zero_point;
  int32_t output_offset; /* twice the output's zero point plus 1 */
  int32_t output_min;
  int32_t output_max;
  const int8_t *weights; /* [channels][taps] */
  const int32_t *bias; /* [channels], of twice the sum */
  const int32_t *multipliers; /* [channels], as in spl_fixed_point.h */
  const int8_t *shifts; /* [channels] */
  const spl_expansion_s8_t *expansion; /* what makes the input's channels, or NULL */
} spl_depthwise_conv_1d_s8_t;

/*
 * input: int8 [input_length][channels], or what the expansion reads; output: int8
 * [output_length][channels], may be the input without expansion. scratch: word aligned, for `seen`
 * input points int16 [S + 18 + 2 taps], S = seen rounded up to 4.
 */
void spl_depthwise_conv_1d_s8(const spl_depthwise_conv_1d_s8_t *op, const int8_t *input,
                              int8_t *output, void *scratch);

/* The same of the `count` points from `first` on alone. */
void spl_depthwise_conv_1d_s8_points(const spl_depthwise_conv_1d_s8_t *op, const int8_t *input,
                                     int32_t first, int32_t count, int8_t *output, void *scratch);

#endif
