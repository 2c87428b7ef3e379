#include "spl_depthwise_conv_1d_s8.h"

#include "spl_dot.h"
#include "spl_fixed_point.h"

/* Outputs of one pass over the taps; also how many taps a step takes. */
enum { BLOCK = 4 };

static int32_t round_up(int32_t count) {
  return (count + BLOCK - 1) / BLOCK * BLOCK;
}

/* Adds the products of `taps` weights with the signal at BLOCK neighbouring points. */
static void correlate(const int16_t *signal, const int16_t *weights, int32_t taps,
                      int32_t sums[BLOCK]) {
  int32_t sum0 = sums[0], sum1 = sums[1], sum2 = sums[2], sum3 = sums[3];
#if defined(__ARM_FEATURE_DSP)
  int16x2_t x01 = (int16x2_t)spl_load32(signal), x12 = (int16x2_t)spl_load32(signal + 1);
  for (int32_t k = 0; k < taps; k += BLOCK) {
    const int16x2_t w01 = (int16x2_t)spl_load32(weights + k),
                    w23 = (int16x2_t)spl_load32(weights + k + 2);
    const int16x2_t x23 = (int16x2_t)spl_load32(signal + k + 2),
                    x34 = (int16x2_t)spl_load32(signal + k + 3);
    sum0 = __smlad(x01, w01, sum0);
    sum1 = __smlad(x12, w01, sum1);
    sum2 = __smlad(x23, w01, sum2);
    sum3 = __smlad(x34, w01, sum3);
    x01 = (int16x2_t)spl_load32(signal + k + 4);
    x12 = (int16x2_t)spl_load32(signal + k + 5);
    sum0 = __smlad(x23, w23, sum0);
    sum1 = __smlad(x34, w23, sum1);
    sum2 = __smlad(x01, w23, sum2);
    sum3 = __smlad(x12, w23, sum3);
  }
#else
  for (int32_t k = 0; k < taps; k++) {
    const int32_t weight = weights[k];
    sum0 += weight * signal[k];
    sum1 += weight * signal[k + 1];
    sum2 += weight * signal[k + 2];
    sum3 += weight * signal[k + 3];
  }
#endif
  sums[0] = sum0;
  sums[1] = sum1;
  sums[2] = sum2;
  sums[3] = sum3;
}

/* Widens one channel into `signal`: zeros for the padding on both sides, the zero point taken off.
 */
static void widen_channel(const spl_depthwise_conv_1d_s8_t *op, const int8_t *input,
                          int16_t *signal, int32_t length) {
  const int32_t end = op->padding + op->input_length;
  int32_t i = 0;
  for (; i < op->padding; i++) {
    signal[i] = 0;
  }
  for (; i < end && i < length; i++) {
    signal[i] = (int16_t)(*input - op->input_zero_point);
    input += op->channels;
  }
  for (; i < length; i++) {
    signal[i] = 0;
  }
}

void spl_depthwise_conv_1d_s8(const spl_depthwise_conv_1d_s8_t *op, const int8_t *input,
                              int8_t *output, void *scratch) {
  const int32_t taps = round_up(op->taps);
  const int32_t signal_length = round_up(op->output_length) + taps;
  int16_t *weights = scratch;
  int16_t *signal = weights + taps;
  for (int32_t channel = 0; channel < op->channels; channel++) {
    for (int32_t k = 0; k < taps; k++) {
      weights[k] = k < op->taps ? op->weights[channel * op->taps + k] : 0;
    }
    widen_channel(op, input + channel, signal, signal_length);
    const int32_t multiplier = op->multipliers[channel], shift = op->shifts[channel],
                  bias = op->bias[channel];
    int8_t *out = output + channel;
    for (int32_t t = 0; t < op->output_length; t += BLOCK) {
      int32_t sums[BLOCK] = {bias, bias, bias, bias};
      correlate(signal + t, weights, taps, sums);
      for (int32_t i = 0; i < BLOCK && t + i < op->output_length; i++) {
        *out = spl_requantize_s8(sums[i], multiplier, shift, op->output_zero_point, op->output_min,
                                 op->output_max);
        out += op->channels;
      }
    }
  }
}
