#ifndef SPL_POINTWISE_S8_H
#define SPL_POINTWISE_S8_H

#include "spl_columns.h"

/* Pointwise (1 x 1) convolution, then the largest of every `pool` points. */
typedef struct {
  int32_t length; /* points of the convolution, before pooling */
  int32_t input_channels;
  int32_t pool; /* 1 for no pooling */
  const spl_columns_t *rows; /* of input_channels values */
} spl_pointwise_s8_t;

/*
 * input: int8 [length][input_channels]; output: int8 [points][output_channels], may be the input
 * where output_channels <= P * input_channels, P the smaller of pool and SPL_COLUMNS. scratch: word
 * aligned, int16 [SPL_COLUMNS][A] with A = input_channels rounded up to 4.
 */
void spl_pointwise_s8(const spl_pointwise_s8_t *op, const int8_t *input, int8_t *output,
                      void *scratch);

/* The same of `length` points. */
void spl_pointwise_s8_points(const spl_pointwise_s8_t *op, const int8_t *input, int32_t length,
                             int8_t *output, void *scratch);

#endif
