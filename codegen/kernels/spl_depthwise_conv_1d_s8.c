#include "spl_depthwise_conv_1d_s8.h"

#include "spl_fixed_point.h"
#include "spl_pairs.h"

/* Points of one channel, each its distance from the zero point, in pairs. */
static void read_channel(const int8_t *input, int32_t channels, int32_t zero_point, int32_t count,
                         int32_t is_odd, int32_t *output) {
  if (is_odd != 0) {
    *output++ = spl_pair(0, *input - zero_point);
    input += channels;
    count--;
  }
  for (const int32_t *end = output + count / 2; output != end;) {
    const int32_t even = *input - zero_point;
    input += channels;
    *output++ = spl_pair(even, *input - zero_point);
    input += channels;
  }
  if ((count & 1) != 0) {
    *output = *input - zero_point;
  }
}

static SPL_INLINE void filter_channels(const spl_depthwise_conv_1d_s8_t *op, const int8_t *input,
                                       int8_t *output, void *scratch, int32_t in_parts) {
  const spl_filter_1d_t *filter = op->filter;
  const spl_stretch_t stretch = spl_filter_begin(filter, 0, op->output_length, scratch);
  for (int32_t i = 0; i < filter->channels; i++) {
    read_channel(input + stretch.begin * filter->channels + i, filter->channels,
                 op->input_zero_point, stretch.length, stretch.is_odd, stretch.signal);
    if (in_parts != 0) {
      spl_filter_channel_in_parts(filter, &stretch, i, output);
    } else {
      spl_filter_channel(filter, &stretch, i, output);
    }
  }
}

void spl_depthwise_conv_1d_s8(const spl_depthwise_conv_1d_s8_t *op, const int8_t *input,
                              int8_t *output, void *scratch) {
  filter_channels(op, input, output, scratch, 0);
}

void spl_depthwise_conv_1d_s8_in_parts(const spl_depthwise_conv_1d_s8_t *op, const int8_t *input,
                                       int8_t *output, void *scratch) {
  filter_channels(op, input, output, scratch, 1);
}
