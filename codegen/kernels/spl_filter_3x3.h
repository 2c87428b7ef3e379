#ifndef SPL_FILTER_3X3_H
#define SPL_FILTER_3X3_H

#include "spl_filter_2d.h"

/* spl_filter_2d() of 3 x 3 taps, with strides down of 1 or 2 and shifts as SPL_IS_NEAR wants. No scratch. */
void spl_filter_3x3(const spl_filter_2d_t *op, const spl_filter_channel_t *channel, int8_t *output);

#endif
