/* The quantiles of a network that answers several, and the risks that follow from them.
 *
 * Where a model has no spread, SPL_QUANTILES is 1, its answer is the median, and nothing of this is
 * compiled. quantize/spread.py is the numpy side's twin. Used through spl.h.
 */
#ifndef SPL_SPREAD_H
#define SPL_SPREAD_H

#include <stdint.h>

#include "spl_contract.h"
#include "spl_personal.h"

#if SPL_HAS_SPREAD
/* Makes quantiles of the network's answers, one after another as SPL_PERMILLE lists them: corrected,
 * without calibration, and put in order, so that they never fall. */
void spl_spread_correct(int32_t answers[SPL_QUANTILES]);

/* The chance in thousandths that the value is at or above a level, by quantiles that `line`
 * calibrates: the median moves, and the others' distances from it are stretched. Between two of
 * them, and between the outer ones and the ends of the plausible range, the chance is spread evenly. */
int32_t spl_spread_risk(const spl_line_t *line, const int32_t quantiles[SPL_QUANTILES],
                        int32_t level);
#endif

#endif
