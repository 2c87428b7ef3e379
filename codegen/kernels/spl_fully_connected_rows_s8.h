#ifndef SPL_FULLY_CONNECTED_ROWS_S8_H
#define SPL_FULLY_CONNECTED_ROWS_S8_H

#include <stdint.h>

/* spl_fully_connected_s8() where there are outputs enough to share the loads of the input. */
typedef struct {
  int32_t points; /* rows of the input */
  int32_t inputs;
  int32_t outputs;
  int32_t output_offset; /* twice the output's zero point plus 1 */
  const int8_t *weights; /* [outputs][inputs], rows as in spl_rows.h, filled up with rows of 0 */
  const int32_t *bias; /* [outputs in whole SPL_ROWS], of twice the sum, zero point taken off */
  const int32_t *multipliers; /* [outputs], as in spl_fixed_point.h */
  const int8_t *shifts; /* [outputs] */
} spl_fully_connected_rows_s8_t;

/* input, output, scratch: as spl_fully_connected_s8() takes them. */
void spl_fully_connected_rows_s8(const spl_fully_connected_rows_s8_t *op, const int8_t *input,
                                 int8_t *output, void *scratch);

/* Inputs that are widened at a time. */
enum { SPL_ROWS_CHUNK = 256 };

/*
 * The same with less scratch where there are more inputs than that, and few outputs: int16
 * [SPL_ROWS_CHUNK], then int32 [outputs in whole SPL_ROWS].
 */
void spl_fully_connected_rows_s8_in_chunks(const spl_fully_connected_rows_s8_t *op,
                                           const int8_t *input, int8_t *output, void *scratch);

#endif
