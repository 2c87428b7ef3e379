#include "spl_filter_2d.h"

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

/* The sums of TOGETHER outputs, each of which sees the plane from `step` values further on. */
static void dot_together(const spl_filter_2d_t *op, const int16_t *x, int32_t step,
                         const int16_t *filter, int32_t sums[TOGETHER]) {
  const int32_t taps = op->taps_across, skipped = op->pitch - taps;
  int32_t sum0 = sums[0], sum1 = sums[1], sum2 = sums[2], sum3 = sums[3];
  for (int32_t y = op->taps_down; y > 0; y--, x += skipped) {
    for (const int16_t *end = x + taps; x != end; x += 2, filter += 2) {
      const int32_t weights = spl_load_halves(filter);
      sum1 = spl_add_products(weights, spl_load_halves(x + step), sum1);
      sum2 = spl_add_products(weights, spl_load_halves(x + 2 * step), sum2);
      sum3 = spl_add_products(weights, spl_load_halves(x + 3 * step), sum3);
      sum0 = spl_add_products(weights, spl_load_halves(x), sum0);
    }
  }
  sums[0] = sum0;
  sums[1] = sum1;
  sums[2] = sum2;
  sums[3] = sum3;
}

static int32_t dot_alone(const spl_filter_2d_t *op, const int16_t *x, const int16_t *filter,
                         int32_t sum) {
  const int32_t taps = op->taps_across, skipped = op->pitch - taps;
  for (int32_t y = op->taps_down; y > 0; y--, x += skipped) {
    for (const int16_t *end = x + taps; x != end; x += 2, filter += 2) {
      sum = spl_add_products(spl_load_halves(filter), spl_load_halves(x), sum);
    }
  }
  return sum;
}

static void filter_line(const spl_filter_2d_t *op, const spl_filter_channel_t *channel,
                        const int16_t *x, line_t line, const int16_t *filter, int8_t *output) {
  const int32_t multiplier = channel->multiplier, shift = channel->shift,
                offset = channel->output_offset, bias = channel->bias;
  int32_t left = line.count;
  for (; left >= TOGETHER; left -= TOGETHER, x += TOGETHER * line.step) {
    int32_t sums[TOGETHER] = {bias, bias, bias, bias};
    dot_together(op, x, line.step, filter, sums);
    for (int32_t i = 0; i < TOGETHER; i++, output += line.output_step) {
      *output = spl_requantize_s8(sums[i], multiplier, shift, offset);
    }
  }
  for (; left > 0; left--, x += line.step, output += line.output_step) {
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
