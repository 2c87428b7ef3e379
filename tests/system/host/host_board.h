/* A board for the host: text into a stream, and NOR flash whose power may be cut. */
#ifndef HOST_BOARD_H
#define HOST_BOARD_H

#include <stdint.h>

#include "board.h"
#include "settings.h"

/* Words of all slots; erased they are all ones. */
extern uint32_t host_flash[BOARD_STORE_SLOTS][BOARD_STORE_WORDS];

/* Erasures and programmed words so far. */
extern uint32_t host_flash_operations;

/* Stores settings, with the power cut in operation `cut` (counted from 0), of which only
 * the bits in `done` have happened. Returns 1 where the power went, 0 where it was stored, and -1
 * where settings_store refused. */
int32_t host_store(const settings_t *settings, uint32_t cut, uint32_t done);

/* Reads them as at a start. Returns settings_load's answer. */
int32_t host_load(settings_t *settings, uint32_t *dropped);

/* Starts the calendar, and lets so many samples pass; how many days began. */
uint32_t host_days(uint32_t samples);

#endif
