#ifndef SPL_REDUCE_EXTREMUM_S8_H
#define SPL_REDUCE_EXTREMUM_S8_H

#include <stdint.h>

/* The largest or the smallest value over time of each channel, batch by batch. */
typedef struct {
  int32_t batches;
  int32_t length;
  int32_t channels;
  int32_t sign; /* 1: the largest; -1: the smallest */
} spl_reduce_extremum_s8_t;

/*
 * input: int8 [batches][length][channels]; output: int8 [batches][channels], may be the input. No
 * scratch.
 */
void spl_reduce_extremum_s8(const spl_reduce_extremum_s8_t *op, const int8_t *input, int8_t *output,
                            void *scratch);

#endif
