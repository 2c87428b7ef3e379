#ifndef SPL_ADD_CHANNEL_S8_H
#define SPL_ADD_CHANNEL_S8_H

#include <stdint.h>

/* Every point plus one constant a channel, summed at twice the larger scale and raised. */
typedef struct {
  int32_t length;
  int32_t channels;
  int32_t sign; /* of the points: 1 or -1 */
  int32_t input_zero_point;
  int32_t output_offset; /* twice the zero point plus 1 */
  int32_t twice_raised; /* twice what an input is raised by */
  int32_t input_multiplier; /* as in spl_fixed_point.h */
  int32_t input_shift;
  int32_t output_multiplier;
  int32_t output_shift;
  int32_t output_min;
  int32_t output_max;
  const int32_t *addends; /* [channels], already rescaled and raised */
} spl_add_channel_s8_t;

/* input, output: int8 [length][channels], may be the same. No scratch. */
void spl_add_channel_s8(const spl_add_channel_s8_t *op, const int8_t *input, int8_t *output,
                        void *scratch);

#endif
