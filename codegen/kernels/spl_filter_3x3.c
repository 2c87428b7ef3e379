#include "spl_filter_3x3.h"

#include "spl_fixed_point.h"
#include "spl_halves.h"

/* Twice the weights, taps 0 and 1 of each row in a pair, and the taps 2 in pairs of their own. */
typedef struct {
  int32_t top;
  int32_t middle;
  int32_t bottom;
  int32_t top_and_middle;
  int32_t bottom_last;
} weights_t;

static weights_t widen(const int8_t *weights) {
  enum { ROW = 4 };
  const int8_t *middle = weights + ROW, *bottom = middle + ROW;
  return (weights_t){spl_halves(2 * weights[0], 2 * weights[1]),
                     spl_halves(2 * middle[0], 2 * middle[1]),
                     spl_halves(2 * bottom[0], 2 * bottom[1]),
                     spl_halves(2 * weights[2], 2 * middle[2]), 2 * bottom[2]};
}

/* One column of outputs: every row of the plane adds to those of up to three of them. */
static SPL_INLINE void filter_column(const weights_t *filter, const spl_filter_channel_t *channel,
                                     const int16_t *x, int32_t pitch, int32_t count, int8_t *output,
                                     int32_t step, int32_t stride) {
  const weights_t by = *filter;
  const int32_t bias = channel->bias, multiplier = channel->multiplier, shift = channel->shift,
                rounding = spl_rounding(shift, channel->output_offset);
  int32_t first = spl_load_halves(x), last = spl_load_halves(x + 2);
  int32_t next = spl_add_low_low(by.top_and_middle, last, spl_add_products(by.top, first, bias));
  int32_t sum = next;
  if (stride == 1) {
    x += pitch;
    first = spl_load_halves(x), last = spl_load_halves(x + 2);
    sum = spl_add_high_low(by.top_and_middle, last, spl_add_products(by.middle, first, next));
    next = spl_add_low_low(by.top_and_middle, last, spl_add_products(by.top, first, bias));
  }
  do {
    if (stride == 2) {
      x += pitch;
      first = spl_load_halves(x), last = spl_load_halves(x + 2);
      sum = spl_add_high_low(by.top_and_middle, last, spl_add_products(by.middle, first, next));
    }
    x += pitch;
    first = spl_load_halves(x), last = spl_load_halves(x + 2);
    sum = spl_add_low_low(by.bottom_last, last, spl_add_products(by.bottom, first, sum));
    *output = (int8_t)spl_requantize_near_s8(sum, multiplier, shift, rounding);
    output += step;
    if (stride == 1) {
      sum = spl_add_high_low(by.top_and_middle, last, spl_add_products(by.middle, first, next));
    }
    next = spl_add_low_low(by.top_and_middle, last, spl_add_products(by.top, first, bias));
  } while (--count != 0);
}

static SPL_INLINE void filter_columns(const spl_filter_2d_t *op,
                                      const spl_filter_channel_t *channel, int8_t *output,
                                      int32_t stride) {
  const weights_t filter = widen(channel->weights);
  const int16_t *x = op->plane;
  for (int32_t i = 0; i < op->points; i++, x += op->stride_across, output += op->point_step) {
    filter_column(&filter, channel, x, op->pitch, op->rows, output, op->row_step, stride);
  }
}

void spl_filter_3x3(const spl_filter_2d_t *op, const spl_filter_channel_t *channel,
                    int8_t *output) {
  if (op->stride_down == 1) {
    filter_columns(op, channel, output, 1);
  } else {
    filter_columns(op, channel, output, 2);
  }
}
