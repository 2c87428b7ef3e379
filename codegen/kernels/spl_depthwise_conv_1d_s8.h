#ifndef SPL_DEPTHWISE_CONV_1D_S8_H
#define SPL_DEPTHWISE_CONV_1D_S8_H

#include "spl_expansion_s8.h"

#include <stdint.h>

/* Depthwise convolution over time, stride 1: one filter of `taps` points a channel. */
typedef struct {
  int32_t input_length;
  int32_t output_length;
  int32_t channels;
  int32_t taps; /* in whole steps of eight, filled up with weights of 0 */
  int32_t padding; /* zeros before the first point */
  int32_t input_zero_point;
  int32_t output_offset; /* twice the output's zero point plus 1 */
  int32_t
      field_offset; /* makes positive what sums and parts of sums come to; they stay under 2^21 then */
  const int8_t *weights; /* [channels][taps], rows as in spl_dot.h */
  const int32_t *bias; /* [channels], of twice the sum */
  const int32_t *multipliers; /* [channels], as in spl_fixed_point.h */
  const int8_t *shifts; /* [channels] */
  const spl_expansion_s8_t *expansion; /* what makes the input's channels, or NULL */
} spl_depthwise_conv_1d_s8_t;

/*
 * input: int8 [input_length][channels], or what the expansion reads; output: int8
 * [output_length / 6 * 6 + 5][channels], may be the input without expansion. scratch: word aligned,
 * for `seen` input points int32 [seen / 2 + 14] and [taps / 2].
 */
void spl_depthwise_conv_1d_s8(const spl_depthwise_conv_1d_s8_t *op, const int8_t *input,
                              int8_t *output, void *scratch);

/* The same of the `count` points from `first` on alone. */
void spl_depthwise_conv_1d_s8_points(const spl_depthwise_conv_1d_s8_t *op, const int8_t *input,
                                     int32_t first, int32_t count, int8_t *output, void *scratch);

#endif
