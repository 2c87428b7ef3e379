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

/* Fraction bits of slopes, spreads and gains. */
#define SPL_LINE_BITS 12

/* From an estimate to a calibrated one. Values are thousandths of SPL_UNIT. */
typedef struct {
  int32_t usual; /* an estimate of `centre` becomes `usual` */
  int32_t centre;
  int32_t slope; /* of the calibrated estimate on the estimate */
  int32_t sd; /* of potassium about the calibrated estimate; 0 without a blood test */
  int32_t spread; /* what the ends of the model's interval are multiplied with */
  int32_t change_spread; /* the same for the change since the last blood test */
} spl_line_t;

/* Without a blood test. */
extern const spl_line_t spl_line_as_it_is;

/* A blood test. Days are counted from any day on. */
typedef struct {
  uint16_t spl_ueq_l; /* potassium in blood */
  uint16_t estimate_ueq_l; /* the estimate at that time, without calibration */
  uint16_t day;
} spl_blood_test_t;

/* A calibrated estimate. */
int32_t spl_line_value(const spl_line_t *line, int32_t estimate);

/* An offset of an end of the interval, stretched by a spread of the line. */
int32_t spl_line_end(int32_t offset, int32_t spread);

#if SPL_HAS_PERSONAL
/* What blood tests, in the order of their days, none of them after `day`, make of an estimate on
 * `day`; SPL_MAX_TESTS at most. False, and no line, where one lies further from what is expected
 * than four standard deviations. */
bool spl_line_of_tests(const spl_blood_test_t *tests, uint32_t count, uint16_t day,
                       spl_line_t *line);
#endif

#endif
