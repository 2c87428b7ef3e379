#ifndef SPL_SCALED_SEPARABLE_CONV_1D_S8_H
#define SPL_SCALED_SEPARABLE_CONV_1D_S8_H

#include "spl_add_channel_s8.h"
#include "spl_expansion_s8.h"
#include "spl_filter_1d.h"
#include "spl_mul_channel_s8.h"
#include "spl_pointwise_s8.h"

/*
 * spl_separable_conv_1d_s8() with a factor and then an addend a channel between the expansion and
 * the filters, such as batch normalization behind a ReLU.
 */
typedef struct {
  int32_t chunk_count;
  int32_t smallest; /* value of the expansion, from its zero point on */
  int32_t zero_point; /* of the filters' input */
  const int16_t *chunks; /* points of each, in whole pools of the pointwise convolution */
  const spl_expansion_s8_t *expansion;
  const spl_mul_channel_s8_t *factor; /* with shifts as SPL_IS_NEAR wants */
  const spl_add_channel_s8_t *addend; /* the same, sign 1 */
  const spl_filter_1d_t *filter;
  const spl_pointwise_s8_t *pointwise;
} spl_scaled_separable_conv_1d_s8_t;

/* input, output, scratch: as spl_separable_conv_1d_s8() takes them. */
void spl_scaled_separable_conv_1d_s8(const spl_scaled_separable_conv_1d_s8_t *op,
                                     const int8_t *input, int8_t *output, void *scratch);

/* The same of filters in parts, as spl_filter_channel_in_parts() takes them. */
void spl_scaled_separable_conv_1d_s8_in_parts(const spl_scaled_separable_conv_1d_s8_t *op,
                                              const int8_t *input, int8_t *output, void *scratch);

#endif
