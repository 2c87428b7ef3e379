/* Samples on their way from the interrupt to the main loop: one writer, one reader, no lock. */
#ifndef SAMPLE_RING_H
#define SAMPLE_RING_H

#include <stdbool.h>
#include <stdint.h>

/* A power of two. 256 samples are 0.85 s at 300 Hz: at 64 MHz an inference of the 4k model takes
 * some 10 ms, of the 180k model some 300 ms, and a line of text waits 6 ms for its turn. */
#define SAMPLE_RING_SIZE 256u

/* From the interrupt. A sample that finds the ring full is counted as lost. */
void sample_ring_put(int16_t sample);

/* From the interrupt. A sample that could not be taken in time is counted as lost, too. */
void sample_ring_miss(void);

/* From the main loop. False when the ring is empty. */
bool sample_ring_take(int16_t *sample);

bool sample_ring_is_empty(void);

/* Samples lost since reset. */
uint32_t sample_ring_lost(void);

#endif
