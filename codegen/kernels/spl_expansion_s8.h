#ifndef SPL_EXPANSION_S8_H
#define SPL_EXPANSION_S8_H

#include <stdint.h>

/*
 * Pointwise (1 x 1) convolution of a single channel into many, after the maximum pool that follows
 * it. Each output channel rises or falls with the input, so that the largest of a pool comes from
 * the pool's largest or smallest value, as the sign of the weight says.
 */
typedef struct {
  int32_t output_zero_point;
  int32_t output_offset; /* twice the zero point plus 1 */
  const int8_t *extremes; /* [channels], 0 for the pool's smallest value, 1 for its largest */
  const int8_t *weights; /* [channels] */
  const int32_t *bias; /* [channels], of twice the sum, input zero point taken off */
  const int32_t *multipliers; /* [channels], as in spl_fixed_point.h */
  const int8_t *shifts; /* [channels], as SPL_IS_NEAR wants */
} spl_expansion_s8_t;

/*
 * Points of one output channel as words of pairs, each its distance from the zero point; the first
 * is the odd one of its pair where `is_odd` is set, and what is missing from a pair is 0. input: int8
 * [count][2], the smallest and the largest value of each pool.
 */
void spl_expand_channel(const spl_expansion_s8_t *op, const int8_t *input, int32_t index,
                        int32_t count, int32_t is_odd, int32_t *output);

/* The same where the output's zero point is -128. */
void spl_expand_channel_rectified(const spl_expansion_s8_t *op, const int8_t *input, int32_t index,
                                  int32_t count, int32_t is_odd, int32_t *output);

#endif
