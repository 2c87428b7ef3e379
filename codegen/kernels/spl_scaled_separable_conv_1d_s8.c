#include "spl_scaled_separable_conv_1d_s8.h"

#include "spl_fixed_point.h"
#include "spl_pairs.h"

/* All constants of one channel, where no store can change them. */
typedef struct {
  int32_t smallest;
  int32_t factor;
  int32_t factor_multiplier;
  int32_t factor_shift;
  int32_t factor_rounding;
  int32_t less_zero;
  int32_t raised;
  int32_t input_multiplier;
  int32_t input_shift;
  int32_t twice_addend;
  int32_t output_multiplier;
  int32_t output_shift;
  int32_t output_rounding;
} scaling_t;

/* Both operators on one point, its distance from its zero point, to int8. */
static inline int32_t scale(scaling_t by, int32_t value) {
  const int32_t product = (value < by.smallest ? by.smallest : value) * by.factor;
  const int32_t scaled =
      spl_requantize_near_s8(product, by.factor_multiplier, by.factor_shift, by.factor_rounding);
  const int32_t raised = scaled * by.raised + by.less_zero;
  const int32_t rescaled = spl_rescale_twice(raised, by.input_multiplier, by.input_shift) + 1;
  return spl_requantize_near_s8((rescaled & -2) + by.twice_addend, by.output_multiplier,
                                by.output_shift, by.output_rounding);
}

/* All points of one channel in a stretch; what is missing from a pair stays 0. */
static void scale_channel(const spl_scaled_separable_conv_1d_s8_t *op, int32_t channel,
                          const spl_stretch_t *stretch) {
  const spl_mul_channel_s8_t *mul = op->factor;
  const spl_add_channel_s8_t *add = op->addend;
  const scaling_t by = {
      .smallest = op->smallest,
      .factor = mul->factors[channel],
      .factor_multiplier = mul->multiplier,
      .factor_shift = mul->shift,
      .factor_rounding = spl_rounding(mul->shift, mul->output_offset),
      .less_zero = -add->input_zero_point * add->twice_raised,
      .raised = add->twice_raised,
      .input_multiplier = add->input_multiplier,
      .input_shift = add->input_shift,
      .twice_addend = 2 * add->addends[channel],
      .output_multiplier = add->output_multiplier,
      .output_shift = add->output_shift,
      .output_rounding = spl_rounding(add->output_shift, add->output_offset),
  };
  const int32_t zero = op->zero_point, zeros = spl_pair(zero, zero);
  const int32_t words = (stretch->is_odd + stretch->length + 1) / 2;
  int32_t *pair = stretch->signal, *last = pair + words - 1;
  for (; pair <= last; pair++) {
    const int32_t even = scale(by, spl_even_of_pair(*pair));
    *pair = spl_pair(even, scale(by, spl_odd_of_pair(*pair))) - zeros;
  }
  if (stretch->is_odd != 0) {
    *stretch->signal = spl_pair(0, spl_odd_of_pair(*stretch->signal));
  }
  if ((stretch->is_odd + stretch->length) % 2 != 0) {
    *last = spl_even_of_pair(*last);
  }
}

static SPL_INLINE void separate_scaled(const spl_scaled_separable_conv_1d_s8_t *op,
                                       const int8_t *input, int8_t *output, void *scratch,
                                       int32_t in_parts) {
  const spl_pointwise_s8_t *pointwise = op->pointwise;
  int32_t first = 0;
  for (int32_t i = 0; i < op->chunk_count; i++) {
    const int32_t count = op->chunks[i];
    const spl_stretch_t stretch = spl_filter_begin(op->filter, first, count, scratch);
    for (int32_t channel = 0; channel < op->filter->channels; channel++) {
      spl_expand_channel(op->expansion, input + 2 * stretch.begin, channel, stretch.length,
                         stretch.is_odd, stretch.signal);
      scale_channel(op, channel, &stretch);
      if (in_parts != 0) {
        spl_filter_channel_in_parts(op->filter, &stretch, channel, output);
      } else {
        spl_filter_channel(op->filter, &stretch, channel, output);
      }
    }
    spl_pointwise_s8_points(pointwise, output, count, output, scratch);
    output += count / pointwise->pool * pointwise->rows->output_channels;
    first += count;
  }
}

void spl_scaled_separable_conv_1d_s8(const spl_scaled_separable_conv_1d_s8_t *op,
                                     const int8_t *input, int8_t *output, void *scratch) {
  separate_scaled(op, input, output, scratch, 0);
}

void spl_scaled_separable_conv_1d_s8_in_parts(const spl_scaled_separable_conv_1d_s8_t *op,
                                              const int8_t *input, int8_t *output, void *scratch) {
  separate_scaled(op, input, output, scratch, 1);
}
