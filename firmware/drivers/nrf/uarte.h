/* Text out of UARTE0; uarte_receiver.h is its other half. */
#ifndef UARTE_H
#define UARTE_H

/* Connects UARTE0 to its pins, ready for board_write. */
void uarte_init(void);

/* The crystal runs: goes on with what waits. From its interrupt. */
void uarte_send(void);

#endif
