#ifndef SPL_MATMUL_S8_H
#define SPL_MATMUL_S8_H

#include <stdint.h>

/* Steps from one value to the next along the rows and the columns of a matrix, transposed or not. */
typedef struct {
  int32_t outer; /* rows of the left one, columns of the right one */
  int32_t inner; /* along what is summed */
} spl_matmul_steps_t;

/* Products of matrices, pair by pair. */
typedef struct {
  int32_t batches;
  int32_t rows;
  int32_t columns;
  int32_t depth;
  int32_t left_zero_point;
  int32_t right_zero_point;
  int32_t output_offset; /* twice the zero point plus 1 */
  int32_t multiplier; /* as in spl_fixed_point.h */
  int32_t shift;
  const spl_matmul_steps_t *steps; /* of the left ones and of the right ones */
  const int32_t *starts; /* [batches][2], where each pair's matrices start */
} spl_matmul_s8_t;

/* input, other: int8, the left and the right matrices; output: int8 [batches][rows][columns], elsewhere. No scratch. */
void spl_matmul_s8(const spl_matmul_s8_t *op, const int8_t *input, const int8_t *other,
                   int8_t *output, void *scratch);

#endif
