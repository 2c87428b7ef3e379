#ifndef SPL_EXTREMUM_BROADCAST_S8_H
#define SPL_EXTREMUM_BROADCAST_S8_H

#include "spl_extremum_s8.h"
#include "spl_repeats_s8.h"

/* The larger or the smaller of two activations, one or both of which are repeated to the output's shape. */
typedef struct {
  const spl_repeats_s8_t *repeats;
  const spl_extremum_s8_t *extremum;
} spl_extremum_broadcast_s8_t;

/* output, scratch: as spl_repeat_s8() takes them, the output elsewhere than the operands. */
void spl_extremum_broadcast_s8(const spl_extremum_broadcast_s8_t *op, const int8_t *input,
                               const int8_t *other, int8_t *output, void *scratch);

#endif
