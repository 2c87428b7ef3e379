#include "spl_depthwise_conv_1d_s8.h"

#include "spl_clamp_s8.h"
#include "spl_dot.h"
#include "spl_fixed_point.h"

#include <stddef.h>

/* Outputs of one pass over the taps, and zeros around the signal, over which passes may reach. */
enum { BLOCK = 4, LEAD = 8, TAIL = 8 };

#if defined(__ARM_FEATURE_DSP)
/* Pairs of the halves of two pairs; GCC does not find PKHBT and PKHTB. */
static inline uint32_t pack_low_low(uint32_t a, uint32_t b) {
  uint32_t pair;
  __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(pair) : "r"(a), "r"(b));
  return pair;
}

static inline uint32_t pack_low_high(uint32_t a, uint32_t b) {
  uint32_t pair;
  __asm__("pkhbt %0, %1, %2" : "=r"(pair) : "r"(a), "r"(b));
  return pair;
}

static inline uint32_t pack_high_high(uint32_t a, uint32_t b) {
  uint32_t pair;
  __asm__("pkhtb %0, %2, %1, asr #16" : "=r"(pair) : "r"(a), "r"(b));
  return pair;
}

/*
 * Filters for outputs at even and at odd distances, so that all read the signal at even ones: for
 * taps a, b, c, d after tap z the pairs (z, a), (b, c), then (a, b), (c, d).
 */
static void widen_filter(const int8_t *weights, int32_t taps, int16_t *pairs) {
  uint32_t yz = 0;
  for (const int8_t *end = weights + taps; weights != end; weights += SPL_GROUP) {
    const uint32_t bytes = spl_load_word(weights);
    const uint32_t ac = (uint32_t)spl_even(bytes), bd = (uint32_t)spl_odd(bytes);
    pairs = spl_store_pairs(pairs, pack_high_high(yz, ac << 16), pack_low_high(bd, ac));
    pairs = spl_store_pairs(pairs, pack_low_low(ac, bd), pack_high_high(ac, bd));
    yz = bd;
  }
  pairs[0] = (int16_t)(yz >> 16);
  pairs[1] = 0;
}

/* BLOCK sums, and the pairs of the signal that the next four taps start with. */
typedef struct {
  int32_t sums[BLOCK];
  int16x2_t x0;
  int16x2_t x1;
} window_t;

/* Adds the products with four taps. */
static inline void slide(window_t *window, const int16_t **signal, const int16_t **filter) {
  int32_t *sums = window->sums;
  int16x2_t odd0, odd1, even0, even1, x0 = window->x0, x1 = window->x1;
  *filter = spl_load_pairs(*filter, &odd0, &odd1);
  *filter = spl_load_pairs(*filter, &even0, &even1);
  sums[0] = __smlad(x0, even0, sums[0]);
  sums[1] = __smlad(x0, odd0, sums[1]);
  sums[2] = __smlad(x1, even0, sums[2]);
  sums[3] = __smlad(x1, odd0, sums[3]);
  sums[0] = __smlad(x1, even1, sums[0]);
  sums[1] = __smlad(x1, odd1, sums[1]);
  *signal = spl_load_pairs(*signal, &x0, &x1);
  sums[2] = __smlad(x0, even1, sums[2]);
  sums[3] = __smlad(x0, odd1, sums[3]);
  window->x0 = x0;
  window->x1 = x1;
}

/* bias + the products of the filter up to its end with the signal at BLOCK neighbouring points. */
static inline void correlate(const int16_t *signal, const int16_t *filter, const int16_t *end,
                             int32_t bias, int32_t sums[BLOCK]) {
  window_t window = {.sums = {bias, bias, bias, bias}};
  signal = spl_load_pairs(signal, &window.x0, &window.x1);
  if ((end - filter) % (4 * SPL_GROUP) != 0) {
    slide(&window, &signal, &filter);
  }
  while (filter != end) {
    slide(&window, &signal, &filter);
    slide(&window, &signal, &filter);
  }
  const int16x2_t odd = spl_load_pair(filter);
  sums[0] = window.sums[0];
  sums[1] = __smlad(window.x0, odd, window.sums[1]);
  sums[2] = window.sums[2];
  sums[3] = __smlad(window.x1, odd, window.sums[3]);
}
#else
static inline void correlate(const int16_t *signal, const int8_t *filter, const int8_t *end,
                             int32_t bias, int32_t sums[BLOCK]) {
  for (int32_t i = 0; i < BLOCK; i++) {
    sums[i] = bias;
  }
  for (; filter != end; filter++, signal++) {
    const int32_t weight = *filter;
    sums[0] += weight * signal[0];
    sums[1] += weight * signal[1];
    sums[2] += weight * signal[2];
    sums[3] += weight * signal[3];
  }
}
#endif

/* Points of one channel, each twice its distance from the zero point. */
static void read_channel(const int8_t *input, int32_t channels, int32_t zero_point, int32_t count,
                         int16_t *output) {
  const int32_t twice_zero = 2 * zero_point;
  for (const int16_t *end = output + count; output != end; input += channels) {
    *output++ = (int16_t)(2 * *input - twice_zero);
  }
}

/* The filtered signal at `count` points from the first on, where `padding` zeros precede it. */
static void filter_channel(const spl_depthwise_conv_1d_s8_t *op, int32_t channel,
                           const int16_t *signal, int32_t length, int32_t padding, int32_t count,
                           int8_t *output, int16_t *room) {
  const int32_t taps = op->taps, stride = op->channels, bias = op->bias[channel],
                multiplier = op->multipliers[channel], shift = op->shifts[channel],
                offset = op->output_offset;
#if defined(__ARM_FEATURE_DSP)
  enum { STEP = 2 };
  const int16_t *filter = room;
  widen_filter(op->weights + channel * taps, taps, room);
#else
  enum { STEP = 1 };
  const int8_t *filter = op->weights + channel * taps;
  (void)room;
#endif
  /* Taps that lie on zeros in all of a block are left out. */
  const int32_t lead = (padding - (BLOCK - 1)) & -SPL_GROUP, reach = spl_round_up(padding + length);
  const int32_t in_blocks = shift >= 0 ? count & -BLOCK : 0;
  for (int32_t t = 0; t < count; t += BLOCK) {
    const int32_t first = lead > t ? lead - t : 0;
    const int32_t last = reach - t < taps ? reach - t : taps;
    int32_t sums[BLOCK];
    correlate(signal + t + first - padding, filter + STEP * first, filter + STEP * last, bias,
              sums);
    if (t < in_blocks) {
      output[0] = spl_requantize_right_s8(sums[0], multiplier, shift, offset);
      output[stride] = spl_requantize_right_s8(sums[1], multiplier, shift, offset);
      output += 2 * stride;
      output[0] = spl_requantize_right_s8(sums[2], multiplier, shift, offset);
      output[stride] = spl_requantize_right_s8(sums[3], multiplier, shift, offset);
      output += 2 * stride;
      continue;
    }
    for (int32_t i = 0; i < BLOCK && t + i < count; i++, output += stride) {
      *output = spl_requantize_s8(sums[i], multiplier, shift, offset);
    }
  }
}

void spl_depthwise_conv_1d_s8_points(const spl_depthwise_conv_1d_s8_t *op, const int8_t *input,
                                     int32_t first, int32_t count, int8_t *output, void *scratch) {
  /* The stretch of the input that these points see. */
  const int32_t start = first - op->padding, stop = start + count + op->taps - 1;
  const int32_t begin = start < 0 ? 0 : start;
  const int32_t length = (stop < op->input_length ? stop : op->input_length) - begin;
  const int32_t padding = begin - start;
  int16_t *room = scratch;
  /* An even distance from the padding's first zero, for the sake of aligned pairs. */
  int16_t *signal = room + LEAD - (padding & 1);
  int16_t *filter = room + LEAD + TAIL + spl_round_up(length);
  memset(room, 0, LEAD * sizeof *room);
  memset(signal + length, 0, TAIL * sizeof *signal);
  for (int32_t channel = 0; channel < op->channels; channel++) {
    if (op->expansion != NULL) {
      spl_expand_channel(op->expansion, input + 2 * begin, channel, length, signal);
    } else {
      read_channel(input + begin * op->channels + channel, op->channels, op->input_zero_point,
                   length, signal);
    }
    filter_channel(op, channel, signal, length, padding, count, output + channel, filter);
  }
  spl_clamp_s8(output, count * op->channels, op->output_min, op->output_max);
}

void spl_depthwise_conv_1d_s8(const spl_depthwise_conv_1d_s8_t *op, const int8_t *input,
                              int8_t *output, void *scratch) {
  spl_depthwise_conv_1d_s8_points(op, input, 0, op->output_length, output, scratch);
}
