/* What beats, answers and time do to a stream: the steps of spl_push. Private. */
#ifndef SPL_EVENTS_H
#define SPL_EVENTS_H

#include "spl.h"

/* Each returns the events that it completed.
 *
 * The time has come to `sample`, all beats before it were given. */
uint32_t spl_take_time(spl_t *spl, uint32_t sample);

uint32_t spl_take_beat(spl_t *spl, const spl_beat_t *beat);

/* An answer of the network, without calibration: its value, or its quantiles in order. Fills in
 * `estimate`, of which r_sample, cycles, grown, outputs and the inference's status are there. Of what is no estimate
 * the median becomes SPL_NO_VALUE. */
uint32_t spl_take_answer(spl_t *spl, int32_t answer[SPL_QUANTILES], spl_estimate_t *estimate);

#endif
