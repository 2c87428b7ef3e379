#include "spl_short_filter_1d_s8.h"

#include "spl_channel.h"

/* Of taps, at most. */
enum { MOST_PAIRS = 8 };

/* What all points of one output channel share; weights are doubled. */
typedef struct {
  int32_t weights[MOST_PAIRS];
  int32_t bias;
  int32_t multiplier;
  int32_t shift;
  int32_t rounding;
} short_channel_t;

static inline int32_t doubled_pair(const int8_t *weights) {
  return spl_halves(2 * weights[0], 2 * weights[1]);
}

static SPL_INLINE short_channel_t read_constants(const spl_short_filter_1d_s8_t *op, int32_t index,
                                                 int32_t pairs) {
  short_channel_t channel = {
      .bias = op->bias[index],
      .multiplier = op->multipliers[index],
      .shift = op->shifts[index],
      .rounding = spl_rounding(op->shifts[index], op->output_offset),
  };
  const int8_t *weights = op->weights + 2 * pairs * index;
  channel.weights[0] = doubled_pair(weights);
  channel.weights[1] = doubled_pair(weights + 2);
  if (pairs > 2) {
    channel.weights[2] = doubled_pair(weights + 4);
  }
  if (pairs > 3) {
    channel.weights[3] = doubled_pair(weights + 6);
  }
  if (pairs > 4) {
    channel.weights[4] = doubled_pair(weights + 8);
  }
  if (pairs > 5) {
    channel.weights[5] = doubled_pair(weights + 10);
  }
  if (pairs > 6) {
    channel.weights[6] = doubled_pair(weights + 12);
  }
  if (pairs > 7) {
    channel.weights[7] = doubled_pair(weights + 14);
  }
  return channel;
}

/* Adds the products with one pair of taps to the sums of two points that see the signal `apart` values
 * from each other. */
static SPL_INLINE void add_pair(int32_t sums[2], const int16_t *x, int32_t apart, int32_t weights) {
#if defined(__ARM_FEATURE_DSP)
  sums[0] = spl_add_products(weights, spl_load_halves(x), sums[0]);
  sums[1] = spl_add_products(weights, spl_load_halves(x + apart), sums[1]);
#else
  /* Pairs need not be word aligned, which costs other cores more than to multiply one by one. */
  const int32_t first = spl_low(weights), second = spl_high(weights);
  sums[0] += first * x[0] + second * x[1];
  sums[1] += first * x[apart] + second * x[apart + 1];
#endif
}

static SPL_INLINE int8_t short_output(const short_channel_t *channel, int32_t sum) {
  return (int8_t)spl_requantize_near_s8(sum, channel->multiplier, channel->shift,
                                        channel->rounding);
}

/* Such points, of which `x` is the first value that the first sees. */
static SPL_INLINE void filter_two(const short_channel_t *channel, const int16_t *x, int32_t apart,
                                  int32_t pairs, int8_t *first, int8_t *second) {
  int32_t sums[2] = {channel->bias, channel->bias};
  add_pair(sums, x, apart, channel->weights[0]);
  add_pair(sums, x + 2, apart, channel->weights[1]);
  if (pairs > 2) {
    add_pair(sums, x + 4, apart, channel->weights[2]);
  }
  if (pairs > 3) {
    add_pair(sums, x + 6, apart, channel->weights[3]);
  }
  if (pairs > 4) {
    add_pair(sums, x + 8, apart, channel->weights[4]);
  }
  if (pairs > 5) {
    add_pair(sums, x + 10, apart, channel->weights[5]);
  }
  if (pairs > 6) {
    add_pair(sums, x + 12, apart, channel->weights[6]);
  }
  if (pairs > 7) {
    add_pair(sums, x + 14, apart, channel->weights[7]);
  }
  const int8_t earlier = short_output(channel, sums[0]), later = short_output(channel, sums[1]);
  *first = earlier;
  *second = later;
}

/* Four points from one on, in twos that see the signal `apart` values from each other: one stride, or two
 * where that is a pair, whose loads they then share. */
static SPL_INLINE void filter_four(const short_channel_t *channel, const int16_t *x, int32_t pairs,
                                   int32_t stride, int32_t apart, int8_t *output, int32_t step) {
  if (apart != stride) {
    filter_two(channel, x, apart, pairs, output, output + 2 * step);
    filter_two(channel, x + stride, apart, pairs, output + step, output + 3 * step);
  } else {
    filter_two(channel, x, apart, pairs, output, output + step);
    filter_two(channel, x + 2 * stride, apart, pairs, output + 2 * step, output + 3 * step);
  }
}

/* A point behind the last four. */
static SPL_INLINE int8_t filter_one(const spl_short_filter_1d_s8_t *op,
                                    const short_channel_t *channel, const int16_t *x, int32_t index,
                                    int32_t pairs) {
  int32_t sum = channel->bias;
  const int8_t *weights = op->weights + 2 * pairs * index;
  for (const int8_t *end = weights + 2 * pairs; weights != end; weights++, x++) {
    sum += 2 * *weights * *x;
  }
  return short_output(channel, sum);
}

static SPL_INLINE void short_channel(const spl_short_filter_1d_s8_t *op, const int16_t *x,
                                     int32_t index, int8_t *output, int32_t pairs, int32_t stride,
                                     int32_t apart) {
  const short_channel_t channel = read_constants(op, index, pairs);
  const int32_t step = op->input_channels * op->multiplier, length = op->output_length;
  const int16_t *end = x + length * stride, *fours_end = x + (length & -4) * stride;
  output += index;
  for (; x != fours_end; x += 4 * stride, output += 4 * step) {
    filter_four(&channel, x, pairs, stride, apart, output, step);
  }
  for (; x != end; x += stride, output += step) {
    *output = filter_one(op, &channel, x, index, pairs);
  }
}

static SPL_INLINE void short_channels(const spl_short_filter_1d_s8_t *op, const int8_t *input,
                                      int8_t *output, void *scratch, int32_t pairs, int32_t stride,
                                      int32_t apart) {
  const int32_t seen = (op->output_length - 1) * stride + 2 * pairs, room = seen - op->padding;
  const int32_t length = room < op->input_length ? room : op->input_length;
  /* What is read begins at a word. */
  int16_t *signal = (int16_t *)scratch + (op->padding & 1);
  spl_fill_channel(signal, op->padding, op->input_zero_point);
  spl_fill_channel(signal + op->padding + length, room - length, op->input_zero_point);
  for (int32_t i = 0; i < op->input_channels; i++) {
    spl_read_channel(input + i, op->input_channels, length, signal + op->padding);
    for (int32_t j = 0; j < op->multiplier; j++) {
      short_channel(op, signal, i * op->multiplier + j, output, pairs, stride, apart);
    }
  }
}

/* Constants let GCC unroll a variant's sums; the linker leaves out what no model calls. */
#define VARIANT(suffix, pairs, stride, apart)                                                      \
  void spl_short_filter_1d_s8##suffix(const spl_short_filter_1d_s8_t *op, const int8_t *input,     \
                                      int8_t *output, void *scratch) {                             \
    short_channels(op, input, output, scratch, pairs, stride, apart);                              \
  }

VARIANT(_of_2, 2, 1, 2)
VARIANT(_of_3, 3, 1, 2)
VARIANT(_of_4, 4, 1, 2)
VARIANT(_of_5, 5, 1, 2)
VARIANT(_of_6, 6, 1, 2)
VARIANT(_of_7, 7, 1, 2)
VARIANT(_of_8, 8, 1, 2)
VARIANT(_by_2_of_2, 2, 2, 2)
VARIANT(_by_2_of_3, 3, 2, 2)
VARIANT(_by_2_of_4, 4, 2, 2)
VARIANT(_by_2_of_5, 5, 2, 2)
VARIANT(_by_2_of_6, 6, 2, 2)
VARIANT(_by_2_of_7, 7, 2, 2)
VARIANT(_by_2_of_8, 8, 2, 2)
VARIANT(_by_any_of_2, 2, op->stride, op->stride)
VARIANT(_by_any_of_3, 3, op->stride, op->stride)
VARIANT(_by_any_of_4, 4, op->stride, op->stride)
VARIANT(_by_any_of_5, 5, op->stride, op->stride)
VARIANT(_by_any_of_6, 6, op->stride, op->stride)
VARIANT(_by_any_of_7, 7, op->stride, op->stride)
VARIANT(_by_any_of_8, 8, op->stride, op->stride)

#undef VARIANT
