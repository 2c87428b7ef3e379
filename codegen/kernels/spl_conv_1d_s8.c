#include "spl_conv_1d_s8.h"

#include "spl_clamp_s8.h"
#include "spl_dot.h"
#include "spl_fixed_point.h"

enum { COLUMNS = SPL_CONV_COLUMNS };

/*
 * Widens the run of input values under the window that starts at `start`, in groups with a gap
 * between them. What lies outside of the input is its zero point.
 */
static void widen_column(const int8_t *input, int32_t start, int32_t row, int32_t size,
                         int32_t zero_point, int16_t *column, int32_t gap) {
  if (start >= 0 && start + row <= size) {
    spl_widen_s8(input + start, row, column, gap);
    return;
  }
  for (int32_t i = start; i < start + row; i += SPL_GROUP) {
    int8_t group[SPL_GROUP];
    for (int32_t j = 0; j < SPL_GROUP; j++) {
      group[j] = (int8_t)(i + j >= 0 && i + j < size ? input[i + j] : zero_point);
    }
    column = spl_widen_group(group, column) + gap;
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
  const int32_t channels = op->input_channels, row = op->taps * channels,
                step = op->stride * channels, size = input_length * channels,
                points = op->pool == 1 ? COLUMNS : op->pool;
  int16_t *x = scratch;
  int32_t *sums = (int32_t *)(x + COLUMNS * spl_round_up(row));
  int32_t start = -op->padding * channels;
  for (int32_t left = conv_length; left > 0; left -= points) {
    const int32_t count = left < points ? left : points;
    const int32_t columns = count == 1 ? 1 : COLUMNS;
    for (int32_t i = 0; i < count; i += columns) {
      for (int32_t j = 0; j < columns; j++) {
        widen_column(input, start, row, size, op->input_zero_point, x + j * SPL_GROUP,
                     (columns - 1) * SPL_GROUP);
        /* Behind the last point it is repeated, which changes no maximum. */
        start += i + j + 1 < count ? step : 0;
      }
      if (columns == 1) {
        compute_point(op, spl_round_up(row), x, sums);
      } else {
        compute_points(op, spl_round_up(row), x, sums, i == 0);
      }
    }
    start += step;
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
