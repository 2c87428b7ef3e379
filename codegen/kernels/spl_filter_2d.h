#ifndef SPL_FILTER_2D_H
#define SPL_FILTER_2D_H

#include <stdint.h>

/* What one filter needs to be told, and a stretch of its input's channel: some rows, widened. */
typedef struct {
  const int16_t
      *plane; /* [rows that the output's see][pitch], raw values; zero points around them */
  int32_t pitch; /* values from row to row */
  int32_t stride_down;
  int32_t stride_across;
  int32_t taps_down;
  int32_t taps_across; /* in whole groups of four, filled up with weights of 0 */
  int32_t rows; /* of the output, and points in each */
  int32_t points;
  int32_t row_step; /* from row to row of the output, and from point to point */
  int32_t point_step;
} spl_filter_2d_t;

/* The constants of one output channel. */
typedef struct {
  const int8_t *weights; /* [taps_down][taps_across] */
  int32_t bias; /* of twice the sum, input zero point taken off */
  int32_t multiplier; /* as in spl_fixed_point.h */
  int32_t shift;
  int32_t output_offset; /* twice the output's zero point plus 1 */
} spl_filter_channel_t;

/*
 * The rows of one output channel. output: its first point. scratch: word aligned, int16
 * [taps_down][taps_across].
 */
void spl_filter_2d(const spl_filter_2d_t *op, const spl_filter_channel_t *channel, int8_t *output,
                   int16_t *scratch);

#endif
