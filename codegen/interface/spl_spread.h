/* What outputs of the network mean: a value, or quantiles and the risks that follow from them.
 *
 * Where a model has no spread, SPL_QUANTILES is 1, and its answer is the median. quantize/spread.py is
 * the numpy side's twin. Used through spl.h.
 */
#ifndef SPL_SPREAD_H
#define SPL_SPREAD_H

#include <stdint.h>

#include "spl_contract.h"
#include "spl_curve.h"

/* The value of a network output, without its correction and calibration. */
int32_t spl_from_output(int8_t output);

#if SPL_HAS_SPREAD
/* The quantiles that outputs, one after another as SPL_PERMILLE lists them, mean: corrected as those of a mean of
 * SPL_MOST_CYCLES >> lift cycles, without calibration, and put in order, so that they never fall. */
void spl_spread_quantiles(const int8_t outputs[SPL_QUANTILES], uint32_t lift,
                          int32_t quantiles[SPL_QUANTILES]);

/* The chance in thousandths that the value is at or above a level, by quantiles that `curve`
 * calibrates: the median moves, and the others' distances from it are stretched. Between two of
 * them, and between the outer ones and the ends of the plausible range, the chance is spread evenly. */
int32_t spl_spread_risk(const spl_curve_t *curve, const int32_t quantiles[SPL_QUANTILES],
                        int32_t level);
#endif

#endif
