#include "spl_separable_conv_1d_s8.h"

#include "spl_fixed_point.h"

/* What is known of expansion and filter. */
typedef enum { PLAIN, IN_PARTS, RECTIFIED } kind_t;

static SPL_INLINE void separate(const spl_separable_conv_1d_s8_t *op, const int8_t *input,
                                int8_t *output, void *scratch, kind_t kind) {
  const spl_pointwise_s8_t *pointwise = op->pointwise;
  int32_t first = 0;
  for (int32_t i = 0; i < op->chunk_count; i++) {
    const int32_t count = op->chunks[i];
    const spl_stretch_t stretch = spl_filter_begin(op->filter, first, count, scratch);
    for (int32_t channel = 0; channel < op->filter->channels; channel++) {
      if (kind == RECTIFIED) {
        spl_expand_channel_rectified(op->expansion, input + 2 * stretch.begin, channel,
                                     stretch.length, stretch.is_odd, stretch.signal);
      } else {
        spl_expand_channel(op->expansion, input + 2 * stretch.begin, channel, stretch.length,
                           stretch.is_odd, stretch.signal);
      }
      if (kind == IN_PARTS) {
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

void spl_separable_conv_1d_s8(const spl_separable_conv_1d_s8_t *op, const int8_t *input,
                              int8_t *output, void *scratch) {
  separate(op, input, output, scratch, PLAIN);
}

void spl_separable_conv_1d_s8_in_parts(const spl_separable_conv_1d_s8_t *op, const int8_t *input,
                                       int8_t *output, void *scratch) {
  separate(op, input, output, scratch, IN_PARTS);
}

void spl_separable_conv_1d_s8_rectified(const spl_separable_conv_1d_s8_t *op, const int8_t *input,
                                        int8_t *output, void *scratch) {
  separate(op, input, output, scratch, RECTIFIED);
}
