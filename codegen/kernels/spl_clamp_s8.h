#ifndef SPL_CLAMP_S8_H
#define SPL_CLAMP_S8_H

#include <stdint.h>

/* Clamps values in place to a fused activation's range; the range of int8 itself costs nothing. */
void spl_clamp_s8(int8_t *values, int32_t count, int32_t low, int32_t high);

#endif
