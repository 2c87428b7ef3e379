/* The day, for what is forgotten of blood tests. Samples are the only clock, and a device that is off
 * counts none. */
#ifndef CALENDAR_H
#define CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/* So many days are taken to have passed while the device was off, until its owner says the day:
 * rather too many, so that intervals are rather too wide. */
#define CALENDAR_AWAY_DAYS 30u

/* After settings_load: goes on from the day that was stored. */
void calendar_start(void);

/* A sample has passed. True where a day has: calibration has to be taken anew. What is stored of a
 * calibrated device gets the new day, so that no reset makes it younger. */
bool calendar_tick(void);

/* A day has begun, or is said to have. */
void calendar_begin_day(void);

#endif
