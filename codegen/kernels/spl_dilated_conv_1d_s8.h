#ifndef SPL_DILATED_CONV_1D_S8_H
#define SPL_DILATED_CONV_1D_S8_H

#include "spl_columns.h"

#include <stdint.h>

/* Convolution over time whose taps are `dilation` points apart. */
typedef struct {
  int32_t input_length;
  int32_t output_length;
  int32_t input_channels;
  int32_t taps;
  int32_t stride;
  int32_t dilation;
  int32_t padding; /* points of the first window that lie before the input */
  int32_t input_zero_point;
  const spl_columns_t *rows; /* of taps * input_channels values, in whole groups */
} spl_dilated_conv_1d_s8_t;

/*
 * input: int8 [input_length][input_channels]; output: int8 [output_length][output_channels],
 * elsewhere. scratch: word aligned, int16 [row][SPL_COLUMNS], then int8 [row].
 */
void spl_dilated_conv_1d_s8(const spl_dilated_conv_1d_s8_t *op, const int8_t *input, int8_t *output,
                            void *scratch);

#endif
