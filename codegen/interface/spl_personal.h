/* Personal calibration: what blood tests say of a patient, by Bayes' rule.
 *
 * The model, its priors and its figures: docs/training.md. quantize/posterior.py is the numpy
 * side's twin. Used through spl.h.
 */
#ifndef SPL_PERSONAL_H
#define SPL_PERSONAL_H

#include <stdbool.h>
#include <stdint.h>

#include "spl_contract.h"
#include "spl_curve.h"

/* A blood test. Days are counted from any day on. */
typedef struct {
  uint16_t spl_ueq_l; /* potassium in blood */
  uint16_t estimate_ueq_l; /* the estimate at that time, without calibration */
  uint16_t day;
} spl_blood_test_t;

#if SPL_HAS_PERSONAL
/* What blood tests, in the order of their days, none of them after `day`, make of an estimate on
 * `day`; SPL_MAX_TESTS at most. False, and no curve, where one lies further from what is expected
 * than four standard deviations. */
bool spl_curve_of_tests(const spl_blood_test_t *tests, uint32_t count, uint16_t day,
                        spl_curve_t *curve);
#endif

#endif
