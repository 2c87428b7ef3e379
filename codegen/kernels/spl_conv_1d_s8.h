#ifndef SPL_CONV_1D_S8_H
#define SPL_CONV_1D_S8_H

#include <stdint.h>

/*
 * Convolution over time, then the largest of every `pool` points; with one tap, the pointwise
 * (1 x 1) convolution. Requantization is monotonic, so the maximum is taken before it.
 */
typedef struct {
  int32_t input_length;
  int32_t conv_length; /* points of the convolution, before pooling */
  int32_t output_length;
  int32_t input_channels;
  int32_t output_channels;
  int32_t taps;
  int32_t stride;
  int32_t padding; /* zeros before the first point */
  int32_t pool;    /* 1 for no pooling */
  int32_t input_zero_point;
  int32_t output_zero_point;
  int32_t output_min;
  int32_t output_max;
  const int8_t *weights;      /* [output_channels][taps * input_channels], rows as in spl_dot.h */
  const int32_t *bias;        /* [output_channels] */
  const int32_t *multipliers; /* [output_channels], 2^30 to 2^31 - 1 */
  const int8_t *shifts;       /* [output_channels], to the right */
} spl_conv_1d_s8_t;

/*
 * input: int8 [input_length][input_channels]; output: int8 [output_length][output_channels], may be
 * the input where taps and stride are 1 and output_channels <= pool * input_channels.
 * scratch: word aligned, int16 [pool][taps * input_channels rounded up to 4].
 */
void spl_conv_1d_s8(const spl_conv_1d_s8_t *op, const int8_t *input, int8_t *output, void *scratch);

#endif
