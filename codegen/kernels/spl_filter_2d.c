#include "spl_filter_2d.h"

#include "spl_dot.h"
#include "spl_fixed_point.h"
#include "spl_halves.h"

/* Outputs that share the loads of the weights. */
enum { TOGETHER = 4 };

/* Where the outputs of a line lie: `count` of them, every `step` values of the plane. */
typedef struct {
  int32_t count;
  int32_t step;
  int32_t output_step;
} line_t;

/* Sums of TOGETHER outputs. */
typedef struct {
  int32_t first;
  int32_t second;
  int32_t third;
  int32_t fourth;
} sums_t;

/* Two pairs of weights at a word-aligned address, which moves behind them. */
static SPL_INLINE const int16_t *load_weights(const int16_t *filter, int32_t *first,
                                              int32_t *second) {
#if defined(__ARM_FEATURE_DSP)
  return spl_load_pairs(filter, first, second);
#else
  *first = spl_load_halves(filter);
  *second = spl_load_halves(filter + 2);
  return filter + SPL_GROUP;
#endif
}

/* The sums of outputs of which each sees the plane from `step` values further on. */
static SPL_INLINE sums_t dot_together(const spl_filter_2d_t *op, const int16_t *x, int32_t step,
                                      const int16_t *filter, int32_t bias) {
  const int32_t taps = op->taps_across, skipped = op->pitch - taps;
  const int16_t *x1 = x + step, *x2 = x1 + step, *x3 = x2 + step;
  sums_t sums = {bias, bias, bias, bias};
  int32_t down = op->taps_down;
  do {
    const int16_t *end = filter + taps;
    do {
      int32_t first, second;
      filter = load_weights(filter, &first, &second);
      sums.first = spl_add_products(first, spl_next_halves(&x), sums.first);
      sums.first = spl_add_products(second, spl_next_halves(&x), sums.first);
      sums.second = spl_add_products(first, spl_next_halves(&x1), sums.second);
      sums.second = spl_add_products(second, spl_next_halves(&x1), sums.second);
      sums.third = spl_add_products(first, spl_next_halves(&x2), sums.third);
      sums.third = spl_add_products(second, spl_next_halves(&x2), sums.third);
      sums.fourth = spl_add_products(first, spl_next_halves(&x3), sums.fourth);
      sums.fourth = spl_add_products(second, spl_next_halves(&x3), sums.fourth);
    } while (filter != end);
    x += skipped;
    x1 += skipped;
    x2 += skipped;
    x3 += skipped;
  } while (--down != 0);
  return sums;
}

static SPL_INLINE int32_t dot_alone(const spl_filter_2d_t *op, const int16_t *x,
                                    const int16_t *filter, int32_t sum) {
  const int32_t taps = op->taps_across, skipped = op->pitch - taps;
  int32_t down = op->taps_down;
  do {
    const int16_t *end = filter + taps;
    do {
      sum = spl_add_products(spl_load_halves(filter), spl_load_halves(x), sum);
      sum = spl_add_products(spl_load_halves(filter + 2), spl_load_halves(x + 2), sum);
      filter += SPL_GROUP;
      x += SPL_GROUP;
    } while (filter != end);
    x += skipped;
  } while (--down != 0);
  return sum;
}

static void filter_line(const spl_filter_2d_t *op, const spl_filter_channel_t *channel,
                        const int16_t *x, line_t line, const int16_t *filter, int8_t *output) {
  const int32_t multiplier = channel->multiplier, shift = channel->shift,
                offset = channel->output_offset, bias = channel->bias, step = line.output_step;
  int32_t left = line.count;
  for (; left >= TOGETHER; left -= TOGETHER, x += TOGETHER * line.step) {
    const sums_t sums = dot_together(op, x, line.step, filter, bias);
    output[0] = spl_requantize_s8(sums.first, multiplier, shift, offset);
    output[step] = spl_requantize_s8(sums.second, multiplier, shift, offset);
    output += 2 * step;
    output[0] = spl_requantize_s8(sums.third, multiplier, shift, offset);
    output[step] = spl_requantize_s8(sums.fourth, multiplier, shift, offset);
    output += 2 * step;
  }
  for (; left > 0; left--, x += line.step, output += step) {
    *output = spl_requantize_s8(dot_alone(op, x, filter, bias), multiplier, shift, offset);
  }
}

/* Calls that a number of outputs takes in lines of `count`. */
static int32_t calls(int32_t lines, int32_t count) {
  return lines * (count / TOGETHER + count % TOGETHER);
}

void spl_filter_2d(const spl_filter_2d_t *op, const spl_filter_channel_t *channel, int8_t *output,
                   int16_t *scratch) {
  const int32_t size = op->taps_down * op->taps_across;
  for (int32_t i = 0; i < size; i++) {
    scratch[i] = (int16_t)(2 * channel->weights[i]);
  }
  const int32_t row = op->stride_down * op->pitch;
  if (calls(op->rows, op->points) <= calls(op->points, op->rows)) {
    const line_t across = {op->points, op->stride_across, op->point_step};
    for (int32_t i = 0; i < op->rows; i++) {
      filter_line(op, channel, op->plane + i * row, across, scratch, output + i * op->row_step);
    }
    return;
  }
  const line_t down = {op->rows, row, op->row_step};
  for (int32_t i = 0; i < op->points; i++) {
    filter_line(op, channel, op->plane + i * op->stride_across, down, scratch,
                output + i * op->point_step);
  }
}
