#ifndef SPL_DEPTHWISE_CONV_1D_S8_H
#define SPL_DEPTHWISE_CONV_1D_S8_H

#include "spl_filter_1d.h"

/* Depthwise convolution over time, stride 1. */
typedef struct {
  int32_t output_length;
  int32_t input_zero_point;
  const spl_filter_1d_t *filter;
} spl_depthwise_conv_1d_s8_t;

/*
 * input: int8 [input_length][channels]; output: int8 [output_length / 6 * 6 + 5][channels], may be
 * the input. scratch: as spl_filter_begin() wants it.
 */
void spl_depthwise_conv_1d_s8(const spl_depthwise_conv_1d_s8_t *op, const int8_t *input,
                              int8_t *output, void *scratch);

/* The same of filters in parts, as spl_filter_channel_in_parts() takes them. */
void spl_depthwise_conv_1d_s8_in_parts(const spl_depthwise_conv_1d_s8_t *op, const int8_t *input,
                                       int8_t *output, void *scratch);

#endif
