#ifndef UARTE_H
#define UARTE_H

/* Connects UARTE0 to its pin, ready for board_write. */
void uarte_init(void);

#endif
