#ifndef SPL_CONV_1D_S8_H
#define SPL_CONV_1D_S8_H

#include <stdint.h>

/*
 * Convolution over time, then the largest of every `pool` points; with one tap, the pointwise
 * (1 x 1) convolution, and with one point a fully connected layer. Requantization is monotonic, so
 * the maximum is taken before it.
 */
typedef struct {
  int32_t input_length;
  int32_t conv_length; /* points of the convolution, before pooling */
  int32_t input_channels;
  int32_t output_channels;
  int32_t taps;
  int32_t stride;
  int32_t padding; /* zeros before the first point */
  int32_t pool; /* 1 for no pooling */
  int32_t input_zero_point;
  int32_t output_offset; /* twice the output's zero point plus 1 */
  int32_t output_min;
  int32_t output_max;
  const int8_t *weights; /* [output_channels][taps * input_channels], rows as in spl_dot.h */
  const int32_t *bias; /* [output_channels], of twice the sum, input zero point taken off */
  const int32_t *multipliers; /* [output_channels], as in spl_fixed_point.h */
  const int8_t *shifts; /* [output_channels] */
} spl_conv_1d_s8_t;

/* Points of the convolution that are computed together, and share the loads of the weights. */
enum { SPL_CONV_COLUMNS = 5 };

/*
 * input: int8 [input_length][input_channels]; output: int8 [points][output_channels], may be the
 * input where taps and stride are 1 and output_channels <= pool * input_channels. scratch: word
 * aligned, int16 [5][A] with A = taps * input_channels rounded up to 4, then int32 [P]
 * [output_channels] with P = 5 where pool is 1, else 1.
 */
void spl_conv_1d_s8(const spl_conv_1d_s8_t *op, const int8_t *input, int8_t *output, void *scratch);

/* The same of an input and a convolution of these lengths. */
void spl_conv_1d_s8_points(const spl_conv_1d_s8_t *op, const int8_t *input, int32_t input_length,
                           int32_t conv_length, int8_t *output, void *scratch);

#endif
