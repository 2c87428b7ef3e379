#ifndef SPL_ROWS_H
#define SPL_ROWS_H

#include <stdint.h>

/* Rows of weights that stand side by side, group by group, and share the loads of a vector. */
enum { SPL_ROWS = 4 };

/*
 * The dot products of `count` times SPL_ROWS rows with x, added to the bias, or to 0 where that is
 * NULL. weights: int8 [count][row / 4][SPL_ROWS][4]; x: int16 [row], both as in spl_dot.h; bias, sums:
 * int32 [count][SPL_ROWS].
 */
void spl_dot_rows(const int8_t *weights, const int16_t *x, int32_t row, const int32_t *bias,
                  int32_t *sums, int32_t count);

/* Rows of `size` weights in all as int16, in the order of x and otherwise as they stand. */
void spl_widen_rows(const int8_t *weights, int32_t size, int16_t *output);

/* The same of widened rows, without a bias. */
void spl_dot_wide_rows(const int16_t *weights, const int16_t *x, int32_t row, int32_t *sums,
                       int32_t count);

#endif
