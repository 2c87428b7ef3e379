#ifndef SPL_AVERAGE_POOL_1D_S8_H
#define SPL_AVERAGE_POOL_1D_S8_H

#include <stdint.h>

/* The mean of each window along time, rounded with halves away from zero, channel by channel. */
typedef struct {
  int32_t input_length;
  int32_t output_length;
  int32_t channels;
  int32_t window;
  int32_t stride;
  int32_t padding; /* points of the first window that lie before the input; they do not count */
  int32_t output_min;
  int32_t output_max;
} spl_average_pool_1d_s8_t;

/*
 * input: int8 [input_length][channels]; output: int8 [output_length][channels], may be the input
 * where windows do not overlap and nothing is padded. No scratch.
 */
void spl_average_pool_1d_s8(const spl_average_pool_1d_s8_t *op, const int8_t *input, int8_t *output,
                            void *scratch);

#endif
