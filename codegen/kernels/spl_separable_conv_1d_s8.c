#include "spl_separable_conv_1d_s8.h"

void spl_separable_conv_1d_s8(const spl_separable_conv_1d_s8_t *op, const int8_t *input,
                              int8_t *output, void *scratch) {
  const spl_depthwise_conv_1d_s8_t *depthwise = op->depthwise;
  const spl_pointwise_s8_t *pointwise = op->pointwise;
  int32_t first = 0;
  for (int32_t i = 0; i < op->chunk_count; i++) {
    const int32_t count = op->chunks[i];
    spl_depthwise_conv_1d_s8_points(depthwise, input, first, count, output, scratch);
    spl_pointwise_s8_points(pointwise, output, count, output, scratch);
    output += count / pointwise->pool * pointwise->rows->output_channels;
    first += count;
  }
}
