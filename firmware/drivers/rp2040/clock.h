#ifndef CLOCK_H
#define CLOCK_H

/* Takes the peripherals that the driver uses out of reset, and runs them and the core at 48 MHz. */
void clock_start(void);

#endif
