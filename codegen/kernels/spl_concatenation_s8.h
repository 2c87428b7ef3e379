#ifndef SPL_CONCATENATION_S8_H
#define SPL_CONCATENATION_S8_H

#include <stdint.h>

/* Several inputs side by side along one axis. */
typedef struct {
  int32_t rows; /* points of the axes before that one */
  int32_t count; /* of inputs */
  const int32_t *runs; /* [count], values of each input in a row */
} spl_concatenation_s8_t;

/* inputs: int8 [rows][runs[i]] each; output: int8 [rows][sum of runs], elsewhere. No scratch. */
void spl_concatenation_s8(const spl_concatenation_s8_t *op, const int8_t *const *inputs,
                          int8_t *output, void *scratch);

#endif
