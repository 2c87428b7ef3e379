/* What a command is answered with: one line, `ok` or `error` with the reason. */
#ifndef ANSWERS_H
#define ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

/* Why a command was not carried out; NULL where it was. */
typedef const char *reason_t;

#define ARGUMENT "argument" /* not what the command takes */
#define RANGE "range" /* a number out of its bounds */
#define STATE "state" /* not while replaying, or only then */
#define STALE "stale" /* no estimates of then, or no blood test */
#define FUTURE "future" /* a blood test of a day to come */
#define DOUBLED "doubled" /* the same blood test again */
#define IMPLAUSIBLE "implausible" /* blood and estimates too far apart, */
#define CONTRADICTS "contradicts" /* or further than the blood tests before allow */
#define UNSUPPORTED "unsupported" /* no flash for settings, no radio, or not with this model */
#define STORAGE "storage" /* the flash did not take it */
#define NOTHING "nothing" /* no alarm to acknowledge or to pause */
#define LOCKED "locked" /* neither signed nor confirmed by the button */
#define SIGNATURE "signature" /* a wrong one, or of a command that was heard before */
#define KEYLESS "keyless" /* there is no key */
#define OFTEN "often" /* settings were stored too often of late */
#define UNKNOWN "unknown" /* no such command */

/* In the place of a reason: the command has sent its answer. */
extern const char ANSWERED[];

/* Starts the answer of a command that has more to say than `ok`. */
void answer_begin(const char *command, bool ok);

/* The whole answer of any other. */
void answer(const char *command, reason_t reason);

#endif
