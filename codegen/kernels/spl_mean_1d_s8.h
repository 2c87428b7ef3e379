#ifndef SPL_MEAN_1D_S8_H
#define SPL_MEAN_1D_S8_H

#include <stdint.h>

/* The mean over time of each channel, batch by batch. */
typedef struct {
  int32_t batches;
  int32_t length;
  int32_t channels;
  int32_t twice_bias; /* twice the sum of so many zero points, to be added */
  int32_t multiplier; /* as in spl_fixed_point.h, but from 2^29 on */
  int32_t shift;
  int32_t output_offset; /* twice the zero point plus 1 */
} spl_mean_1d_s8_t;

/*
 * input: int8 [batches][length][channels]; output: int8 [batches][channels], may be the input. No
 * scratch.
 */
void spl_mean_1d_s8(const spl_mean_1d_s8_t *op, const int8_t *input, int8_t *output, void *scratch);

#endif
