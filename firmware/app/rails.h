/* A converter's result as a sample: the middle of its range is 0, and what the amplifier in front of it can
 * give no more is on the rails of a sample, where the front end sees that a cycle is clipped. */
#ifndef RAILS_H
#define RAILS_H

#include <stdint.h>

/* How close an AD8232's output comes to ground and supply (data sheet, output swing). */
#define RAILS_SWING_MV 100u

/* result: of a single-ended conversion; middle: of the converter's range; supply: the amplifier's;
 * swing: RAILS_SWING_MV. All of them in counts. */
static inline int16_t rails_sample(int32_t result, int32_t middle, int32_t supply, int32_t swing) {
  if (result <= swing) {
    return INT16_MIN;
  }
  return result >= supply - swing ? INT16_MAX : (int16_t)(result - middle);
}

/* 12 bits over the amplifier's own supply of 3.3 V. */
static inline int16_t rails_sample_12_bits(uint32_t result) {
  return rails_sample((int32_t)result, 1 << 11, 1 << 12, (RAILS_SWING_MV << 12) / 3300u);
}

#endif
