/* From an estimate to a calibrated one.
 *
 * quantize/curve.py is the numpy side's twin. Used through spl.h.
 */
#ifndef SPL_CURVE_H
#define SPL_CURVE_H

#include <stdint.h>

#include "spl_contract.h"

/* Fraction bits of spreads and gains. */
#define SPL_CURVE_BITS 12

/* The estimates whose calibrated values a curve holds: over all that is plausible of potassium, in
 * steps of 0.5 mEq/L. */
#define SPL_CURVE_FIRST 2000
#define SPL_CURVE_STEP 500
#define SPL_CURVE_KNOTS 17
#define SPL_CURVE_LAST (SPL_CURVE_FIRST + (SPL_CURVE_KNOTS - 1) * SPL_CURVE_STEP)

/* Values are thousandths of SPL_UNIT. */
typedef struct {
#if SPL_HAS_PERSONAL
  int16_t moves[SPL_CURVE_KNOTS]; /* what is added to an estimate; straight in between */
#endif
  int32_t sd; /* of potassium about a calibrated usual estimate; 0 without a blood test */
  int32_t spread; /* what the ends of the model's interval are multiplied with */
  int32_t change_spread; /* the same for the change since the last blood test */
} spl_curve_t;

/* Without a blood test. */
extern const spl_curve_t spl_curve_as_it_is;

/* A calibrated estimate. */
int32_t spl_curve_value(const spl_curve_t *curve, int32_t estimate);

/* An offset of an end of the interval, stretched by a spread of the curve. */
int32_t spl_curve_end(int32_t offset, int32_t spread);

#endif
