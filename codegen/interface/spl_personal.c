#include "spl_personal.h"

#if SPL_HAS_PERSONAL
#define ONE (1 << SPL_CURVE_BITS)
#define KEPT_BITS 15
#define FINE 4 /* levels of potassium a knot of the curve */
#define FINE_STEP (SPL_CURVE_STEP / FINE)
#define LEVELS ((SPL_CURVE_KNOTS - 1) * FINE + 1)
#define WEIGHT_BITS 16
#define SUM_BITS 8 /* taken from products of weights, so that their sum fits */
#define HALF_LOG2_E 2955 /* what a standard deviation costs, 12 fraction bits; see `costs_at` */
#define SHARP_BITS 24
#define FAR 20000 /* so that squares fit: what is further off has no weight */
#define SURPRISE 4 /* standard deviations: a blood test further away is not believed */
#define MOST_COST (32 * ONE)
#define GAINS 8
#define GAIN_STEP 768 /* 0.1875 */

/* What is known of what stays with a patient, who has one of the gains from 0 on in steps of GAIN_STEP: the
 * patient's offset in thousandths of mEq/L if that gain were the true one, and its variance; and what
 * speaks against the gain. A cost of 1, with 12 fraction bits, halves the probability. */
typedef struct {
  int32_t patient[GAINS];
  int32_t cost[GAINS];
  int32_t patient_var;
} known_t;

static const uint16_t untested_cost[GAINS] = {SPL_PERSONAL_GAIN_COSTS};

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

static int32_t held(int32_t value, int32_t least, int32_t most) {
  if (value < least) {
    return least;
  }
  return value > most ? most : value;
}

static int32_t square_root(int32_t value) {
  int32_t root = 0;
  for (int32_t bit = 1 << 15; bit > 0; bit >>= 1) {
    const int32_t tried = root | bit;
    root = tried <= value / tried ? tried : root;
  }
  return root;
}

static void forget_all(known_t *known) {
  for (uint32_t i = 0; i < GAINS; i++) {
    known->patient[i] = 0;
    known->cost[i] = untested_cost[i];
  }
  known->patient_var = SPL_PERSONAL_PATIENT_VAR;
}

static int32_t faded(int32_t now, int32_t before, int32_t kept) {
  return before + scaled(now - before, kept, KEPT_BITS);
}

/* Back towards what is known before any blood test: of the variance what is kept is squared. */
static void fade(known_t *known, uint32_t days) {
  int32_t kept = 1 << KEPT_BITS;
  for (uint32_t day = 0; day < days && kept > 0; day++) {
    kept = kept * SPL_PERSONAL_KEPT_A_DAY >> KEPT_BITS;
  }
  for (uint32_t i = 0; i < GAINS; i++) {
    known->patient[i] = faded(known->patient[i], 0, kept);
    known->cost[i] = faded(known->cost[i], untested_cost[i], kept);
  }
  known->patient_var =
      faded(known->patient_var, SPL_PERSONAL_PATIENT_VAR, kept * kept >> KEPT_BITS);
}

/* How much a standard deviation costs, where the variance is this. */
static int32_t sharp(int32_t var) {
  return ratio((int64_t)HALF_LOG2_E << SHARP_BITS, var);
}

static int32_t least(const int32_t values[GAINS]) {
  int32_t found = values[0];
  for (uint32_t i = 1; i < GAINS; i++) {
    found = values[i] < found ? values[i] : found;
  }
  return found;
}

/* How far an answer is from what one potassium makes one expect of a gain. */
static int32_t surprise_of(const known_t *known, int32_t gain, int32_t answer, int32_t level) {
  const int32_t above = level - SPL_PERSONAL_USUAL;
  return answer - SPL_PERSONAL_USUAL - known->patient[gain] -
         (gain * GAIN_STEP * above >> SPL_CURVE_BITS);
}

/* What speaks against each gain, once an answer has come at one potassium; the least of it. */
static int32_t costs_at(const known_t *known, int32_t answer, int32_t level, int32_t sharpness,
                        int32_t cost[GAINS]) {
  for (int32_t i = 0; i < GAINS; i++) {
    const int32_t far = held(surprise_of(known, i, answer, level), -FAR, FAR);
    cost[i] = known->cost[i] + scaled(far * far, sharpness, SHARP_BITS);
  }
  return least(cost);
}

/* Takes in a blood test; false where no gain makes it one to be believed. */
static bool take_test(known_t *known, const spl_blood_test_t *test, int32_t error_var) {
  const int32_t var = known->patient_var + error_var;
  const int32_t before = least(known->cost);
  const int32_t lowest =
      costs_at(known, test->estimate_ueq_l, test->spl_ueq_l, sharp(var), known->cost);
  const int64_t patient_var = known->patient_var;
  for (int32_t i = 0; i < GAINS; i++) {
    const int32_t surprise = surprise_of(known, i, test->estimate_ueq_l, test->spl_ueq_l);
    known->cost[i] = held(known->cost[i] - lowest, 0, MOST_COST);
    known->patient[i] += ratio(patient_var * surprise, var);
  }
  known->patient_var -= ratio(patient_var * patient_var, var);
  return lowest - before <= SURPRISE * SURPRISE * HALF_LOG2_E;
}

/* How usual a level of potassium is: straight between the knots, FINE times their share. */
static int32_t usual(int32_t number) {
  static const uint16_t share[SPL_CURVE_KNOTS] = {SPL_PERSONAL_POTASSIUM};
  const int32_t knot = number / FINE;
  const int32_t beyond = number % FINE;
  const int32_t next = beyond > 0 ? share[knot + 1] : 0;
  return share[knot] * (FINE - beyond) + next * beyond;
}

/* The probability that a cost means, with 16 fraction bits: a parabola, off by 0.1 %. */
static int32_t weight_of(int32_t cost) {
  const int32_t whole = cost >> SPL_CURVE_BITS;
  const int32_t left = cost & (ONE - 1);
  if (whole > WEIGHT_BITS) {
    return 0;
  }
  const int32_t squared = left * left >> 12;
  return ((1 << WEIGHT_BITS) - (44012 * left >> 12) + (11244 * squared >> 12)) >> whole;
}

static int32_t level_of(int32_t number) {
  return SPL_CURVE_FIRST + number * FINE_STEP;
}

/* The answer to be expected at the usual potassium, with the likeliest gain. */
static int32_t usual_answer(const known_t *known) {
  uint32_t likeliest = 0;
  for (uint32_t i = 1; i < GAINS; i++) {
    likeliest = known->cost[i] < known->cost[likeliest] ? i : likeliest;
  }
  return SPL_PERSONAL_USUAL + known->patient[likeliest];
}

/* An answer, and how sharply it tells gains and levels apart. `nearest` is the least cost of all. */
typedef struct {
  const known_t *known;
  int32_t answer;
  int32_t sharpness;
  int32_t nearest;
} told_t;

static told_t told_by(const known_t *known, int32_t answer, int32_t error_var) {
  told_t told = {known, answer, sharp(known->patient_var + error_var), INT32_MAX};
  int32_t cost[GAINS];
  for (int32_t i = 0; i < LEVELS; i++) {
    const int32_t lowest = costs_at(known, answer, level_of(i), told.sharpness, cost);
    told.nearest = lowest < told.nearest ? lowest : told.nearest;
  }
  return told;
}

/* How likely a level of potassium is, after an answer. */
static int32_t likely(const told_t *told, int32_t number) {
  int32_t cost[GAINS];
  int32_t of_gains = 0;
  (void)costs_at(told->known, told->answer, level_of(number), told->sharpness, cost);
  for (uint32_t i = 0; i < GAINS; i++) {
    of_gains += weight_of(cost[i] - told->nearest);
  }
  return scaled(usual(number), of_gains, SUM_BITS);
}

/* The potassium behind an answer, by Bayes' rule over all levels and gains: the median, and the mean
 * square about it. */
static int32_t potassium_behind(const known_t *known, int32_t answer, int32_t error_var,
                                int32_t *mean_square) {
  const told_t told = told_by(known, answer, error_var);
  int32_t total = 0;
  for (int32_t i = 0; i < LEVELS; i++) {
    total += likely(&told, i);
  }
  int32_t before = 0;
  int32_t at = 0;
  int32_t weight = likely(&told, at);
  while (at < LEVELS - 1 && before + weight <= total / 2) {
    before += weight;
    at++;
    weight = likely(&told, at);
  }
  const int64_t beyond = (int64_t)FINE_STEP * (total / 2 - before);
  const int32_t median = level_of(at) - FINE_STEP / 2 + ratio(beyond, weight);
  int64_t squares = 0;
  for (int32_t i = 0; i < LEVELS; i++) {
    const int32_t off = level_of(i) - median;
    squares += (int64_t)likely(&told, i) * off * off;
  }
  *mean_square = ratio(squares, total);
  return median;
}

/* From an estimate, whose error has the variance `error_var`, to potassium. Without blood tests the
 * estimate stands, so it is moved by as much as they move the median. Calibrated estimates never fall
 * where estimates rise: from the usual one outwards each is held to the one before. Nor do they leave
 * the levels, beyond which there would be no estimate. */
static void draw_curve(const known_t *known, int32_t error_var, int32_t reference_sd,
                       spl_curve_t *curve) {
  static const int16_t untested_median[SPL_CURVE_KNOTS] = {SPL_PERSONAL_UNTESTED};
  const int32_t answer = usual_answer(known);
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
  known_t known;
  if (count == 0u) {
    *curve = spl_curve_as_it_is;
    return true;
  }
  forget_all(&known);
  uint16_t last = tests[0].day;
  bool in_session = false; /* the session of `day` is part of what is known of the patient */
  for (uint32_t i = 0; i < count; i++) {
    const bool is_today = tests[i].day == day;
    int32_t error_var = SPL_PERSONAL_RECORD_VAR;
    if (tests[i].day != last) {
      fade(&known, (uint32_t)tests[i].day - last);
    }
    last = tests[i].day;
    if (is_today && !in_session) {
      known.patient_var += SPL_PERSONAL_SESSION_VAR;
      in_session = true;
    }
    if (!is_today) {
      error_var += of_day(tests, count, last) * SPL_PERSONAL_SESSION_VAR;
    }
    if (!take_test(&known, &tests[i], error_var)) {
      return false;
    }
  }
  int32_t error_var = SPL_PERSONAL_RECORD_VAR;
  int32_t reference_sd = SPL_PERSONAL_SESSION_REFERENCE_SD;
  if (!in_session) {
    fade(&known, (uint32_t)day - last);
    error_var += SPL_PERSONAL_SESSION_VAR;
    reference_sd = SPL_PERSONAL_REFERENCE_SD;
  }
  draw_curve(&known, error_var, reference_sd, curve);
  return true;
}
#endif
