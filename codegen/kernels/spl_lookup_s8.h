#ifndef SPL_LOOKUP_S8_H
#define SPL_LOOKUP_S8_H

#include <stdint.h>

/* Any function of one int8: its value at each of the 256 inputs, from -128 on. */
typedef struct {
  int32_t size;
  const int8_t *table; /* [256] */
} spl_lookup_s8_t;

/* input, output: int8 [size], may be the same. No scratch. */
void spl_lookup_s8(const spl_lookup_s8_t *op, const int8_t *input, int8_t *output, void *scratch);

#endif
