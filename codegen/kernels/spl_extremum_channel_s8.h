#ifndef SPL_EXTREMUM_CHANNEL_S8_H
#define SPL_EXTREMUM_CHANNEL_S8_H

#include <stdint.h>

/* Every point, and one constant a channel: the larger or the smaller of both. */
typedef struct {
  int32_t length;
  int32_t channels;
  int32_t sign; /* 1: the larger; -1: the smaller */
  const int8_t *values; /* [channels] */
} spl_extremum_channel_s8_t;

/* input, output: int8 [length][channels], may be the same. No scratch. */
void spl_extremum_channel_s8(const spl_extremum_channel_s8_t *op, const int8_t *input,
                             int8_t *output, void *scratch);

#endif
