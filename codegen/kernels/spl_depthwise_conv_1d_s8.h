#ifndef SPL_DEPTHWISE_CONV_1D_S8_H
#define SPL_DEPTHWISE_CONV_1D_S8_H

#include <stdint.h>

/* Depthwise convolution over time, stride 1: one filter of `taps` points a channel. */
typedef struct {
  int32_t input_length;
  int32_t output_length;
  int32_t channels;
  int32_t taps;
  int32_t chunk;   /* points computed between two reads of the input, a multiple of 4 */
  int32_t padding; /* zeros before the first point */
  int32_t input_zero_point;
  int32_t output_zero_point;
  int32_t output_min;
  int32_t output_max;
  const int8_t *weights;      /* [channels][taps] */
  const int32_t *bias;        /* [channels] */
  const int32_t *multipliers; /* [channels], 2^30 to 2^31 - 1 */
  const int8_t *shifts;       /* [channels], to the right */
} spl_depthwise_conv_1d_s8_t;

/*
 * input: int8 [input_length][channels]; output: int8 [output_length][channels], may be the input
 * where padding < taps. scratch: word aligned, int16 [2 A + chunk] with A = taps rounded up to 4.
 */
void spl_depthwise_conv_1d_s8(const spl_depthwise_conv_1d_s8_t *op, const int8_t *input,
                              int8_t *output, void *scratch);

#endif
