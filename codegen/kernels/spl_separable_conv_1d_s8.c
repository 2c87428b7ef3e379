#include "spl_separable_conv_1d_s8.h"

#include "spl_dot.h"

void spl_separable_conv_1d_s8(const spl_separable_conv_1d_s8_t *op, const int8_t *input,
                              int8_t *output, void *scratch) {
  const spl_depthwise_conv_1d_s8_t *depthwise = op->depthwise;
  const spl_conv_1d_s8_t *pointwise = op->pointwise;
  const int32_t length = pointwise->conv_length;
  int8_t *between = scratch;
  int8_t *rest = between + spl_round_up(op->chunk * depthwise->channels);
  for (int32_t first = 0; first < length; first += op->chunk) {
    const int32_t count = length - first < op->chunk ? length - first : op->chunk;
    spl_depthwise_conv_1d_s8_points(depthwise, input, first, count, between, rest);
    spl_conv_1d_s8_points(pointwise, between, count, count, output, rest);
    output += op->chunk / pointwise->pool * pointwise->output_channels;
  }
}
