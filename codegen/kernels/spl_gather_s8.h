#ifndef SPL_GATHER_S8_H
#define SPL_GATHER_S8_H

#include <stdint.h>

/* Loops around the runs of neighbouring values that are copied as one. */
enum { SPL_GATHER_AXES = 4 };

/* Values from places that are listed axis by axis, and add up: resizing, mirroring. */
typedef struct {
  int32_t run; /* values side by side in both */
  const int32_t *counts; /* [SPL_GATHER_AXES], turns of each loop, the outermost first */
  const int32_t *places; /* where the turns of each loop are, in values, loop by loop */
} spl_gather_s8_t;

/* input: int8, wherever the places are; output: int8, one run behind the other, elsewhere. No scratch. */
void spl_gather_s8(const spl_gather_s8_t *op, const int8_t *input, int8_t *output, void *scratch);

#endif
