/*
 * A flat interface for a host build of the library: whole arrays in and out, for `splkit verify`.
 * It is not part of the firmware.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "spl.h"

/* int8 values that an inference gives. */
const int32_t spl_host_output_size = SPL_OUTPUT_SIZE;

/* Runs `count` inferences; inputs: [count][SPL_INPUT_SIZE], outputs: [count][SPL_OUTPUT_SIZE].
 * Returns a spl_status_t. */
int32_t spl_host_infer(const int8_t *inputs, int32_t count, int8_t *outputs) {
  static spl_model_t model;
  for (int32_t i = 0; i < count; i++) {
    const spl_status_t status = spl_infer(&model, inputs + (size_t)i * SPL_INPUT_SIZE,
                                          outputs + (size_t)i * SPL_OUTPUT_SIZE);
    if (status != SPL_OK) {
      return status;
    }
  }
  return SPL_OK;
}

/* What the front end found; every array holds as many items as its maximum says. */
typedef struct {
  int32_t max_beats;
  int32_t beat_count;
  uint32_t *r_sample;
  uint16_t *rr_samples;
  int16_t *amplitude;
  uint8_t *verdict;
  int32_t max_cycles;
  int32_t cycle_count;
  int8_t *cycles; /* [max_cycles][SPL_INPUT_SIZE], averaged and quantized */
  int32_t *cycle_beat; /* the beat that completed each */
  uint32_t counted[SPL_VERDICTS]; /* beats by verdict */
} spl_host_trace_t;

/* Streams `count` samples through a fresh front end. Returns 0, or -1 where an array is too short.
 */
int32_t spl_host_front_end(const int16_t *samples, int32_t count, spl_host_trace_t *trace) {
  static spl_frontend_t frontend;
  spl_frontend_init(&frontend);
  trace->beat_count = 0;
  trace->cycle_count = 0;
  for (int32_t i = 0; i < count; i++) {
    spl_beat_t beat;
    const uint32_t events = spl_frontend_push(&frontend, samples[i], &beat);
    if (events & SPL_EVENT_BEAT) {
      if (trace->beat_count == trace->max_beats) {
        return -1;
      }
      const int32_t at = trace->beat_count++;
      trace->r_sample[at] = beat.r_sample;
      trace->rr_samples[at] = beat.rr_samples;
      trace->amplitude[at] = beat.amplitude;
      trace->verdict[at] = (uint8_t)beat.verdict;
    }
    if (events & SPL_EVENT_CYCLE) {
      if (trace->cycle_count == trace->max_cycles) {
        return -1;
      }
      const int32_t at = trace->cycle_count++;
      spl_frontend_cycle(&frontend, trace->cycles + (size_t)at * SPL_INPUT_SIZE);
      trace->cycle_beat[at] = trace->beat_count - 1;
    }
  }
  for (int32_t verdict = 0; verdict < SPL_VERDICTS; verdict++) {
    trace->counted[verdict] = spl_frontend_count(&frontend, (spl_verdict_t)verdict);
  }
  return 0;
}
