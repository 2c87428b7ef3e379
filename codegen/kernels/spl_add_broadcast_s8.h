#ifndef SPL_ADD_BROADCAST_S8_H
#define SPL_ADD_BROADCAST_S8_H

#include "spl_add_s8.h"
#include "spl_repeats_s8.h"

/* The sum or the difference of two activations, one or both of which are repeated to the output's shape. */
typedef struct {
  const spl_repeats_s8_t *repeats;
  const spl_add_s8_t *add;
} spl_add_broadcast_s8_t;

/* output, scratch: as spl_repeat_s8() takes them, the output elsewhere than the operands. */
void spl_add_broadcast_s8(const spl_add_broadcast_s8_t *op, const int8_t *input,
                          const int8_t *other, int8_t *output, void *scratch);

#endif
