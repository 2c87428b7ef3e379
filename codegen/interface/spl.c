#include "spl.h"

#include <stddef.h>
#include <string.h>

#include "spl_distance.h"
#include "spl_events.h"
#include "spl_spread.h"

/* An array of -1 characters where the front end's cycle is not the network's input. */
typedef char assume_cycle_is_input[SPL_INPUT_SIZE == SPL_CYCLE_SIZE ? 1 : -1];

/* The same where the network's answers are not as many as the card's quantiles. */
typedef char assume_a_quantile_each[SPL_OUTPUT_SIZE == SPL_QUANTILES ? 1 : -1];

#if defined(__GNUC__)
#define SPL_FRAME_OF_ITS_OWN __attribute__((noinline))
#else
#define SPL_FRAME_OF_ITS_OWN
#endif

/* An inference. Inlined, its input would be in the frame of spl_push, and the distance stand on it. */
SPL_FRAME_OF_ITS_OWN static spl_status_t infer(spl_t *spl, int8_t outputs[SPL_OUTPUT_SIZE]) {
  int8_t cycle[SPL_INPUT_SIZE];
  spl_frontend_cycle(&spl->frontend, cycle);
  return spl_infer(&spl->model, cycle, outputs);
}

/* Whether the averaged cycle is like those of training. */
static spl_status_t check_cycle(const spl_t *spl, spl_estimate_t *estimate) {
#if SPL_HAS_DISTANCE
  estimate->distance_percent = spl_distance(spl->frontend.mean);
  return estimate->distance_percent > SPL_DISTANCE_MOST ? SPL_ERROR_UNLIKE : SPL_OK;
#else
  (void)spl;
  (void)estimate;
  return SPL_OK;
#endif
}

spl_status_t spl_self_test_all(spl_t *spl) {
  if (spl == NULL) {
    return SPL_ERROR_NULL;
  }
  const spl_status_t status = spl_self_test(&spl->model);
#if SPL_HAS_DISTANCE
  if (status == SPL_OK && !spl_distance_intact()) {
    return SPL_ERROR_CONSTANTS;
  }
#endif
  return status;
}

spl_status_t spl_init(spl_t *spl) {
  if (spl == NULL) {
    return SPL_ERROR_NULL;
  }
  spl_frontend_init(&spl->frontend);
  spl_alert_init(&spl->alerts);
  return SPL_OK;
}

uint32_t spl_push(spl_t *spl, int16_t sample, spl_beat_t *beat, spl_estimate_t *estimate) {
  if (spl == NULL || beat == NULL || estimate == NULL) {
    return 0;
  }
  uint32_t events = spl_frontend_push(&spl->frontend, sample, beat);
  if (events & SPL_EVENT_BEAT) {
    events |= spl_take_beat(spl, beat);
  }
  if (events & SPL_EVENT_CYCLE) {
    estimate->r_sample = beat->r_sample;
    memset(estimate->outputs, 0, sizeof estimate->outputs);
    estimate->status = check_cycle(spl, estimate);
    if (estimate->status == SPL_OK) {
      estimate->status = infer(spl, estimate->outputs);
    }
    int32_t answer[SPL_QUANTILES];
#if SPL_HAS_SPREAD
    spl_spread_quantiles(estimate->outputs, answer);
#else
    answer[0] = spl_from_output(estimate->outputs[0]);
#endif
    events |= spl_take_answer(spl, answer, estimate);
  }
  return events | spl_take_time(spl, spl->frontend.now - SPL_ALERT_REPORTED_S * SPL_FS_HZ);
}
