#include "spl_depthwise_conv_2d_s8.h"

#include "spl_channel.h"
#include "spl_filter_3x3.h"
#include "spl_fixed_point.h"

/* Rows of one channel of the input, with what lies beside them. */
typedef struct {
  int16_t *values; /* [rows][pitch] */
  int32_t rows;
  int32_t pitch;
  int32_t padding; /* zero points before the first value of a row */
  int32_t length; /* values of a row that are on the input, and are seen */
} plane_t;

/* The rows of the plane from `first` on, whose row 0 is row `start` of the input. */
static void read_rows(const spl_depthwise_conv_2d_s8_t *op, const plane_t *plane,
                      const int8_t *input, int32_t start, int32_t first) {
  const int32_t channels = op->input_channels, high = op->windows[0].input_length,
                row_size = op->windows[1].input_length * channels;
  int16_t *row = plane->values + first * plane->pitch + plane->padding;
  for (int32_t y = start + first; y < start + plane->rows; y++, row += plane->pitch) {
    if (y < 0 || y >= high) {
      spl_fill_channel(row, plane->length, op->input_zero_point);
    } else {
      spl_read_channel(input + y * row_size, channels, plane->length, row);
    }
  }
}

/* Moves to the rows that the next ones of the output see; returns how many of them are there. */
static int32_t advance(const plane_t *plane, int32_t rows) {
  const int32_t kept = plane->rows > rows ? plane->rows - rows : 0;
  int16_t *to = plane->values;
  const int16_t *from = to + rows * plane->pitch;
  for (const int16_t *end = to + kept * plane->pitch; to != end; to += 2, from += 2) {
    memcpy(to, from, 2 * sizeof *to);
  }
  return kept;
}

static void filter_output(const spl_depthwise_conv_2d_s8_t *op, const spl_filter_2d_t *filter,
                          int32_t index, int8_t *output, int16_t *scratch) {
  const spl_filter_channel_t channel = {
      .weights = op->weights + index * filter->taps_down * op->taps,
      .bias = op->bias[index],
      .multiplier = op->multipliers[index],
      .shift = op->shifts[index],
      .output_offset = op->output_offset,
  };
  if (filter->taps_down == 3 && op->windows[1].taps == 3 && filter->stride_down <= 2 &&
      SPL_IS_NEAR(channel.shift)) {
    spl_filter_3x3(filter, &channel, output + index);
  } else {
    spl_filter_2d(filter, &channel, output + index, scratch);
  }
}

void spl_depthwise_conv_2d_s8(const spl_depthwise_conv_2d_s8_t *op, const int8_t *input,
                              int8_t *output, void *scratch) {
  const spl_window_t *height = &op->windows[0], *width = &op->windows[1];
  const int32_t outputs = op->input_channels * op->multiplier;
  const int32_t seen = ((width->output_length - 1) * width->stride + op->taps + 1) & -2;
  const int32_t room = seen - width->padding;
  int16_t *filter_room = (int16_t *)scratch;
  const plane_t plane = {
      /* What is read begins at a word. */
      .values = filter_room + height->taps * op->taps + (width->padding & 1),
      .rows = (op->rows - 1) * height->stride + height->taps,
      .pitch = seen,
      .padding = width->padding,
      .length = room < width->input_length ? room : width->input_length,
  };
  spl_filter_2d_t filter = {
      .plane = plane.values,
      .pitch = seen,
      .stride_down = height->stride,
      .stride_across = width->stride,
      .taps_down = height->taps,
      .taps_across = op->taps,
      .points = width->output_length,
      .row_step = width->output_length * outputs,
      .point_step = outputs,
  };
  spl_fill_channel(plane.values, plane.rows * seen, op->input_zero_point);
  for (int32_t channel = 0; channel < op->input_channels; channel++) {
    int32_t there = 0;
    for (int32_t i = 0; i < height->output_length; i += op->rows) {
      const int32_t left = height->output_length - i;
      filter.rows = left < op->rows ? left : op->rows;
      if (i > 0) {
        there = advance(&plane, op->rows * height->stride);
      }
      read_rows(op, &plane, input + channel, i * height->stride - height->padding, there);
      for (int32_t j = 0; j < op->multiplier; j++) {
        filter_output(op, &filter, channel * op->multiplier + j, output + i * filter.row_step,
                      filter_room);
      }
    }
  }
}
