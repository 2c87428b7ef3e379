/* What a patient's settings take: blood tests, the day, the levels of alerts. For models of potassium alone. */
#ifndef PATIENT_H
#define PATIENT_H

#include "answers.h"
#include "settings.h"

/* Each reads the rest of a command into a copy of the settings, which is then to be stored; a reason where
 * they do not take it. */
reason_t patient_take_test(const char **text, settings_t *settings);
reason_t patient_take_day(const char **text, settings_t *settings);
reason_t patient_take_levels(const char **text, settings_t *settings);

/* Answers `change`: how far the potassium is from the last blood test's. */
reason_t patient_answer_change(void);

#endif
