#include "spl.h"

#include <string.h>

#include "spl_events.h"

#define BEAT_COUNTS 1000
#define ACCEPTED_AN_ESTIMATE 4u
#define SPREAD_COUNTS 500 /* between two quantiles */
#define STALL_TURNS 20000000
#define PAUSE_TURNS 4000000
#define ABSENT_ADDRESS 0x50000000u

static void overflow(volatile uint32_t depth) {
  volatile uint8_t frame[64];
  frame[0] = (uint8_t)depth;
  if (depth != UINT32_MAX) {
    overflow(depth + 1u);
  }
  frame[1] = frame[0];
}

static void spend(int32_t turns) {
  for (volatile int32_t turn = 0; turn < turns; turn++) {
  }
}

static void misbehave(int16_t sample) {
  if (sample == SAMPLE_TRAP) {
    __builtin_trap();
  }
  if (sample == SAMPLE_OVERFLOW) {
    overflow(0);
  }
  if (sample == SAMPLE_STALL) {
    spend(STALL_TURNS);
  }
  if (sample == SAMPLE_PAUSE) {
    spend(PAUSE_TURNS);
  }
  if (sample == SAMPLE_DEAF) {
#if defined(__arm__)
    __asm volatile("cpsid i");
#endif
  }
  if (sample == SAMPLE_STUCK || sample == SAMPLE_DEAF) {
    for (;;) {
    }
  }
  if (sample == SAMPLE_STRAY) {
    *(volatile uint32_t *)ABSENT_ADDRESS = 1;
  }
}

spl_status_t spl_self_test_all(spl_t *spl) {
  return spl_self_test(&spl->model);
}

spl_status_t spl_init(spl_t *spl) {
  memset(spl, 0, sizeof *spl);
  spl_alert_init(&spl->alerts);
  return SPL_OK;
}

static uint32_t answer(spl_t *spl, const spl_beat_t *beat, spl_estimate_t *estimate) {
  int8_t cycle[SPL_INPUT_SIZE];
  memset(cycle, (int)(spl->frontend.accepted % 100u), sizeof cycle);
  estimate->r_sample = beat->r_sample;
  estimate->cycles = ACCEPTED_AN_ESTIMATE;
  estimate->grown = false;
  estimate->status = spl_infer(&spl->model, cycle, estimate->outputs);
  if (spl->frontend.broken != 0u) {
    estimate->status = SPL_ERROR_INFERENCE;
  }
  int32_t value[SPL_QUANTILES];
  for (uint32_t i = 0; i < SPL_QUANTILES; i++) {
    value[i] = beat->amplitude + SPREAD_COUNTS * ((int32_t)i - (int32_t)SPL_MEDIAN);
  }
  return SPL_EVENT_CYCLE | spl_take_answer(spl, value, estimate);
}

static uint32_t find(spl_t *spl, int16_t sample, uint32_t at, spl_beat_t *beat,
                     spl_estimate_t *estimate) {
  spl_frontend_t *frontend = &spl->frontend;
  if (sample <= BEAT_COUNTS) {
    return 0;
  }
  beat->r_sample = at;
  beat->rr_samples = (uint16_t)(frontend->beats == 0u ? 0u : at - frontend->last);
  beat->amplitude = sample;
  beat->verdict = (spl_verdict_t)(sample % 10);
  frontend->last = at;
  frontend->beats++;
  uint32_t events = SPL_EVENT_BEAT | spl_take_beat(spl, beat);
  if (beat->verdict == SPL_VERDICT_ACCEPTED) {
    frontend->accepted++;
    if (frontend->accepted % ACCEPTED_AN_ESTIMATE == 0u) {
      events |= answer(spl, beat, estimate);
    }
  }
  return events;
}

uint32_t spl_push(spl_t *spl, int16_t sample, spl_beat_t *beat, spl_estimate_t *estimate) {
  uint32_t at = spl->frontend.samples;
  spl->frontend.samples++;
  misbehave(sample);
  if (sample == SAMPLE_BROKEN) {
    spl->frontend.broken = 1;
  }
  return find(spl, sample, at, beat, estimate) |
         spl_take_time(spl, at - SPL_ALERT_REPORTED_S * SPL_FS_HZ);
}
