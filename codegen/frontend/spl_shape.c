/* The running template: what an accepted cycle of this patient and lead looks like. */
#include <string.h>

#include "spl_frontend_parts.h"

#define COARSE_R (SPL_CYCLE_R_INDEX / SPL_FE_COARSE_STEP)
#define QRS_FIRST (COARSE_R - SPL_FE_QRS_BEFORE)
#define QRS_SLOPES (SPL_FE_QRS_COARSE - 1)
#define LARGEST_SHIFT_BITS 11
/* The likeness of cycles without noise. */
#define LARGEST_LIKENESS ((1 << SPL_FE_LIKENESS_BITS) - 1)
#define ALIKE_Q5 (LARGEST_LIKENESS << 5)

/* The sharpest bend, up or down, of `count` points from `point` on. */
static int32_t sharpest(const int16_t *point, int32_t count) {
  int32_t most_up = 0, most_down = 0, rise = point[0] - point[-1];
  for (const int16_t *end = point + count; point != end; point++) {
    int32_t next_rise = point[1] - point[0];
    int32_t bend = next_rise - rise;
    most_up = larger(most_up, bend);
    most_down = smaller(most_down, bend);
    rise = next_rise;
  }
  return larger(most_up, -most_down);
}

static int32_t lowest(const int16_t *point, int32_t count) {
  int32_t value = *point;
  for (const int16_t *end = point + count; point != end; point++) {
    value = smaller(value, *point);
  }
  return value;
}

bool spl_shape_has_qrs(const spl_frontend_t *frontend) {
  const int16_t *coarse = frontend->coarse, *r = coarse + COARSE_R;
  const int32_t end = QRS_FIRST + SPL_FE_QRS_COARSE - 1;
  int32_t qrs = sharpest(coarse + QRS_FIRST + 1, SPL_FE_QRS_COARSE - 2);
  int32_t rival =
      larger(sharpest(coarse + 1, QRS_FIRST), sharpest(coarse + end, SPL_FE_COARSE_SIZE - 1 - end));
  int32_t bend = 2 * r[0] - r[-1] - r[1];
  int32_t depth = r[0] - lowest(coarse + QRS_FIRST, SPL_FE_QRS_COARSE);
  bool is_narrow = bend >= SPL_FE_NARROW_Q12 && SPL_FE_DEEP_PARTS * bend >= depth;
  return is_narrow && 4 * rival <= SPL_FE_RIVAL_QUARTERS * qrs;
}

/* The squared correlation of two rows in 32nds, which are at most 31; 0 where it is negative. */
static int32_t likeness(const int16_t *a, const int16_t *b, int32_t count) {
  int32_t sum_a = 0, sum_b = 0;
  int64_t a_b = 0, a_a = 0, b_b = 0;
  for (int32_t index = 0; index < count; index++) {
    sum_a += a[index];
    sum_b += b[index];
    a_b += a[index] * b[index];
    a_a += a[index] * a[index];
    b_b += b[index] * b[index];
  }
  int64_t covariance = (count * a_b - (int64_t)sum_a * sum_b) >> 14;
  int64_t of_a = (count * a_a - (int64_t)sum_a * sum_a) >> 14;
  int64_t of_b = (count * b_b - (int64_t)sum_b * sum_b) >> 14;
  const int64_t dividend = 32 * covariance * covariance, product = of_a * of_b;
  const int64_t divisor = product > 0 ? product : 1;
  int32_t quotient = 0;
  for (int32_t bit = SPL_FE_LIKENESS_BITS - 1; covariance > 0 && bit >= 0; bit--) {
    const int32_t larger_quotient = quotient + (1 << bit);
    quotient = larger_quotient * divisor <= dividend ? larger_quotient : quotient;
  }
  return quotient;
}

static void take_slopes(const int16_t *point, int16_t slope[QRS_SLOPES]) {
  for (int32_t index = 0; index < QRS_SLOPES; index++) {
    slope[index] = (int16_t)saturated16(point[index + 1] - point[index]);
  }
}

/* How alike the slopes of two QRS complexes are: motion is slower than these, and leaves them alone. */
static int32_t qrs_likeness(const int16_t *coarse, const int16_t *usual) {
  int16_t slope[QRS_SLOPES], usual_slope[QRS_SLOPES];
  take_slopes(coarse + QRS_FIRST, slope);
  take_slopes(usual + QRS_FIRST, usual_slope);
  return likeness(slope, usual_slope, QRS_SLOPES);
}

/* How like the template a cycle must be: less where noise makes all of them less like it. */
static int32_t least_likeness(const spl_frontend_t *frontend) {
  int32_t usual = frontend->likeness_q5 >> 5;
  int32_t least = smaller(SPL_FE_CYCLE_LIKE_32NDS, usual - SPL_FE_CYCLE_LESS_LIKE_32NDS);
  return larger(SPL_FE_CYCLE_LIKE_LEAST_32NDS, least);
}

/* How large its R is, counts. */
static int32_t size(const spl_frontend_t *frontend) {
  return saturated16(absolute(frontend->amplitude2) >> 1);
}

/* Whether a beat adds to a usual one what a ventricular beat does: larger, and less like the template. */
static bool is_fused(const spl_frontend_t *frontend, int32_t like) {
  const int32_t usual_q5 = frontend->likeness_q5, usual = frontend->usual_qrs[SPL_FE_QRS_SIZE];
  return frontend->has_qrs && usual_q5 >= 32 * SPL_FE_CYCLE_LIKE_32NDS && 32 * like < usual_q5 &&
         5 * size(frontend) > SPL_FE_FUSED_FIFTHS * usual;
}

bool spl_shape_is_usual(spl_frontend_t *frontend) {
  if (!frontend->has_coarse) {
    frontend->likeness_q5 = ALIKE_Q5;
    return !frontend->beside;
  }
  const int16_t *coarse = frontend->coarse, *usual = frontend->usual_coarse;
  const int32_t like = likeness(coarse, usual, frontend->coarse_size);
  const int32_t like_qrs = qrs_likeness(coarse, usual);
  const bool has_usual_qrs = like_qrs >= SPL_FE_QRS_LIKE_32NDS;
  const bool is_other = like_qrs < LARGEST_LIKENESS && is_fused(frontend, like);
  const bool is_like = has_usual_qrs && like >= least_likeness(frontend) && !is_other;
  if (has_usual_qrs) {
    const int32_t change = 32 * like - frontend->likeness_q5;
    frontend->likeness_q5 = (int16_t)(frontend->likeness_q5 + (change >> SPL_FE_FOLLOW_SHIFT));
  }
  frontend->unlike = is_like ? 0 : frontend->unlike;
  return is_like;
}

/* Moves `usual` towards `row`, or onto it where there was none. */
static void follow(int16_t *usual, const int16_t *row, int32_t count, bool exists) {
  for (int32_t index = 0; index < count; index++) {
    int32_t change = row[index] - usual[index];
    usual[index] = (int16_t)(exists ? usual[index] + (change >> SPL_FE_FOLLOW_SHIFT) : row[index]);
  }
}

void spl_shape_follow(spl_frontend_t *frontend) {
  const bool exists = frontend->has_coarse;
  follow(frontend->usual_coarse, frontend->coarse,
         exists ? frontend->coarse_size : SPL_FE_COARSE_SIZE, exists);
  frontend->has_coarse = true;
}

void spl_shape_compare_other(spl_frontend_t *frontend) {
  const int16_t *coarse = frontend->coarse, *other = frontend->other_coarse;
  frontend->is_other = frontend->has_other &&
                       qrs_likeness(coarse, other) >= SPL_FE_QRS_LIKE_32NDS &&
                       likeness(coarse, other, frontend->coarse_size) >= least_likeness(frontend);
}

void spl_shape_follow_other(spl_frontend_t *frontend) {
  const bool is_other = frontend->is_other;
  int16_t *other = frontend->other_coarse;
  if (!frontend->has_coarse || frontend->beside) {
    return;
  }
  follow(other, frontend->coarse, is_other ? frontend->coarse_size : SPL_FE_COARSE_SIZE, is_other);
  frontend->has_other = true;
  frontend->unlike = (uint8_t)(is_other ? frontend->unlike + 1 : 1);
  if (is_other && frontend->unlike == SPL_FE_UNLIKE_MAX) {
    memcpy(frontend->usual_coarse, other, sizeof frontend->usual_coarse);
    frontend->has_qrs = false;
    frontend->has_other = false;
    frontend->unlike = 0;
    frontend->likeness_q5 = ALIKE_Q5;
  }
}

/* dividend / divisor, at most SPL_FE_LARGEST_SHIFT_Q10, of values that are not negative: a division of 64
 * bits, which the core does not have, would take 850 bytes of flash. */
static int32_t divide(int64_t dividend, int64_t divisor) {
  int32_t quotient = 0;
  for (int32_t bit = LARGEST_SHIFT_BITS - 1; bit >= 0; bit--) {
    int64_t part = divisor << bit; /* 50 bits at most: a QRS complex's slopes squared and summed */
    if (dividend >= part) {
      dividend -= part;
      quotient += 1 << bit;
    }
  }
  return quotient < SPL_FE_LARGEST_SHIFT_Q10 ? quotient : SPL_FE_LARGEST_SHIFT_Q10;
}

/* How far a QRS complex lies before the usual one, in points of a cycle, Q10: one step of least
 * squares by the slope of the usual one (Lucas and Kanade 1981). */
static int32_t lead_q10(const int16_t *qrs, const int16_t *usual) {
  const int32_t count = SPL_FE_QRS_SIZE - 2;
  int32_t sum_slope = 0, sum_change = 0;
  int64_t products = 0, squares = 0;
  for (int32_t index = 1; index <= count; index++) {
    int32_t slope = usual[index + 1] - usual[index - 1];
    int32_t change = qrs[index] - usual[index];
    sum_slope += slope;
    sum_change += change;
    products += (int64_t)slope * change;
    squares += (int64_t)slope * slope;
  }
  int64_t lead = 2048 * (count * products - (int64_t)sum_slope * sum_change);
  int64_t unit = count * squares - (int64_t)sum_slope * sum_slope;
  int32_t size = divide(lead < 0 ? -lead : lead, unit > 0 ? unit : 1);
  return lead < 0 ? -size : size;
}

bool spl_shape_is_spike(const int16_t qrs[SPL_FE_QRS_SIZE]) {
  const int16_t *r = qrs + SPL_FE_QRS_SIZE / 2;
  const int32_t left = absolute(r[-SPL_FE_SPIKE_AWAY]), right = absolute(r[SPL_FE_SPIKE_AWAY]);
  return larger(left, right) < absolute(*r) >> SPL_FE_SPIKE_SHIFT;
}

void spl_shape_align(spl_frontend_t *frontend, int16_t qrs[SPL_FE_QRS_SIZE + 1]) {
  qrs[SPL_FE_QRS_SIZE] = (int16_t)size(frontend);
  int32_t lead = frontend->has_qrs ? lead_q10(qrs, frontend->usual_qrs) : 0;
  frontend->job_shift = -lead * SPL_FE_STEP_Q16 >> 10;
  follow(frontend->usual_qrs, qrs, SPL_FE_QRS_SIZE + 1, frontend->has_qrs);
  frontend->has_qrs = true;
}
