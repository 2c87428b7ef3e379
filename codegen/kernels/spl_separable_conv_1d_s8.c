#include "spl_separable_conv_1d_s8.h"

void spl_separable_conv_1d_s8(const spl_separable_conv_1d_s8_t *op, const int8_t *input,
                              int8_t *output, void *scratch) {
  const spl_depthwise_conv_1d_s8_t *depthwise = op->depthwise;
  const spl_conv_1d_s8_t *pointwise = op->pointwise;
  const int32_t length = pointwise->conv_length;
  for (int32_t first = 0; first < length; first += op->chunk) {
    const int32_t count = length - first < op->chunk ? length - first : op->chunk;
    spl_depthwise_conv_1d_s8_points(depthwise, input, first, count, output, scratch);
    spl_conv_1d_s8_points(pointwise, output, count, count, output, scratch);
    output += op->chunk / pointwise->pool * pointwise->output_channels;
  }
}
