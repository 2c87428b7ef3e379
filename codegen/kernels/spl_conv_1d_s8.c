#include "spl_conv_1d_s8.h"

#include "spl_clamp_s8.h"
#include "spl_dot.h"
#include "spl_fixed_point.h"

enum { COLUMNS = SPL_CONV_COLUMNS };

/*
 * Widens the run of input values under the window at one point of the convolution, into groups that
 * are `stride` apart. What lies outside of the input is its zero point.
 */
static void widen_column(const int8_t *input, int32_t start, int32_t row, int32_t size,
                         int8_t zero_point, int16_t *column, int32_t stride) {
  if (start >= 0 && start + row <= size) {
    spl_widen_s8(input + start, row, column, stride);
    return;
  }
  for (int32_t i = 0; i < row; i += SPL_GROUP) {
    int8_t group[SPL_GROUP];
    for (int32_t j = 0; j < SPL_GROUP; j++) {
      const int32_t position = start + i + j;
      group[j] = position >= 0 && position < size ? input[position] : zero_point;
    }
    spl_widen_group(group, column);
    column += stride;
  }
}

/* Adds the products of one row of weights with each of COLUMNS columns. */
static inline void dot_columns(const int8_t *weights, int32_t row, const int16_t *x,
                               int32_t sums[COLUMNS]) {
  int32_t sum0 = sums[0], sum1 = sums[1], sum2 = sums[2], sum3 = sums[3], sum4 = sums[4];
  for (const int8_t *end = weights + row; weights != end; weights += SPL_GROUP) {
#if defined(__ARM_FEATURE_DSP)
    const uint32_t bytes = spl_load_word(weights);
    const int16x2_t w0 = spl_even(bytes), w1 = spl_odd(bytes);
    int16x2_t x0, x1;
    x = spl_load_pairs(x, &x0, &x1);
    sum0 = __smlad(w1, x1, __smlad(w0, x0, sum0));
    x = spl_load_pairs(x, &x0, &x1);
    sum1 = __smlad(w1, x1, __smlad(w0, x0, sum1));
    x = spl_load_pairs(x, &x0, &x1);
    sum2 = __smlad(w1, x1, __smlad(w0, x0, sum2));
    x = spl_load_pairs(x, &x0, &x1);
    sum3 = __smlad(w1, x1, __smlad(w0, x0, sum3));
    x = spl_load_pairs(x, &x0, &x1);
    sum4 = __smlad(w1, x1, __smlad(w0, x0, sum4));
#else
    for (int32_t i = 0; i < SPL_GROUP; i++, x++) {
      sum0 += weights[i] * x[0];
      sum1 += weights[i] * x[SPL_GROUP];
      sum2 += weights[i] * x[2 * SPL_GROUP];
      sum3 += weights[i] * x[3 * SPL_GROUP];
      sum4 += weights[i] * x[4 * SPL_GROUP];
    }
    x += (COLUMNS - 1) * SPL_GROUP;
#endif
  }
  sums[0] = sum0;
  sums[1] = sum1;
  sums[2] = sum2;
  sums[3] = sum3;
  sums[4] = sum4;
}

static inline int32_t max(int32_t a, int32_t b) {
  return a > b ? a : b;
}

/* All output channels at one point. */
static void compute_point(const spl_conv_1d_s8_t *op, int32_t row, const int16_t *x,
                          int32_t *sums) {
  for (int32_t channel = 0; channel < op->output_channels; channel++) {
    sums[channel] = spl_dot_s8(op->weights + channel * row, x, row, op->bias[channel]);
  }
}

/* All output channels at COLUMNS points: side by side where pool is 1, or else the largest. */
static void compute_points(const spl_conv_1d_s8_t *op, int32_t row, const int16_t *x, int32_t *sums,
                           int32_t begins_pool) {
  const int32_t channels = op->output_channels, pool = op->pool;
  const int8_t *weights = op->weights;
  const int32_t *bias = op->bias;
  for (const int32_t *end = sums + channels; sums != end; sums++, bias++, weights += row) {
    int32_t block[COLUMNS] = {*bias, *bias, *bias, *bias, *bias};
    dot_columns(weights, row, x, block);
    if (pool == 1) {
      sums[0] = block[0];
      sums[channels] = block[1];
      sums[2 * channels] = block[2];
      sums[3 * channels] = block[3];
      sums[4 * channels] = block[4];
    } else {
      const int32_t largest = max(max(max(block[0], block[1]), max(block[2], block[3])), block[4]);
      *sums = begins_pool ? largest : max(*sums, largest);
    }
  }
}

static void requantize_rows(const spl_conv_1d_s8_t *op, const int32_t *sums, int32_t rows,
                            int8_t *output) {
  const int32_t offset = op->output_offset;
  for (; rows > 0; rows--) {
    const int32_t *multiplier = op->multipliers;
    const int8_t *shift = op->shifts;
    for (const int32_t *end = sums + op->output_channels; sums != end; sums++) {
      *output++ = spl_requantize_s8(*sums, *multiplier++, *shift++, offset);
    }
  }
}

void spl_conv_1d_s8_points(const spl_conv_1d_s8_t *op, const int8_t *input, int32_t input_length,
                           int32_t conv_length, int8_t *output, void *scratch) {
  const int32_t channels = op->input_channels, row = spl_round_up(op->taps * channels);
  const int32_t points = op->pool == 1 ? COLUMNS : op->pool;
  int16_t *x = scratch;
  int32_t *sums = (int32_t *)(x + COLUMNS * row);
  for (int32_t t = 0; t < conv_length; t += points) {
    const int32_t count = conv_length - t < points ? conv_length - t : points;
    for (int32_t i = 0; i < count; i += COLUMNS) {
      const int32_t columns = count == 1 ? 1 : COLUMNS;
      for (int32_t j = 0; j < columns; j++) {
        /* Behind the last point it is repeated, which changes no maximum. */
        const int32_t point = t + (i + j < count ? i + j : count - 1);
        widen_column(input, (point * op->stride - op->padding) * channels, op->taps * channels,
                     input_length * channels, (int8_t)op->input_zero_point, x + j * SPL_GROUP,
                     columns * SPL_GROUP);
      }
      if (columns == 1) {
        compute_point(op, row, x, sums);
      } else {
        compute_points(op, row, x, sums, i == 0);
      }
    }
    const int32_t rows = op->pool == 1 ? count : 1;
    requantize_rows(op, sums, rows, output);
    spl_clamp_s8(output, rows * op->output_channels, op->output_min, op->output_max);
    output += rows * op->output_channels;
  }
}

void spl_conv_1d_s8(const spl_conv_1d_s8_t *op, const int8_t *input, int8_t *output,
                    void *scratch) {
  spl_conv_1d_s8_points(op, input, op->input_length, op->conv_length, output, scratch);
}
