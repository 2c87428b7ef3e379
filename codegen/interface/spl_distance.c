#include "spl_distance.h"

#if SPL_HAS_DISTANCE
#include "spl_distance_config.h"
#include "spl_frontend_parts.h"
#include "spl_model.h"

/* Bounds, for any cycle and any constants that a model card may hold: |cycle|, |mean| <= 2^15, and
 * the greatest value of a component is 127.
 *   away: a difference of two int16, at most 65,535, so that its length is at most 481,580.
 *   along: at most 54 * 127 * 65,535 < 2^29.
 *   coefficients: a length of away over one of a component, 9 fraction bits: 481,580 / 127 * 512 < 2^21;
 *     as an int64 before its shift it is below 2^56. Held to a range that has 0 in it, it is no larger.
 *   explained: of each component at most the length of away, so 8 * 481,580 * 512 < 1.98e9 < 2^31.
 *   rest: 65,535 + 8 * 481,580 < 2^22; the 54 squares are below 2^50.
 */
#define COEFFICIENT_BITS 9
#define RECIPROCAL_BITS 44
#define TO_COEFFICIENT (RECIPROCAL_BITS - COEFFICIENT_BITS)
/* Makes a sum of points positive. */
#define POSITIVE 32768

/* A value of the cycle: the mean of its points, a half rounded up. */
static int32_t value_of(const int16_t sums[SPL_DISTANCE_POINTS], uint32_t lift) {
  const int32_t sum = spl_mean_point(sums[0], lift) + spl_mean_point(sums[1], lift) +
                      spl_mean_point(sums[2], lift) + spl_mean_point(sums[3], lift) +
                      spl_mean_point(sums[4], lift);
  const int32_t positive = sum + SPL_DISTANCE_POINTS * POSITIVE + SPL_DISTANCE_POINTS / 2;
  return (int32_t)((uint32_t)positive / SPL_DISTANCE_POINTS) - POSITIVE;
}

/* How much of a component is in the cycle, `along` being the sum of products. */
static int32_t coefficient(int32_t along, uint32_t component) {
  const int64_t exact = (int64_t)along * distance_reciprocals[component];
  const int32_t found = (int32_t)((exact + (INT64_C(1) << (TO_COEFFICIENT - 1))) >> TO_COEFFICIENT);
  if (found < distance_least[component]) {
    return distance_least[component];
  }
  return found > distance_greatest[component] ? distance_greatest[component] : found;
}

/* The same of all components, four at a time, so that the sums are in registers. */
static void project(const int32_t away[SPL_DISTANCE_VALUES],
                    int32_t coefficients[SPL_DISTANCE_COMPONENTS]) {
  for (uint32_t k = 0; k < SPL_DISTANCE_COMPONENTS; k += 4u) {
    int32_t a = 0;
    int32_t b = 0;
    int32_t c = 0;
    int32_t d = 0;
    for (uint32_t i = 0; i < SPL_DISTANCE_VALUES; i++) {
      const int8_t *weights = &distance_components[i][k];
      a += away[i] * weights[0];
      b += away[i] * weights[1];
      c += away[i] * weights[2];
      d += away[i] * weights[3];
    }
    coefficients[k] = coefficient(a, k);
    coefficients[k + 1u] = coefficient(b, k + 1u);
    coefficients[k + 2u] = coefficient(c, k + 2u);
    coefficients[k + 3u] = coefficient(d, k + 3u);
  }
}

/* What the components explain of a value. */
static int32_t explained(const int32_t c[SPL_DISTANCE_COMPONENTS],
                         const int8_t weights[SPL_DISTANCE_COMPONENTS]) {
  const int32_t first =
      c[0] * weights[0] + c[1] * weights[1] + c[2] * weights[2] + c[3] * weights[3];
  const int32_t last =
      c[4] * weights[4] + c[5] * weights[5] + c[6] * weights[6] + c[7] * weights[7];
  return (first + last + (1 << (COEFFICIENT_BITS - 1))) >> COEFFICIENT_BITS;
}

uint32_t spl_distance(const int16_t sums[SPL_DISTANCE_VALUES * SPL_DISTANCE_POINTS],
                      uint32_t lift) {
  int32_t away[SPL_DISTANCE_VALUES];
  int32_t coefficients[SPL_DISTANCE_COMPONENTS];
  uint64_t squares = 0;
  for (uint32_t i = 0; i < SPL_DISTANCE_VALUES; i++) {
    away[i] = value_of(&sums[i * SPL_DISTANCE_POINTS], lift) - distance_mean[i];
  }
  project(away, coefficients);
  for (uint32_t i = 0; i < SPL_DISTANCE_VALUES; i++) {
    const int64_t rest = away[i] - explained(coefficients, distance_components[i]);
    squares += (uint64_t)(rest * rest);
  }
  const uint32_t most = UINT32_MAX - SPL_DISTANCE_PERCENT;
  const uint32_t sum = squares < most ? (uint32_t)squares : most;
  return (sum + SPL_DISTANCE_PERCENT - 1u) / SPL_DISTANCE_PERCENT;
}

bool spl_distance_intact(void) {
  uint32_t crc = UINT32_MAX;
  crc = spl_crc32(crc, distance_mean, sizeof distance_mean);
  crc = spl_crc32(crc, distance_components, sizeof distance_components);
  crc = spl_crc32(crc, distance_reciprocals, sizeof distance_reciprocals);
  crc = spl_crc32(crc, distance_least, sizeof distance_least);
  crc = spl_crc32(crc, distance_greatest, sizeof distance_greatest);
  return ~crc == SPL_DISTANCE_CRC32;
}
#endif
