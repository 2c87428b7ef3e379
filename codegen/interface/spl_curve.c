#include "spl_curve.h"

#define ONE (1 << SPL_CURVE_BITS)

const spl_curve_t spl_curve_as_it_is = {.spread = ONE, .change_spread = ONE};

int32_t spl_curve_value(const spl_curve_t *curve, int32_t estimate) {
#if SPL_HAS_PERSONAL
  const int32_t held = estimate < SPL_CURVE_FIRST  ? SPL_CURVE_FIRST
                       : estimate > SPL_CURVE_LAST ? SPL_CURVE_LAST
                                                   : estimate;
  const int32_t beyond = held - SPL_CURVE_FIRST;
  const int32_t knot = beyond / SPL_CURVE_STEP;
  const int32_t at = knot < SPL_CURVE_KNOTS - 1 ? knot : SPL_CURVE_KNOTS - 2;
  const int32_t rise = curve->moves[at + 1] - curve->moves[at];
  return estimate + curve->moves[at] + rise * (beyond - at * SPL_CURVE_STEP) / SPL_CURVE_STEP;
#else
  (void)curve;
  return estimate;
#endif
}

int32_t spl_curve_end(int32_t offset, int32_t spread) {
  return (int32_t)(((int64_t)offset * spread) >> SPL_CURVE_BITS);
}
