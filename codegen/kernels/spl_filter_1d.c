#include "spl_filter_1d.h"

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
} filter_scaling_t;

/* What all blocks of one channel share. */
typedef struct {
  uint32_t start_low; /* of the sums, with fields that stay positive */
  uint32_t start_high;
  int32_t late; /* half of the sum before the block */
  int32_t even_bias;
  int32_t odd_bias;
  filter_scaling_t scaling;
  int32_t stride;
  int8_t *before; /* where the output before the block goes */
  int8_t *output;
} filter_channel_t;

static inline int8_t requantize(const filter_scaling_t *scaling, int32_t sum) {
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

static inline int32_t earlier(fields_t fields) {
  return (int32_t)(fields.low & 0x1fffffu);
}

static inline int32_t at(fields_t fields) {
  uint32_t field = fields.low >> 21;
  /* GCC wants a mask for it. */
  __asm__("bfi %0, %1, #11, #10" : "+r"(field) : "r"(fields.high));
  return (int32_t)field;
}

static inline int32_t behind(fields_t fields) {
  return (int32_t)(fields.high >> 10);
}

/* Fields of outputs side by side. */
typedef struct {
  fields_t first;
  fields_t second;
  fields_t third;
} block_fields_t;

/* The sums over the filter up to its end, on the signal from its first value on. */
static SPL_INLINE block_fields_t multiply_block(const filter_channel_t *channel,
                                                const int32_t *signal, const int32_t *filter,
                                                const int32_t *end) {
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
  return (block_fields_t){first, second, third};
}

/* The outputs from the one before the signal's first on, of the filter up to its end. */
static SPL_OUT_OF_LINE void filter_block(filter_channel_t *channel, const int32_t *signal,
                                         const int32_t *filter, const int32_t *end) {
  const block_fields_t fields = multiply_block(channel, signal, filter, end);
  const fields_t first = fields.first, second = fields.second, third = fields.third;
  const filter_scaling_t scaling = channel->scaling;
  const int32_t even = channel->even_bias, odd = channel->odd_bias, stride = channel->stride;
  int8_t *output = channel->output;
  *channel->before = requantize(&scaling, odd + 2 * (channel->late + earlier(first)));
  channel->late = behind(third);
  output[0] = requantize(&scaling, even + 2 * at(first));
  output[stride] = requantize(&scaling, odd + 2 * (behind(first) + earlier(second)));
  output[2 * stride] = requantize(&scaling, even + 2 * at(second));
  output += 3 * stride;
  output[0] = requantize(&scaling, odd + 2 * (behind(second) + earlier(third)));
  output[stride] = requantize(&scaling, even + 2 * at(third));
  channel->before = output + 2 * stride;
  channel->output = output + 3 * stride;
}

/* The same part by part of a filter whose sums do not stay in their fields. */
static SPL_OUT_OF_LINE void filter_block_in_parts(const spl_filter_1d_t *op,
                                                  filter_channel_t *channel, const int32_t *signal,
                                                  const int32_t *filter, const int32_t *end) {
  const int32_t field = op->field_offset, part = op->part / 2,
                bias = channel->even_bias + 2 * field;
  int32_t late = 0, sums[BLOCK] = {channel->late};
  while (filter != end) {
    const int32_t words = end - filter < part ? (int32_t)(end - filter) : part;
    const block_fields_t fields = multiply_block(channel, signal, filter, filter + words);
    sums[0] += earlier(fields.first) - field;
    sums[1] += at(fields.first) - field;
    sums[2] += behind(fields.first) + earlier(fields.second) - 2 * field;
    sums[3] += at(fields.second) - field;
    sums[4] += behind(fields.second) + earlier(fields.third) - 2 * field;
    sums[5] += at(fields.third) - field;
    late += behind(fields.third) - field;
    signal += words;
    filter += words;
  }
  channel->late = late;
  *channel->before = requantize(&channel->scaling, bias + 2 * sums[0]);
  int8_t *output = channel->output;
  for (int32_t i = 1; i < BLOCK; i++, output += channel->stride) {
    *output = requantize(&channel->scaling, bias + 2 * sums[i]);
  }
  channel->before = output;
  channel->output = output + channel->stride;
}
#else
static void widen_filter(const int8_t *weights, int32_t taps, int32_t *filter) {
  for (const int8_t *end = weights + taps; weights != end; weights += SPL_GROUP) {
    *filter++ = spl_pair(weights[2], weights[0]);
    *filter++ = spl_pair(weights[3], weights[1]);
  }
}

static void filter_block(filter_channel_t *channel, const int32_t *signal, const int32_t *filter,
                         const int32_t *end) {
  const int32_t bias = channel->even_bias;
  int32_t before = channel->late, sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0, sum4 = 0, sum5 = 0;
  for (; filter != end; filter++, signal++) {
    const int32_t odd = spl_even_of_pair(*filter), even = spl_odd_of_pair(*filter);
    const int32_t x0 = spl_even_of_pair(signal[0]), x1 = spl_odd_of_pair(signal[0]);
    before += odd * x0;
    sum0 += even * x0 + odd * x1;
    const int32_t x2 = spl_even_of_pair(signal[1]), x3 = spl_odd_of_pair(signal[1]);
    sum1 += even * x1 + odd * x2;
    sum2 += even * x2 + odd * x3;
    const int32_t x4 = spl_even_of_pair(signal[2]), x5 = spl_odd_of_pair(signal[2]);
    sum3 += even * x3 + odd * x4;
    sum4 += even * x4 + odd * x5;
    sum5 += even * x5;
  }
  channel->late = sum5;
  int8_t *output = channel->output;
  const int32_t sums[BLOCK] = {before, sum0, sum1, sum2, sum3, sum4};
  *channel->before = requantize(&channel->scaling, bias + 2 * before);
  for (int32_t i = 1; i < BLOCK; i++, output += channel->stride) {
    *output = requantize(&channel->scaling, bias + 2 * sums[i]);
  }
  channel->before = output;
  channel->output = output + channel->stride;
}

static void filter_block_in_parts(const spl_filter_1d_t *op, filter_channel_t *channel,
                                  const int32_t *signal, const int32_t *filter,
                                  const int32_t *end) {
  (void)op;
  filter_block(channel, signal, filter, end);
}
#endif

/* The filtered stretch of one channel. */
static SPL_INLINE void filter_stretch(const spl_filter_1d_t *op, filter_channel_t *channel,
                                      const spl_stretch_t *stretch, int32_t in_parts) {
  const int32_t taps = op->taps, *filter = stretch->filter,
                *signal = stretch->signal - stretch->padding / 2;
  /* Taps that lie on zeros in all of a block are left out. */
  int32_t first = stretch->padding - (BLOCK - 1),
          last = stretch->padding + stretch->length + STEP - 1;
  /* Blocks begin a point early: the first one's is written over. */
  for (int32_t count = stretch->count; count >= 0;
       count -= BLOCK, first -= BLOCK, last -= BLOCK, signal += BLOCK / 2) {
    const int32_t from = (first > 0 ? first : 0) & -STEP;
    const int32_t to = (last < taps ? last : taps) & -STEP;
    if (in_parts != 0) {
      filter_block_in_parts(op, channel, signal + from / 2, filter + from / 2, filter + to / 2);
    } else {
      filter_block(channel, signal + from / 2, filter + from / 2, filter + to / 2);
    }
  }
}

spl_stretch_t spl_filter_begin(const spl_filter_1d_t *op, int32_t first, int32_t count,
                               void *scratch) {
  const int32_t start = first - op->padding, stop = start + count + op->taps - 1;
  const int32_t begin = start < 0 ? 0 : start;
  const int32_t length = (stop < op->input_length ? stop : op->input_length) - begin;
  const int32_t padding = begin - start, is_odd = padding & 1, words = (length + is_odd + 1) / 2;
  int32_t *signal = (int32_t *)scratch + LEAD;
  for (int32_t i = 0; i < LEAD; i++) {
    signal[i - LEAD] = 0;
  }
  for (int32_t i = 0; i < TAIL; i++) {
    signal[words + i] = 0;
  }
  return (spl_stretch_t){count, begin, length, padding, is_odd, signal, signal + words + TAIL};
}

static SPL_INLINE void filter_channel(const spl_filter_1d_t *op, const spl_stretch_t *stretch,
                                      int32_t index, int8_t *output, int32_t in_parts) {
  const int32_t bias = op->bias[index], field = SPL_PAIR_FIELDS * op->field_offset;
  const int32_t shift = op->shifts[index];
  filter_channel_t channel = {
      .start_low = (uint32_t)field + ((uint32_t)field << 21),
      .start_high = ((uint32_t)field >> 11) + ((uint32_t)field << 10),
      .late = 0,
      .even_bias = bias - 2 * field,
      .odd_bias = bias - 4 * field,
      .scaling = {op->multipliers[index], shift, spl_rounding(shift, op->output_offset)},
      .stride = op->channels,
      .before = output + index,
      .output = output + index,
  };
  widen_filter(op->weights + index * op->taps, op->taps, stretch->filter);
  filter_stretch(op, &channel, stretch, in_parts);
}

void spl_filter_channel(const spl_filter_1d_t *op, const spl_stretch_t *stretch, int32_t index,
                        int8_t *output) {
  filter_channel(op, stretch, index, output, 0);
}

void spl_filter_channel_in_parts(const spl_filter_1d_t *op, const spl_stretch_t *stretch,
                                 int32_t index, int8_t *output) {
  filter_channel(op, stretch, index, output, 1);
}
