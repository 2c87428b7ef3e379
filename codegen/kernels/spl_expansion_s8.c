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

/* One output, its distance from the zero point. */
static inline int32_t expand(const channel_t *channel, int32_t value, int32_t zero) {
  const int32_t sum = channel->weight * value + channel->bias;
  return spl_requantize_near_s8(sum, channel->multiplier, channel->shift, channel->rounding) - zero;
}

/* The same where the zero point is INT8_MIN. */
static inline int32_t expand_rectified(const channel_t *channel, int32_t value) {
  const int32_t sum = channel->weight * value + channel->bias;
  return spl_requantize_near_u8(sum, channel->multiplier, channel->shift);
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
  const int32_t zero = op->output_zero_point;
  const int8_t *extreme = input + op->extremes[index];
  if (is_odd) {
    *output++ = spl_pair(0, expand(&channel, *extreme, zero));
    extreme += 2;
    count--;
  }
  const int8_t *end = extreme + 4 * (count / 2);
  if (extreme != end && zero == INT8_MIN) {
    do {
      const int32_t even = expand_rectified(&channel, extreme[0]);
      *output++ = spl_pair(even, expand_rectified(&channel, extreme[2]));
      extreme += 4;
    } while (extreme != end);
  } else if (extreme != end) {
    do {
      const int32_t even = expand(&channel, extreme[0], zero);
      *output++ = spl_pair(even, expand(&channel, extreme[2], zero));
      extreme += 4;
    } while (extreme != end);
  }
  if (count % 2 != 0) {
    *output = expand(&channel, *extreme, zero);
  }
}
