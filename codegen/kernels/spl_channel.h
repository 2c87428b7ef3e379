/* One channel of a signal, read out of all of them: int16, of the values as they stand. */
#ifndef SPL_CHANNEL_H
#define SPL_CHANNEL_H

#include "spl_dot.h"
#include "spl_fixed_point.h"
#include "spl_halves.h"

/* `count` points of the zero point, which is what lies outside of a signal. */
static SPL_OUT_OF_LINE void spl_fill_channel(int16_t *channel, int32_t count, int32_t zero_point) {
  const int16_t value = (int16_t)zero_point;
  for (; count >= 4; count -= 4, channel += 4) {
    channel[0] = value, channel[1] = value, channel[2] = value, channel[3] = value;
  }
  for (; count > 0; count--) {
    *channel++ = value;
  }
}

/* Two pairs at a word-aligned address; returns where the next may stand. */
static inline int16_t *spl_store_two(int16_t *address, int32_t first, int32_t second) {
#if defined(__ARM_FEATURE_DSP)
  return spl_store_pairs(address, (uint32_t)first, (uint32_t)second);
#else
  memcpy(address, &first, sizeof first);
  memcpy(address + 2, &second, sizeof second);
  return address + 4;
#endif
}

/* `count` points of the first of so many channels, to a word-aligned address. */
static SPL_INLINE void spl_read_channel(const int8_t *input, int32_t channels, int32_t count,
                                        int16_t *channel) {
  const int32_t three = 3 * channels;
  for (const int16_t *end = channel + (count & -4); channel != end; input += 4 * channels) {
    channel = spl_store_two(channel, spl_halves(input[0], input[channels]),
                            spl_halves(input[2 * channels], input[three]));
  }
  for (count &= 3; count > 0; count--, input += channels) {
    *channel++ = *input;
  }
}

#endif
