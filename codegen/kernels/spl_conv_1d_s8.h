#ifndef SPL_CONV_1D_S8_H
#define SPL_CONV_1D_S8_H

#include <stdint.h>

/* Convolution over time; with one tap, the pointwise (1 x 1) convolution. */
typedef struct {
  int32_t input_length;
  int32_t output_length;
  int32_t input_channels;
  int32_t output_channels;
  int32_t taps;
  int32_t stride;
  int32_t padding; /* zeros before the first point */
  int32_t input_zero_point;
  int32_t output_zero_point;
  int32_t output_min;
  int32_t output_max;
  const int8_t *weights;      /* [output_channels][taps][input_channels] */
  const int32_t *bias;        /* [output_channels] */
  const int32_t *multipliers; /* [output_channels], 2^30 to 2^31 - 1 */
  const int8_t *shifts;       /* [output_channels], to the right */
} spl_conv_1d_s8_t;

/*
 * input: int8 [input_length][input_channels]; output: int8 [output_length][output_channels], may be
 * the input where taps and stride are 1 and there are no more output than input channels. scratch:
 * word aligned, int16 [taps * input_channels].
 */
void spl_conv_1d_s8(const spl_conv_1d_s8_t *op, const int8_t *input, int8_t *output, void *scratch);

#endif
