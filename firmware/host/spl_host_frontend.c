/* A flat interface to the front end for a host build, called by ctypes. */
#include "spl_frontend.h"

int32_t spl_host_frontend_run(const int16_t *samples, int32_t count, spl_beat_t *beats,
                              int32_t max_beats, int8_t *cycles, int32_t *cycle_beat,
                              int32_t max_cycles, int32_t *cycle_count);

/* Pushes `count` samples into a new front end. Writes at most `max_beats` beats, and at most
 * `max_cycles` quantized cycles ([max_cycles][SPL_CYCLE_SIZE]) with the beat that completed each
 * and their number. Returns the number of beats. */
int32_t spl_host_frontend_run(const int16_t *samples, int32_t count, spl_beat_t *beats,
                              int32_t max_beats, int8_t *cycles, int32_t *cycle_beat,
                              int32_t max_cycles, int32_t *cycle_count) {
  static spl_frontend_t frontend;
  int32_t beat_count = 0;
  *cycle_count = 0;
  spl_frontend_init(&frontend);
  for (int32_t index = 0; index < count && beat_count < max_beats; index++) {
    uint32_t events = spl_frontend_push(&frontend, samples[index], &beats[beat_count]);
    if ((events & SPL_EVENT_CYCLE) != 0 && *cycle_count < max_cycles) {
      spl_frontend_cycle(&frontend, &cycles[*cycle_count * SPL_CYCLE_SIZE]);
      cycle_beat[*cycle_count] = beat_count;
      ++*cycle_count;
    }
    if ((events & SPL_EVENT_BEAT) != 0) {
      beat_count++;
    }
  }
  return beat_count;
}
