#ifndef SPL_AVERAGE_POOL_2D_S8_H
#define SPL_AVERAGE_POOL_2D_S8_H

#include "spl_window_2d.h"

#include <stdint.h>

/* The mean of each window over height and width, rounded with halves away from zero. */
typedef struct {
  const spl_window_t *windows; /* height, width; what lies outside of the input does not count */
  int32_t channels;
  int32_t output_min;
  int32_t output_max;
} spl_average_pool_2d_s8_t;

/*
 * input: int8 [height][width][channels]; output: int8 [height][width][channels], elsewhere. No
 * scratch.
 */
void spl_average_pool_2d_s8(const spl_average_pool_2d_s8_t *op, const int8_t *input, int8_t *output,
                            void *scratch);

#endif
