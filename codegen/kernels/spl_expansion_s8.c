#include "spl_expansion_s8.h"

#include "spl_fixed_point.h"
#include "spl_pairs.h"

/* The constants of one channel. */
typedef struct {
  int32_t weight;
  int32_t bias;
  int32_t multiplier;
  int32_t shift;
  int32_t rounding;
  int32_t zero;
} channel_t;

/* One output, its distance from the zero point. */
static SPL_INLINE int32_t expand(const channel_t *channel, int32_t value, int32_t is_rectified) {
  const int32_t sum = channel->weight * value + channel->bias;
  if (is_rectified != 0) {
    return spl_requantize_near_u8(sum, channel->multiplier, channel->shift);
  }
  return spl_requantize_near_s8(sum, channel->multiplier, channel->shift, channel->rounding) -
         channel->zero;
}

static SPL_INLINE void expand_channel(const spl_expansion_s8_t *op, const int8_t *input,
                                      int32_t index, int32_t count, int32_t is_odd, int32_t *output,
                                      int32_t is_rectified) {
  const channel_t channel = {
      .weight = 2 * op->weights[index],
      .bias = op->bias[index],
      .multiplier = op->multipliers[index],
      .shift = op->shifts[index],
      .rounding = spl_rounding(op->shifts[index], op->output_offset),
      .zero = op->output_zero_point,
  };
  const int8_t *extreme = input + op->extremes[index], *end = extreme + 2 * (count - 1);
  if (is_odd != 0) {
    *output++ = spl_pair(0, expand(&channel, *extreme, is_rectified));
    extreme += 2;
  }
  for (; extreme < end; extreme += 4) {
    const int32_t even = expand(&channel, extreme[0], is_rectified);
    *output++ = spl_pair(even, expand(&channel, extreme[2], is_rectified));
  }
  if (extreme == end) {
    *output = expand(&channel, *extreme, is_rectified);
  }
}

void spl_expand_channel(const spl_expansion_s8_t *op, const int8_t *input, int32_t index,
                        int32_t count, int32_t is_odd, int32_t *output) {
  expand_channel(op, input, index, count, is_odd, output, 0);
}

void spl_expand_channel_rectified(const spl_expansion_s8_t *op, const int8_t *input, int32_t index,
                                  int32_t count, int32_t is_odd, int32_t *output) {
  expand_channel(op, input, index, count, is_odd, output, 1);
}
