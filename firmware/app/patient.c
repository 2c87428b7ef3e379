#include "patient.h"

#include "calendar.h"
#include "fields.h"
#include "line.h"
#include "monitor.h"

/* A blood test's potassium, ueq/L: beyond, the patient would not be one, or the number is a slip. */
#define BLOOD_MIN 1500
#define BLOOD_MAX 10000

#if SPL_TASK == SPL_TASK_POTASSIUM

static void forget_tests(settings_t *settings, uint32_t kept) {
  const uint32_t gone = settings->count - kept;
  static const spl_blood_test_t none = {0};
  for (uint32_t i = 0; i < SPL_MAX_TESTS; i++) {
    settings->tests[i] = i < kept ? settings->tests[i + gone] : none;
  }
  settings->count = (uint16_t)kept;
}

/* The last blood test; NULL without one. */
static const spl_blood_test_t *last_test(const settings_t *settings) {
  return settings->count > 0u ? &settings->tests[settings->count - 1u] : NULL;
}

static reason_t add_test(settings_t *settings, int32_t blood, int32_t day) {
  const spl_blood_test_t *last = last_test(settings);
  int32_t mean;
  if (blood < BLOOD_MIN || blood > BLOOD_MAX) {
    return RANGE;
  }
  if (day > settings->day) {
    return FUTURE;
  }
  if (day < settings->day || !spl_mean(monitor_stream(), &mean)) {
    return STALE;
  }
  if (last != NULL && last->day == day && last->spl_ueq_l == blood) {
    return DOUBLED;
  }
  if (settings->count == SPL_MAX_TESTS) {
    forget_tests(settings, SPL_MAX_TESTS - 1u);
  }
  const bool is_first = settings->count == 0u;
  spl_blood_test_t *test = &settings->tests[settings->count++];
  test->spl_ueq_l = (uint16_t)blood;
  test->estimate_ueq_l = (uint16_t)mean;
  test->day = (uint16_t)day;
  if (settings_are_sane(settings)) {
    return NULL;
  }
  return is_first ? IMPLAUSIBLE : CONTRADICTS;
}

/* `SPL`, `SPL DAY`, or `off`. */
reason_t patient_take_test(const char **text, settings_t *settings) {
  int32_t blood;
  int32_t day = settings->day;
  if (fields_word(text, "off") && fields_end(*text)) {
    forget_tests(settings, 0);
    return NULL;
  }
  if (!SPL_HAS_PERSONAL) {
    return UNSUPPORTED;
  }
  if (!fields_number(text, &blood) ||
      !(fields_end(*text) || (fields_number(text, &day) && fields_end(*text)))) {
    return ARGUMENT;
  }
  return add_test(settings, blood, day);
}

/* `DAY`: never before a blood test. */
reason_t patient_take_day(const char **text, settings_t *settings) {
  const spl_blood_test_t *last = last_test(settings);
  int32_t day;
  if (!fields_number(text, &day) || !fields_end(*text)) {
    return ARGUMENT;
  }
  if (day < (last == NULL ? 0 : last->day) || day > UINT16_MAX) {
    return RANGE;
  }
  settings->day = (uint16_t)day;
  calendar_begin_day();
  return NULL;
}

reason_t patient_answer_change(void) {
  const spl_blood_test_t *last = last_test(settings_now());
  int32_t change;
  int32_t low;
  int32_t high;
  if (last == NULL || !spl_change(monitor_stream(), last->spl_ueq_l, &change, &low, &high)) {
    return STALE;
  }
  answer_begin("change", true);
  line_signed(change);
  line_signed(low);
  line_signed(high);
  line_unsigned((uint32_t)settings_now()->day - last->day);
  line_send();
  return ANSWERED;
}

/* `HIGH CRITICAL`. */
reason_t patient_take_levels(const char **text, settings_t *settings) {
  if (!fields_number(text, &settings->high) || !fields_number(text, &settings->critical) ||
      !fields_end(*text)) {
    return ARGUMENT;
  }
  return settings_are_sane(settings) ? NULL : RANGE;
}
#endif
