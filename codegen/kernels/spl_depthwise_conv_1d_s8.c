#include "spl_depthwise_conv_1d_s8.h"

#include "spl_dot.h"
#include "spl_fixed_point.h"
#include "spl_pairs.h"

#include <stddef.h>

/* Outputs of one pass over the taps, taps of one step. */
enum { BLOCK = 6, STEP = 8 };

/* Words of zeros around the signal, over which steps may reach. */
enum { LEAD = 6, TAIL = 7 };

typedef struct {
  int32_t multiplier;
  int32_t shift;
  int32_t rounding;
} scaling_t;

/* What all blocks of one channel share. */
typedef struct {
  uint32_t start_low; /* of the sums, with fields that stay positive */
  uint32_t start_high;
  int32_t late; /* half of the sum before the block */
  int32_t even_bias;
  int32_t odd_bias;
  scaling_t scaling;
  int32_t stride;
  int8_t *before; /* where the output before the block goes */
  int8_t *output;
} channel_t;

static inline int8_t requantize(const scaling_t *scaling, int32_t sum) {
  return (int8_t)spl_requantize_near_s8(sum, scaling->multiplier, scaling->shift,
                                        scaling->rounding);
}

#if defined(__ARM_FEATURE_DSP)
/* A filter's words: the earlier tap is the odd one. */
static void widen_filter(const int8_t *weights, int32_t taps, int32_t *filter) {
  for (const int8_t *end = weights + taps; weights != end; weights += SPL_GROUP) {
    const uint32_t bytes = spl_load_word(weights);
    const int32_t ab = spl_even(bytes), cd = spl_odd(bytes);
    filter = spl_store_words(filter, spl_pair(ab >> 16, ab), spl_pair(cd >> 16, cd));
  }
}

/*
 * Multiplies a pair of taps a, b, that is b + a 2^21, with two values x, y, that is x + y 2^21: the
 * sum over a filter is in its middle field the output at x; in its low field what odd taps add to
 * the output before, and in its high field what even taps add to the output behind.
 */
typedef struct {
  uint32_t low;
  uint32_t high;
} fields_t;

static inline void multiply(fields_t *fields, int32_t taps, int32_t values) {
  __asm__("smlal %0, %1, %2, %3" : "+r"(fields->low), "+r"(fields->high) : "r"(taps), "r"(values));
}

static inline int32_t before(fields_t fields) {
  return (int32_t)(fields.low & 0x1fffffu);
}

static inline int32_t at(fields_t fields) {
  return (int32_t)(fields.low >> 21 | (fields.high & 0x3ffu) << 11);
}

static inline int32_t behind(fields_t fields) {
  return (int32_t)(fields.high >> 10);
}

/* The outputs from the one before the signal's first on, of the filter up to its end. */
static SPL_OUT_OF_LINE void filter_block(channel_t *channel, const int32_t *signal,
                                         const int32_t *filter, const int32_t *end) {
  fields_t first = {channel->start_low, channel->start_high}, second = first, third = first;
  int32_t x0, x1;
  signal = spl_load_words(signal, &x0, &x1);
  while (filter != end) {
    int32_t taps0, taps1, x2, x3;
    filter = spl_load_words(filter, &taps0, &taps1);
    signal = spl_load_words(signal, &x2, &x3);
    multiply(&first, taps0, x0);
    multiply(&second, taps0, x1);
    multiply(&third, taps0, x2);
    multiply(&first, taps1, x1);
    multiply(&second, taps1, x2);
    multiply(&third, taps1, x3);
    filter = spl_load_words(filter, &taps0, &taps1);
    signal = spl_load_words(signal, &x0, &x1);
    multiply(&first, taps0, x2);
    multiply(&second, taps0, x3);
    multiply(&third, taps0, x0);
    multiply(&first, taps1, x3);
    multiply(&second, taps1, x0);
    multiply(&third, taps1, x1);
  }
  const scaling_t scaling = channel->scaling;
  const int32_t even = channel->even_bias, odd = channel->odd_bias, stride = channel->stride;
  int8_t *output = channel->output;
  *channel->before = requantize(&scaling, odd + 2 * (channel->late + before(first)));
  channel->late = behind(third);
  output[0] = requantize(&scaling, even + 2 * at(first));
  output[stride] = requantize(&scaling, odd + 2 * (behind(first) + before(second)));
  output[2 * stride] = requantize(&scaling, even + 2 * at(second));
  output += 3 * stride;
  output[0] = requantize(&scaling, odd + 2 * (behind(second) + before(third)));
  output[stride] = requantize(&scaling, even + 2 * at(third));
}
#else
static void widen_filter(const int8_t *weights, int32_t taps, int32_t *filter) {
  for (const int8_t *end = weights + taps; weights != end; weights += SPL_GROUP) {
    *filter++ = spl_pair(weights[2], weights[0]);
    *filter++ = spl_pair(weights[3], weights[1]);
  }
}

static void filter_block(channel_t *channel, const int32_t *signal, const int32_t *filter,
                         const int32_t *end) {
  const int32_t bias = channel->even_bias;
  int32_t sums[BLOCK + 1] = {channel->late};
  for (; filter != end; filter++, signal++) {
    const int32_t odd = (int16_t)*filter, even = (*filter - odd) >> 16;
    for (int32_t i = 0; i < BLOCK; i += 2) {
      const int32_t x0 = (int16_t)signal[i / 2], x1 = (signal[i / 2] - x0) >> 16;
      sums[i] += odd * x0;
      sums[i + 1] += even * x0 + odd * x1;
      sums[i + 2] += even * x1;
    }
  }
  channel->late = sums[BLOCK];
  int8_t *output = channel->output;
  *channel->before = requantize(&channel->scaling, bias + 2 * sums[0]);
  for (int32_t i = 1; i < BLOCK; i++, output += channel->stride) {
    *output = requantize(&channel->scaling, bias + 2 * sums[i]);
  }
}
#endif

/* Points of one channel, each its distance from the zero point, in pairs. */
static void read_channel(const int8_t *input, int32_t channels, int32_t zero_point, int32_t count,
                         int32_t is_odd, int32_t *output) {
  if (is_odd) {
    *output++ = spl_pair(0, *input - zero_point);
    input += channels;
    count--;
  }
  for (; count > 1; count -= 2) {
    const int32_t even = *input - zero_point;
    input += channels;
    *output++ = spl_pair(even, *input - zero_point);
    input += channels;
  }
  if (count > 0) {
    *output = *input - zero_point;
  }
}

/* The filtered signal at `count` points, where `padding` zeros precede it. */
static void filter_channel(channel_t *channel, const int32_t *signal, int32_t length,
                           int32_t padding, int32_t count, const int32_t *filter, int32_t taps) {
  /* Taps that lie on zeros in all of a block are left out. */
  int32_t first = padding - (BLOCK - 1), last = padding + length + STEP - 1;
  signal -= padding / 2;
  /* Blocks begin a point early: the first one's is written over. */
  for (; count >= 0; count -= BLOCK, first -= BLOCK, last -= BLOCK, signal += BLOCK / 2) {
    const int32_t from = (first > 0 ? first : 0) & -STEP;
    const int32_t to = (last < taps ? last : taps) & -STEP;
    filter_block(channel, signal + from / 2, filter + from / 2, filter + to / 2);
    channel->before = channel->output + (BLOCK - 1) * channel->stride;
    channel->output = channel->before + channel->stride;
  }
}

void spl_depthwise_conv_1d_s8_points(const spl_depthwise_conv_1d_s8_t *op, const int8_t *input,
                                     int32_t first, int32_t count, int8_t *output, void *scratch) {
  /* The stretch of the input that these points see. */
  const int32_t start = first - op->padding, stop = start + count + op->taps - 1;
  const int32_t begin = start < 0 ? 0 : start;
  const int32_t length = (stop < op->input_length ? stop : op->input_length) - begin;
  const int32_t padding = begin - start, is_odd = padding & 1, words = (length + is_odd + 1) / 2;
  int32_t *signal = (int32_t *)scratch + LEAD;
  int32_t *filter = signal + words + TAIL;
  memset(scratch, 0, LEAD * sizeof *signal);
  memset(signal + words, 0, TAIL * sizeof *signal);
  for (int32_t i = 0; i < op->channels; i++) {
    if (op->expansion != NULL) {
      spl_expand_channel(op->expansion, input + 2 * begin, i, length, is_odd, signal);
    } else {
      read_channel(input + begin * op->channels + i, op->channels, op->input_zero_point, length,
                   is_odd, signal);
    }
    widen_filter(op->weights + i * op->taps, op->taps, filter);
    const int32_t bias = op->bias[i], field = SPL_PAIR_FIELDS * op->field_offset;
    const int32_t shift = op->shifts[i];
    channel_t channel = {
        .start_low = (uint32_t)field + ((uint32_t)field << 21),
        .start_high = ((uint32_t)field >> 11) + ((uint32_t)field << 10),
        .late = 0,
        .even_bias = bias - 2 * field,
        .odd_bias = bias - 4 * field,
        .scaling = {op->multipliers[i], shift, spl_rounding(shift, op->output_offset)},
        .stride = op->channels,
        .before = output + i,
        .output = output + i,
    };
    filter_channel(&channel, signal, length, padding, count, filter, op->taps);
  }
}

void spl_depthwise_conv_1d_s8(const spl_depthwise_conv_1d_s8_t *op, const int8_t *input,
                              int8_t *output, void *scratch) {
  spl_depthwise_conv_1d_s8_points(op, input, 0, op->output_length, output, scratch);
}
