#ifndef SPL_MAX_POOL_2D_S8_H
#define SPL_MAX_POOL_2D_S8_H

#include "spl_window_2d.h"

#include <stdint.h>

/* The largest value of each window over height and width, channel by channel. */
typedef struct {
  const spl_window_t *windows; /* height, width */
  int32_t channels;
  int32_t output_min;
  int32_t output_max;
} spl_max_pool_2d_s8_t;

/*
 * input: int8 [height][width][channels]; output: int8 [height][width][channels], elsewhere. No
 * scratch.
 */
void spl_max_pool_2d_s8(const spl_max_pool_2d_s8_t *op, const int8_t *input, int8_t *output,
                        void *scratch);

#endif
