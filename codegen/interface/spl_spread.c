#include "spl_spread.h"

#if SPL_HAS_SPREAD
#define CERTAIN 1000 /* thousandths */

void spl_spread_correct(int32_t answers[SPL_QUANTILES]) {
  static const int16_t corrections[SPL_QUANTILES] = {SPL_CORRECTIONS};
  for (uint32_t i = 0; i < SPL_QUANTILES; i++) {
    const int32_t value = answers[i] + corrections[i];
    uint32_t at = i;
    for (; at > 0u && answers[at - 1u] > value; at--) {
      answers[at] = answers[at - 1u];
    }
    answers[at] = value;
  }
}

int32_t spl_spread_risk(const spl_line_t *line, const int32_t quantiles[SPL_QUANTILES],
                        int32_t level) {
  static const uint16_t permille[] = {0, SPL_PERMILLE, CERTAIN};
  const int32_t median = spl_line_value(line, quantiles[SPL_MEDIAN]);
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
      const int32_t edge = median + spl_line_end(distance, line->spread);
      end = edge < end ? edge : end;
      end = end > start ? end : start;
    }
    i++;
  } while (end <= level);
  const int32_t below = permille[i - 1u];
  return CERTAIN - below - (permille[i] - below) * (level - start) / (end - start);
}
#endif
