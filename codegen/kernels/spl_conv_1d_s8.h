#ifndef SPL_CONV_1D_S8_H
#define SPL_CONV_1D_S8_H

#include "spl_columns.h"

/* Convolution over time, then the largest of every `pool` points. */
typedef struct {
  int32_t input_length;
  int32_t conv_length; /* points of the convolution, before pooling */
  int32_t input_channels;
  int32_t taps;
  int32_t stride;
  int32_t padding; /* zeros before the first point */
  int32_t pool; /* 1 for no pooling */
  int32_t input_zero_point;
  const spl_columns_t *rows; /* of taps * input_channels values */
} spl_conv_1d_s8_t;

/*
 * input: int8 [input_length][input_channels]; output: int8 [points][output_channels]. scratch: word
 * aligned, int16 [SPL_COLUMNS][A] with A = taps * input_channels rounded up to 4, and behind it, where
 * pool is over 1, int32 [output_channels].
 */
void spl_conv_1d_s8(const spl_conv_1d_s8_t *op, const int8_t *input, int8_t *output, void *scratch);

#endif
