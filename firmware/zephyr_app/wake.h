/* Ends the main loop's sleep; from any thread or interrupt. */
#ifndef WAKE_H
#define WAKE_H

void wake(void);

#endif
