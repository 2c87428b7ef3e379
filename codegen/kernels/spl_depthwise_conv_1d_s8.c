#include "spl_depthwise_conv_1d_s8.h"

#include "spl_dot.h"
#include "spl_fixed_point.h"

/* Outputs of one pass over the taps. */
enum { BLOCK = SPL_GROUP };

/* The products of the taps with the signal at BLOCK neighbouring points; taps in whole groups. */
static inline void correlate(const int16_t *signal, const int16_t *weights, int32_t taps,
                             int32_t sums[BLOCK]) {
  int32_t sum0 = sums[0], sum1 = sums[1], sum2 = sums[2], sum3 = sums[3];
  const int16_t *end = weights + taps;
#if defined(__ARM_FEATURE_DSP)
  int16x2_t x01 = spl_load_pair(signal), x12 = spl_load_pair(signal + 1);
  do {
    const int16x2_t w01 = spl_load_pair(weights), w23 = spl_load_pair(weights + 2);
    const int16x2_t x23 = spl_load_pair(signal + 2), x34 = spl_load_pair(signal + 3);
    sum0 = __smlad(x01, w01, sum0);
    sum1 = __smlad(x12, w01, sum1);
    sum2 = __smlad(x23, w01, sum2);
    sum3 = __smlad(x34, w01, sum3);
    x01 = spl_load_pair(signal + 4);
    x12 = spl_load_pair(signal + 5);
    sum0 = __smlad(x23, w23, sum0);
    sum1 = __smlad(x34, w23, sum1);
    sum2 = __smlad(x01, w23, sum2);
    sum3 = __smlad(x12, w23, sum3);
    weights += SPL_GROUP;
    signal += SPL_GROUP;
  } while (weights != end);
#else
  for (; weights != end; weights++, signal++) {
    const int32_t weight = *weights;
    sum0 += weight * signal[0];
    sum1 += weight * signal[1];
    sum2 += weight * signal[2];
    sum3 += weight * signal[3];
  }
#endif
  sums[0] = sum0;
  sums[1] = sum1;
  sums[2] = sum2;
  sums[3] = sum3;
}

/* One channel of the input, widened point by point; zeros before and behind it. */
typedef struct {
  const int8_t *next;
  int32_t position; /* of the next point, negative in the padding */
} cursor_t;

static void widen_points(const spl_depthwise_conv_1d_s8_t *restrict op, cursor_t *cursor, int16_t *signal,
                         int32_t count) {
  for (const int16_t *end = signal + count; signal != end; signal++) {
    if (cursor->position >= 0 && cursor->position < op->input_length) {
      *signal = (int16_t)(*cursor->next - op->input_zero_point);
      cursor->next += op->channels;
    } else {
      *signal = 0;
    }
    cursor->position++;
  }
}

void spl_depthwise_conv_1d_s8(const spl_depthwise_conv_1d_s8_t *restrict op, const int8_t *input,
                              int8_t *output, void *scratch) {
  const int32_t taps = spl_round_up(op->taps);
  int16_t *weights = scratch;
  int16_t *signal = weights + taps; /* what the chunk's windows see: [taps + chunk] */
  for (int32_t channel = 0; channel < op->channels; channel++) {
    memset(weights + taps - SPL_GROUP, 0, SPL_GROUP * sizeof *weights);
    spl_widen_s8(op->weights + channel * op->taps, weights, op->taps, 0);
    const int32_t multiplier = op->multipliers[channel], shift = op->shifts[channel],
                  bias = op->bias[channel];
    cursor_t cursor = {input + channel, -op->padding};
    int8_t *out = output + channel;
    widen_points(op, &cursor, signal, taps);
    for (int32_t left = op->output_length; left > 0; left -= op->chunk) {
      widen_points(op, &cursor, signal + taps, op->chunk);
      const int32_t count = left < op->chunk ? left : op->chunk;
      for (int32_t t = 0; t < count; t += BLOCK) {
        int32_t sums[BLOCK] = {bias, bias, bias, bias};
        correlate(signal + t, weights, taps, sums);
        for (int32_t i = 0; i < BLOCK && t + i < count; i++) {
          *out = spl_requantize_s8(sums[i], multiplier, shift, op->output_zero_point,
                                   op->output_min, op->output_max);
          out += op->channels;
        }
      }
      memmove(signal, signal + op->chunk, (size_t)taps * sizeof *signal);
    }
  }
}
