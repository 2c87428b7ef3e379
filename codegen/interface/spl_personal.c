#include "spl_personal.h"

#if SPL_HAS_PERSONAL
#define ONE (1 << SPL_CURVE_BITS)
#define KEPT_BITS 15
#define FINE 4 /* levels of potassium a knot of the curve */
#define FINE_STEP (SPL_CURVE_STEP / FINE)
#define LEVELS ((SPL_CURVE_KNOTS - 1) * FINE + 1)
#define WEIGHT_BITS 16
#define HALF_LOG2_E 2955 /* 12 fraction bits: exp(-x / 2) is 2 to the power of minus that times x */
#define FAR 20000 /* so that squares fit: what is further off has no weight */
#define SURPRISE 4 /* standard deviations: a blood test further away is not believed */

/* What is known of what stays with a patient: means of an offset in thousandths of mEq/L and of a
 * gain, then their variances and, BOTH, their covariance. */
enum { PATIENT, GAIN, PATIENT_VAR, BOTH, GAIN_VAR, VALUES };

static const int32_t untested[VALUES] = {0, SPL_PERSONAL_GAIN, SPL_PERSONAL_PATIENT_VAR, 0,
                                         SPL_PERSONAL_GAIN_VAR};

/* A quotient towards 0, bit by bit: the divisor is positive, the quotient an int32. A long
 * division of the compiler's library would take more flash than all of this file. */
static int32_t ratio(int64_t product, int32_t divisor) {
  uint64_t left = product < 0 ? 0u - (uint64_t)product : (uint64_t)product;
  uint64_t rest = 0;
  uint32_t quotient = 0;
  for (uint32_t bit = 0; bit < 64u; bit++) {
    rest = rest << 1 | left >> 63;
    left <<= 1;
    quotient <<= 1;
    if (rest >= (uint32_t)divisor) {
      rest -= (uint32_t)divisor;
      quotient |= 1u;
    }
  }
  return product < 0 ? -(int32_t)quotient : (int32_t)quotient;
}

static int32_t scaled(int32_t one, int32_t other, int32_t bits) {
  return (int32_t)(((int64_t)one * other) >> bits);
}

static int32_t square_root(int32_t value) {
  int32_t root = 0;
  for (int32_t bit = 1 << 15; bit > 0; bit >>= 1) {
    const int32_t tried = root | bit;
    root = tried <= value / tried ? tried : root;
  }
  return root;
}

/* Back towards what is known before any blood test: of variances what is kept is squared. */
static void fade(int32_t known[VALUES], uint32_t days) {
  int32_t kept = 1 << KEPT_BITS;
  for (uint32_t day = 0; day < days && kept > 0; day++) {
    kept = kept * SPL_PERSONAL_KEPT_A_DAY >> KEPT_BITS;
  }
  for (uint32_t i = 0; i < VALUES; i++) {
    if (i == PATIENT_VAR) {
      kept = kept * kept >> KEPT_BITS;
    }
    known[i] = untested[i] + scaled(known[i] - untested[i], kept, KEPT_BITS);
  }
}

/* What is expected of answers at one potassium: the mean, the variance, and the covariances with the
 * patient and with the gain. */
typedef struct {
  int32_t mean;
  int32_t var;
  int32_t with_patient;
  int32_t with_gain;
} expected_t;

static expected_t expect(const int32_t known[VALUES], int32_t level, int32_t error_var) {
  const int32_t above = level - SPL_PERSONAL_USUAL;
  expected_t found;
  found.mean = SPL_PERSONAL_USUAL + known[PATIENT] + scaled(known[GAIN], above, SPL_CURVE_BITS);
  found.with_patient = known[PATIENT_VAR] + scaled(above, known[BOTH], SPL_CURVE_BITS);
  found.with_gain = known[BOTH] + scaled(above, known[GAIN_VAR], SPL_CURVE_BITS);
  found.var = found.with_patient + scaled(above, found.with_gain, SPL_CURVE_BITS) + error_var;
  return found;
}

/* Takes in a blood test; false, and nothing, where it is not believed. */
static bool take_test(int32_t known[VALUES], const spl_blood_test_t *test, int32_t error_var) {
  const expected_t expected = expect(known, test->spl_ueq_l, error_var);
  const int32_t surprise = (int32_t)test->estimate_ueq_l - expected.mean;
  if ((int64_t)surprise * surprise > (int64_t)expected.var * (SURPRISE * SURPRISE)) {
    return false;
  }
  const int64_t with_patient = expected.with_patient;
  const int64_t with_gain = expected.with_gain;
  known[PATIENT] += ratio(with_patient * surprise, expected.var);
  known[GAIN] += ratio(with_gain * surprise, expected.var);
  known[PATIENT_VAR] -= ratio(with_patient * with_patient, expected.var);
  known[BOTH] -= ratio(with_patient * with_gain, expected.var);
  known[GAIN_VAR] -= ratio(with_gain * with_gain, expected.var);
  return true;
}

/* How usual a level of potassium is: straight between the knots, FINE times their share. */
static int32_t usual(int32_t number) {
  static const uint16_t share[SPL_CURVE_KNOTS] = {SPL_PERSONAL_POTASSIUM};
  const int32_t knot = number / FINE;
  const int32_t beyond = number % FINE;
  const int32_t next = beyond > 0 ? share[knot + 1] : 0;
  return share[knot] * (FINE - beyond) + next * beyond;
}

/* 2 to the power of minus an exponent of 12 fraction bits; with 16. A parabola, off by 0.1 %. */
static int32_t power(int32_t exponent) {
  const int32_t whole = exponent >> 12;
  const int32_t left = exponent & (ONE - 1);
  if (whole > WEIGHT_BITS) {
    return 0;
  }
  const int32_t squared = left * left >> 12;
  return ((1 << WEIGHT_BITS) - (44012 * left >> 12) + (11244 * squared >> 12)) >> whole;
}

static int32_t held(int32_t value, int32_t least, int32_t most) {
  if (value < least) {
    return least;
  }
  return value > most ? most : value;
}

static int32_t level_of(int32_t number) {
  return SPL_CURVE_FIRST + number * FINE_STEP;
}

/* The potassium behind an answer, by Bayes' rule over all levels: the median, and the mean square
 * about it. */
static int32_t potassium_behind(const int32_t known[VALUES], int32_t answer, int32_t error_var,
                                int32_t *mean_square) {
  int32_t weights[LEVELS];
  int32_t nearest = INT32_MAX;
  int32_t total = 0;
  for (int32_t i = 0; i < LEVELS; i++) {
    const expected_t expected = expect(known, level_of(i), error_var);
    const int64_t surprise = held(answer - expected.mean, -FAR, FAR);
    weights[i] = ratio(surprise * surprise * HALF_LOG2_E, expected.var);
    nearest = weights[i] < nearest ? weights[i] : nearest;
  }
  for (int32_t i = 0; i < LEVELS; i++) {
    const int32_t sd = square_root(expect(known, level_of(i), error_var).var);
    weights[i] = usual(i) * power(weights[i] - nearest) / sd;
    total += weights[i];
  }
  int32_t before = 0;
  int32_t at = 0;
  while (at < LEVELS - 1 && before + weights[at] <= total / 2) {
    before += weights[at];
    at++;
  }
  const int64_t beyond = (int64_t)FINE_STEP * (total / 2 - before);
  const int32_t median = level_of(at) - FINE_STEP / 2 + ratio(beyond, weights[at]);
  int64_t squares = 0;
  for (int32_t i = 0; i < LEVELS; i++) {
    const int32_t off = level_of(i) - median;
    squares += (int64_t)weights[i] * off * off;
  }
  *mean_square = ratio(squares, total);
  return median;
}

/* From an estimate, whose error has the variance `error_var`, to potassium. Without blood tests the
 * estimate stands, so it is moved by as much as they move the median. Calibrated estimates never fall
 * where estimates rise: from the usual one outwards each is held to the one before. Nor do they leave
 * the levels, beyond which there would be no estimate. */
static void draw_curve(const int32_t known[VALUES], int32_t error_var, int32_t reference_sd,
                       spl_curve_t *curve) {
  static const int16_t untested_median[SPL_CURVE_KNOTS] = {SPL_PERSONAL_UNTESTED};
  const int32_t answer = SPL_PERSONAL_USUAL + known[PATIENT];
  int32_t var;
  for (int32_t i = 0; i < SPL_CURVE_KNOTS; i++) {
    const int32_t knot = level_of(i * FINE);
    const int32_t moved =
        knot + potassium_behind(known, knot, error_var, &var) - untested_median[i];
    curve->moves[i] = (int16_t)(held(moved, SPL_CURVE_FIRST, SPL_CURVE_LAST) - knot);
  }
  const int32_t centre =
      (held(answer, SPL_CURVE_FIRST, SPL_CURVE_LAST) - SPL_CURVE_FIRST) / SPL_CURVE_STEP;
  for (int32_t i = centre + 1; i < SPL_CURVE_KNOTS; i++) {
    const int32_t least = curve->moves[i - 1] - SPL_CURVE_STEP;
    curve->moves[i] = (int16_t)(curve->moves[i] < least ? least : curve->moves[i]);
  }
  for (int32_t i = centre - 1; i >= 0; i--) {
    const int32_t most = curve->moves[i + 1] + SPL_CURVE_STEP;
    curve->moves[i] = (int16_t)(curve->moves[i] > most ? most : curve->moves[i]);
  }
  (void)potassium_behind(known, answer, error_var, &var);
  curve->sd = square_root(var);
  curve->spread = curve->sd * ONE / reference_sd;
  curve->change_spread = square_root(var + SPL_PERSONAL_LABEL_VAR) * ONE / reference_sd;
}

/* How many tests share a session with this one. */
static int32_t of_day(const spl_blood_test_t *tests, uint32_t count, uint16_t day) {
  int32_t found = 0;
  for (uint32_t i = 0; i < count; i++) {
    found += tests[i].day == day ? 1 : 0;
  }
  return found;
}

bool spl_curve_of_tests(const spl_blood_test_t *tests, uint32_t count, uint16_t day,
                        spl_curve_t *curve) {
  int32_t known[VALUES];
  if (count == 0u) {
    *curve = spl_curve_as_it_is;
    return true;
  }
  for (uint32_t i = 0; i < VALUES; i++) {
    known[i] = untested[i];
  }
  uint16_t last = tests[0].day;
  bool in_session = false; /* the session of `day` is part of what is known of the patient */
  for (uint32_t i = 0; i < count; i++) {
    const bool is_today = tests[i].day == day;
    int32_t error_var = SPL_PERSONAL_RECORD_VAR;
    if (tests[i].day != last) {
      fade(known, (uint32_t)tests[i].day - last);
    }
    last = tests[i].day;
    if (is_today && !in_session) {
      known[PATIENT_VAR] += SPL_PERSONAL_SESSION_VAR;
      in_session = true;
    }
    if (!is_today) {
      error_var += of_day(tests, count, last) * SPL_PERSONAL_SESSION_VAR;
    }
    if (!take_test(known, &tests[i], error_var)) {
      return false;
    }
  }
  if (in_session) {
    draw_curve(known, SPL_PERSONAL_RECORD_VAR, SPL_PERSONAL_SESSION_REFERENCE_SD, curve);
  } else {
    fade(known, (uint32_t)day - last);
    draw_curve(known, SPL_PERSONAL_RECORD_VAR + SPL_PERSONAL_SESSION_VAR, SPL_PERSONAL_REFERENCE_SD,
               curve);
  }
  return true;
}
#endif
