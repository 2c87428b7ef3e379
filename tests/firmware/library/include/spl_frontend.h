/* A stand-in for the front end: the samples themselves say what happens. */
#ifndef SPL_FRONTEND_H
#define SPL_FRONTEND_H

#include <stdint.h>

#include "spl_frontend_config.h"

#define SPL_EVENT_BEAT 1u
#define SPL_EVENT_CYCLE 2u

/* Samples with a meaning of their own. */
#define SAMPLE_TRAP (-7000) /* an undefined instruction */
#define SAMPLE_OVERFLOW (-6999) /* the stack overflows */
#define SAMPLE_STALL (-6998) /* well over a second at 64 MHz */
#define SAMPLE_STRAY (-6997) /* a write to where nothing is */
#define SAMPLE_STUCK (-6996) /* a loop without an end */
#define SAMPLE_DEAF (-6994) /* the same with interrupts disabled */
#define SAMPLE_PAUSE (-6995) /* about half a second at 64 MHz, as a large model's inference */
#define SAMPLE_BROKEN (-6993) /* from now on inferences fail */

enum { SPL_VERDICT_ACCEPTED = 0, SPL_VERDICT_WIDE = 8 };
typedef uint8_t spl_verdict_t;

typedef struct {
  uint32_t r_sample;
  uint16_t rr_samples;
  int16_t amplitude;
  spl_verdict_t verdict;
} spl_beat_t;

/* A sample above 1000 is a beat, its verdict the last digit. Every fourth accepted beat gives an
 * answer: as many thousandths of the unit as its sample has counts. */
typedef struct {
  uint32_t samples;
  uint32_t last;
  uint32_t beats;
  uint32_t accepted;
  uint32_t broken;
} spl_frontend_t;

#endif
