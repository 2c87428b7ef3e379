#ifndef SPL_FILTER_1D_H
#define SPL_FILTER_1D_H

#include <stdint.h>

/* Filters over time, stride 1: one of `taps` points a channel. */
typedef struct {
  int32_t input_length;
  int32_t channels;
  int32_t taps; /* in whole steps of eight, filled up with weights of 0 */
  int32_t part; /* taps, whole steps too, over which sums stay in their fields */
  int32_t padding; /* zeros before the first point */
  int32_t output_offset; /* twice the output's zero point plus 1 */
  int32_t
      field_offset; /* makes positive what sums over `part` taps come to, and keeps them < 2^21 */
  const int8_t *weights; /* [channels][taps], rows as in spl_dot.h */
  const int32_t *bias; /* [channels], of twice the sum */
  const int32_t *multipliers; /* [channels], as in spl_fixed_point.h */
  const int8_t *shifts; /* [channels], as SPL_IS_NEAR wants */
} spl_filter_1d_t;

/* The stretch of the input that some points of the output see; what there is of it in scratch. */
typedef struct {
  int32_t count; /* points of the output */
  int32_t begin; /* the first point of the input, and how many */
  int32_t length;
  int32_t padding; /* zeros before it */
  int32_t is_odd; /* whether its first point is the odd one of a pair */
  int32_t *signal; /* pairs, as in spl_pairs.h */
  int32_t *filter;
} spl_stretch_t;

/*
 * What `count` points of the output from `first` on see. scratch: word aligned, for `seen` input
 * points int32 [seen / 2 + 14] and [taps / 2].
 */
spl_stretch_t spl_filter_begin(const spl_filter_1d_t *op, int32_t first, int32_t count,
                               void *scratch);

/*
 * The output of one channel, whose points stand in the stretch's signal, each its distance from the
 * zero point. output: int8 [count / 6 * 6 + 5][channels].
 */
void spl_filter_channel(const spl_filter_1d_t *op, const spl_stretch_t *stretch, int32_t index,
                        int8_t *output);

/* The same where `part` is less than `taps`. */
void spl_filter_channel_in_parts(const spl_filter_1d_t *op, const spl_stretch_t *stretch,
                                 int32_t index, int8_t *output);

#endif
