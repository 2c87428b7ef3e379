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
} channel_t;

static inline int32_t expand(const channel_t *channel, int32_t value) {
  const int32_t sum = channel->weight * value + channel->bias;
  return spl_requantize_near_s8(sum, channel->multiplier, channel->shift, channel->rounding);
}

void spl_expand_channel(const spl_expansion_s8_t *op, const int8_t *input, int32_t index,
                        int32_t count, int32_t is_odd, int32_t *output) {
  const channel_t channel = {
      .weight = 2 * op->weights[index],
      .bias = op->bias[index],
      .multiplier = op->multipliers[index],
      .shift = op->shifts[index],
      .rounding = spl_rounding(op->shifts[index], op->output_offset),
  };
  const int32_t zero = op->output_zero_point, zeros = spl_pair(zero, zero);
  const int8_t *extreme = input + op->extremes[index], *end = extreme + 2 * (count - 1);
  if (is_odd) {
    *output++ = spl_pair(zero, expand(&channel, *extreme)) - zeros;
    extreme += 2;
  }
  for (; extreme < end; extreme += 4) {
    *output++ = spl_pair(expand(&channel, extreme[0]), expand(&channel, extreme[2])) - zeros;
  }
  if (extreme == end) {
    *output = expand(&channel, *extreme) - zero;
  }
}
