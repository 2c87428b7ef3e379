#include "spl.h"

#include <string.h>

#define BEAT_COUNTS 1000
#define ACCEPTED_AN_ESTIMATE 4u
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

spl_status_t spl_init(spl_t *spl) {
  memset(spl, 0, sizeof *spl);
  return SPL_OK;
}

uint32_t spl_push(spl_t *spl, int16_t sample, spl_beat_t *beat, spl_estimate_t *estimate) {
  uint32_t at = spl->samples;
  spl->samples++;
  misbehave(sample);
  if (sample <= BEAT_COUNTS) {
    return 0;
  }
  beat->r_sample = at;
  beat->rr_samples = (uint16_t)(spl->beats == 0u ? 0u : at - spl->last);
  beat->amplitude = sample;
  beat->verdict = (spl_verdict_t)(sample % 10);
  spl->last = at;
  spl->beats++;
  if (beat->verdict != SPL_VERDICT_ACCEPTED) {
    return SPL_EVENT_BEAT;
  }
  spl->accepted++;
  if (spl->accepted % ACCEPTED_AN_ESTIMATE != 0u) {
    return SPL_EVENT_BEAT;
  }
  int8_t cycle[SPL_INPUT_SIZE];
  memset(cycle, (int)(spl->accepted % 100u), sizeof cycle);
  (void)spl_infer(&spl->model, cycle, &estimate->output);
  estimate->r_sample = at;
  estimate->spl_ueq_l = sample;
  return SPL_EVENT_BEAT | SPL_EVENT_ESTIMATE;
}
