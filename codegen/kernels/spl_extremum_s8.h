#ifndef SPL_EXTREMUM_S8_H
#define SPL_EXTREMUM_S8_H

#include <stdint.h>

/* The larger or the smaller of two activations of one scale. */
typedef struct {
  int32_t size;
  int32_t sign; /* 1: the larger; -1: the smaller */
} spl_extremum_s8_t;

/* input, other, output: int8 [size], may be the same. No scratch. */
void spl_extremum_s8(const spl_extremum_s8_t *op, const int8_t *input, const int8_t *other,
                     int8_t *output, void *scratch);

#endif
