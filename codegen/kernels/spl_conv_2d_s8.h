#ifndef SPL_CONV_2D_S8_H
#define SPL_CONV_2D_S8_H

#include "spl_columns.h"
#include "spl_window_2d.h"

/* Convolution over height and width: what lies under SPL_COLUMNS windows is widened side by side. */
typedef struct {
  const spl_window_t *windows; /* height, width */
  int32_t input_channels;
  int32_t input_zero_point;
  int32_t is_near; /* whether all shifts are as SPL_IS_NEAR wants */
  const spl_columns_t *rows; /* of taps * taps * input_channels values */
} spl_conv_2d_s8_t;

/*
 * input: int8 [height][width][input_channels]; output: int8 [height][width][output_channels],
 * elsewhere. scratch: word aligned, int16 [SPL_COLUMNS][A], then int8 [A], with A = taps * taps *
 * input_channels rounded up to 4.
 */
void spl_conv_2d_s8(const spl_conv_2d_s8_t *op, const int8_t *input, int8_t *output, void *scratch);

#endif
