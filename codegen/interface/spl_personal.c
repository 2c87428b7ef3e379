#include "spl_personal.h"

#define ONE (1 << SPL_LINE_BITS)

const spl_line_t spl_line_as_it_is = {0, 0, ONE, 0, ONE, ONE};

int32_t spl_line_value(const spl_line_t *line, int32_t estimate) {
  const int64_t scaled = (int64_t)line->slope * (estimate - line->centre);
  return line->usual + (int32_t)((scaled + ONE / 2) >> SPL_LINE_BITS);
}

int32_t spl_line_end(int32_t offset, int32_t spread) {
  return (int32_t)(((int64_t)offset * spread) >> SPL_LINE_BITS);
}

#if SPL_HAS_PERSONAL
#define KEPT_BITS 15
#define LEAST_GAIN (ONE / 10) /* less is taken for this, so that calibration keeps the order */
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

/* Takes in a blood test; false, and nothing, where it is not believed. */
static bool take_test(int32_t known[VALUES], const spl_blood_test_t *test, int32_t error_var) {
  const int32_t above = (int32_t)test->spl_ueq_l - SPL_PERSONAL_USUAL;
  const int32_t with_patient = known[PATIENT_VAR] + scaled(above, known[BOTH], SPL_LINE_BITS);
  const int32_t with_gain = known[BOTH] + scaled(above, known[GAIN_VAR], SPL_LINE_BITS);
  const int32_t var = with_patient + scaled(above, with_gain, SPL_LINE_BITS) + error_var;
  const int32_t surprise = (int32_t)test->estimate_ueq_l - SPL_PERSONAL_USUAL - known[PATIENT] -
                           scaled(known[GAIN], above, SPL_LINE_BITS);
  if ((int64_t)surprise * surprise > (int64_t)var * (SURPRISE * SURPRISE)) {
    return false;
  }
  known[PATIENT] += ratio((int64_t)with_patient * surprise, var);
  known[GAIN] += ratio((int64_t)with_gain * surprise, var);
  known[PATIENT_VAR] -= ratio((int64_t)with_patient * with_patient, var);
  known[BOTH] -= ratio((int64_t)with_patient * with_gain, var);
  known[GAIN_VAR] -= ratio((int64_t)with_gain * with_gain, var);
  return true;
}

/* From an estimate, whose error has the variance `error_var`, to potassium. */
static void draw_line(const int32_t known[VALUES], int32_t error_var, int32_t reference_sd,
                      spl_line_t *line) {
  const int32_t gain = known[GAIN] > LEAST_GAIN ? known[GAIN] : LEAST_GAIN;
  const int32_t seen = scaled(SPL_PERSONAL_USUAL_VAR, gain, SPL_LINE_BITS);
  const int32_t unseen = known[PATIENT_VAR] +
                         scaled(SPL_PERSONAL_USUAL_VAR, known[GAIN_VAR], 2 * SPL_LINE_BITS) +
                         error_var;
  const int32_t answers = scaled(seen, gain, SPL_LINE_BITS) + unseen;
  const int32_t var = ratio((int64_t)SPL_PERSONAL_USUAL_VAR * unseen, answers);
  line->usual = SPL_PERSONAL_USUAL;
  line->centre = SPL_PERSONAL_USUAL + known[PATIENT];
  line->slope = ratio((int64_t)seen * ONE, answers);
  line->sd = square_root(var);
  line->spread = line->sd * ONE / reference_sd;
  line->change_spread = square_root(var + SPL_PERSONAL_LABEL_VAR) * ONE / reference_sd;
}

/* How many tests share a session with this one. */
static int32_t of_day(const spl_blood_test_t *tests, uint32_t count, uint16_t day) {
  int32_t found = 0;
  for (uint32_t i = 0; i < count; i++) {
    found += tests[i].day == day ? 1 : 0;
  }
  return found;
}

bool spl_line_of_tests(const spl_blood_test_t *tests, uint32_t count, uint16_t day,
                       spl_line_t *line) {
  int32_t known[VALUES];
  if (count == 0u) {
    *line = spl_line_as_it_is;
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
    draw_line(known, SPL_PERSONAL_RECORD_VAR, SPL_PERSONAL_SESSION_REFERENCE_SD, line);
  } else {
    fade(known, (uint32_t)day - last);
    draw_line(known, SPL_PERSONAL_RECORD_VAR + SPL_PERSONAL_SESSION_VAR, SPL_PERSONAL_REFERENCE_SD,
              line);
  }
  return true;
}
#endif
