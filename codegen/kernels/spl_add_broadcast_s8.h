#ifndef SPL_ADD_BROADCAST_S8_H
#define SPL_ADD_BROADCAST_S8_H

#include "spl_add_s8.h"
#include "spl_copy_s8.h"

#include <stdint.h>

/* The sum or the difference of two activations, one or both of which are repeated to the output's shape. */
typedef struct {
  const spl_copy_s8_t *first; /* how the input is repeated, NULL: it is not */
  const spl_copy_s8_t *second; /* the same of the other */
  const spl_add_s8_t *add;
} spl_add_broadcast_s8_t;

/* output: int8 [size], elsewhere. scratch: int8 [size] where both are repeated, or else none. */
void spl_add_broadcast_s8(const spl_add_broadcast_s8_t *op, const int8_t *input,
                          const int8_t *other, int8_t *output, void *scratch);

#endif
