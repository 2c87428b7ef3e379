#ifndef SPL_COPY_S8_H
#define SPL_COPY_S8_H

#include <stdint.h>

/* Loops around the runs of neighbouring values that are copied as one. */
enum { SPL_COPY_AXES = 4 };

/* Steps from one turn of a loop to the next, in values; the input's may be 0 or negative. */
typedef struct {
  int32_t count;
  int32_t input_step;
  int32_t output_step;
} spl_copy_axis_t;

/* A block of the input to a block of the output: padding, slicing, broadcasting. */
typedef struct {
  int32_t run; /* values side by side in both */
  int32_t input_start;
  int32_t output_start;
  int32_t filled; /* output values that are set to `fill` first */
  int32_t fill;
  const spl_copy_axis_t *axes; /* [SPL_COPY_AXES], the outermost first */
} spl_copy_s8_t;

/* input, output: int8, wherever the axes reach, not the same. No scratch. */
void spl_copy_s8(const spl_copy_s8_t *op, const int8_t *input, int8_t *output, void *scratch);

#endif
