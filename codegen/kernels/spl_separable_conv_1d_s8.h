#ifndef SPL_SEPARABLE_CONV_1D_S8_H
#define SPL_SEPARABLE_CONV_1D_S8_H

#include "spl_expansion_s8.h"
#include "spl_filter_1d.h"
#include "spl_pointwise_s8.h"

/*
 * One channel into many, a depthwise and a pointwise convolution in one pass: a chunk of points of
 * all channels is all that ever exists between the last two.
 */
typedef struct {
  int32_t chunk_count;
  const int16_t *chunks; /* points of each, in whole pools of the pointwise convolution */
  const spl_expansion_s8_t *expansion;
  const spl_filter_1d_t *filter;
  const spl_pointwise_s8_t *pointwise;
} spl_separable_conv_1d_s8_t;

/*
 * input: what the expansion reads; output: int8 [points][output_channels], elsewhere, with room for
 * each chunk's filtered points behind the points before it; there output_channels <= P * channels, P
 * the smaller of pool and 5. scratch: word aligned, what the filters or the convolution take.
 */
void spl_separable_conv_1d_s8(const spl_separable_conv_1d_s8_t *op, const int8_t *input,
                              int8_t *output, void *scratch);

/* The same of filters in parts, as spl_filter_channel_in_parts() takes them. */
void spl_separable_conv_1d_s8_in_parts(const spl_separable_conv_1d_s8_t *op, const int8_t *input,
                                       int8_t *output, void *scratch);

/* The same where the expansion's zero point is -128, as that of a RELU is. */
void spl_separable_conv_1d_s8_rectified(const spl_separable_conv_1d_s8_t *op, const int8_t *input,
                                        int8_t *output, void *scratch);

#endif
