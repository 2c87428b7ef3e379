#include "spl_spread.h"

int32_t spl_from_output(int8_t output) {
  const int32_t scaled = (output - SPL_OUTPUT_ZERO_POINT) * SPL_OUTPUT_MULTIPLIER;
  const int32_t half = (int32_t)((1u << SPL_OUTPUT_FRACTION_BITS) >> 1);
  return SPL_OUTPUT_OFFSET + ((scaled + half) >> SPL_OUTPUT_FRACTION_BITS);
}

#if SPL_HAS_SPREAD
#define CERTAIN 1000 /* thousandths */

void spl_spread_quantiles(const int8_t outputs[SPL_QUANTILES], uint32_t lift,
                          int32_t quantiles[SPL_QUANTILES]) {
  static const int16_t corrections[][SPL_QUANTILES] = {SPL_CORRECTIONS};
  for (uint32_t i = 0; i < SPL_QUANTILES; i++) {
    const int32_t value = spl_from_output(outputs[i]) + corrections[lift][i];
    uint32_t at = i;
    for (; at > 0u && quantiles[at - 1u] > value; at--) {
      quantiles[at] = quantiles[at - 1u];
    }
    quantiles[at] = value;
  }
}

int32_t spl_spread_risk(const spl_curve_t *curve, const int32_t quantiles[SPL_QUANTILES],
                        int32_t level) {
  static const uint16_t permille[] = {0, SPL_PERMILLE, CERTAIN};
  const int32_t median = spl_curve_value(curve, quantiles[SPL_MEDIAN]);
  /* The step in which the level lies: from `start` to `end`, which is over the level. So it has a
   * length, even where quantiles are alike. */
  int32_t start;
  int32_t end = SPL_PLAUSIBLE_LOW;
  uint32_t i = 0;
  if (level >= SPL_PLAUSIBLE_HIGH) {
    return 0;
  }
  level = level < end ? end : level;
  do {
    start = end;
    end = SPL_PLAUSIBLE_HIGH;
    if (i < SPL_QUANTILES) {
      const int32_t distance = quantiles[i] - quantiles[SPL_MEDIAN];
      const int32_t edge = median + spl_curve_end(distance, curve->spread);
      end = edge < end ? edge : end;
      end = end > start ? end : start;
    }
    i++;
  } while (end <= level);
  const int32_t below = permille[i - 1u];
  return CERTAIN - below - (permille[i] - below) * (level - start) / (end - start);
}
#endif
