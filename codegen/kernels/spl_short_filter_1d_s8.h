#ifndef SPL_SHORT_FILTER_1D_S8_H
#define SPL_SHORT_FILTER_1D_S8_H

#include <stdint.h>

/*
 * Depthwise convolution over time with filters of up to 16 taps, in two to eight pairs, any stride;
 * `multiplier` filters an input channel. Each channel is widened by itself. Weights are in registers, as
 * far as there are enough; with strides of 1 and 2 two points of the output share the loads of what they
 * see.
 */
typedef struct {
  int32_t input_length;
  int32_t output_length;
  int32_t stride;
  int32_t padding; /* points before the first */
  int32_t input_channels;
  int32_t multiplier; /* output channels of each input channel, side by side */
  int32_t input_zero_point;
  int32_t output_offset; /* twice the output's zero point plus 1 */
  const int8_t *weights; /* [output channels][pairs][2], filled up with weights of 0 */
  const int32_t *bias; /* [output channels], of twice the sum, input zero point taken off */
  const int32_t *multipliers; /* [output channels], as in spl_fixed_point.h */
  const int8_t *shifts; /* [output channels], as SPL_IS_NEAR wants */
} spl_short_filter_1d_s8_t;

/*
 * input: int8 [input_length][input_channels]; output: int8 [output_length][output channels], may be the
 * input where multiplier is 1. scratch: word aligned, int16 [points that the output sees and 1, in whole
 * pairs].
 */
typedef void spl_short_filter_t(const spl_short_filter_1d_s8_t *op, const int8_t *input,
                                int8_t *output, void *scratch);

/* Filters of 2 to 8 pairs of taps, with strides of 1, of 2, and of any. */
spl_short_filter_t spl_short_filter_1d_s8_of_2, spl_short_filter_1d_s8_of_3,
    spl_short_filter_1d_s8_of_4, spl_short_filter_1d_s8_of_5, spl_short_filter_1d_s8_of_6,
    spl_short_filter_1d_s8_of_7, spl_short_filter_1d_s8_of_8;
spl_short_filter_t spl_short_filter_1d_s8_by_2_of_2, spl_short_filter_1d_s8_by_2_of_3,
    spl_short_filter_1d_s8_by_2_of_4, spl_short_filter_1d_s8_by_2_of_5,
    spl_short_filter_1d_s8_by_2_of_6, spl_short_filter_1d_s8_by_2_of_7,
    spl_short_filter_1d_s8_by_2_of_8;
spl_short_filter_t spl_short_filter_1d_s8_by_any_of_2, spl_short_filter_1d_s8_by_any_of_3,
    spl_short_filter_1d_s8_by_any_of_4, spl_short_filter_1d_s8_by_any_of_5,
    spl_short_filter_1d_s8_by_any_of_6, spl_short_filter_1d_s8_by_any_of_7,
    spl_short_filter_1d_s8_by_any_of_8;

#endif
