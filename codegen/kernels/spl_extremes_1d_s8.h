#ifndef SPL_EXTREMES_1D_S8_H
#define SPL_EXTREMES_1D_S8_H

#include <stdint.h>

/* The smallest and the largest value of every `pool` points of a single channel. */
typedef struct {
  int32_t input_length;
  int32_t output_length;
  int32_t pool;
} spl_extremes_1d_s8_t;

/*
 * input: int8 [input_length]; output: int8 [output_length][2], may be the input where pool is over
 * 1. No scratch.
 */
void spl_extremes_1d_s8(const spl_extremes_1d_s8_t *op, const int8_t *input, int8_t *output,
                        void *scratch);

#endif
