#ifndef SPL_REPEATS_S8_H
#define SPL_REPEATS_S8_H

#include "spl_copy_s8.h"

/* How two operands are repeated to the shape of what is made of them. */
typedef struct {
  const spl_copy_s8_t *first; /* NULL: it has that shape */
  const spl_copy_s8_t *second;
} spl_repeats_s8_t;

/*
 * Points both operands to what they are repeated to. output: int8 [size], which takes one of them;
 * scratch: int8 [size] for the other where both are repeated, or else none.
 */
void spl_repeat_s8(const spl_repeats_s8_t *op, const int8_t *operands[2], int8_t *output,
                   void *scratch);

#endif
