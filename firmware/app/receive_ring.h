/* Characters on their way from the interrupt to the main loop: one writer, one reader, no lock. */
#ifndef RECEIVE_RING_H
#define RECEIVE_RING_H

#include <stdbool.h>
#include <stdint.h>

/* A power of two. Two of the longest commands: 11 ms at 115200 baud, as long as an inference of the
 * 4k model takes. Who sends waits for the answer before the next command. */
#define RECEIVE_RING_SIZE 128u

/* From the interrupt. A character that finds the ring full is dropped; its line's checksum tells.
 */
void receive_ring_put(char letter);

/* From the main loop. False when the ring is empty. */
bool receive_ring_take(char *letter);

bool receive_ring_is_empty(void);

#endif
