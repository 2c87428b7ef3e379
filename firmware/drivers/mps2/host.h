/* The host that QEMU runs on, by Arm's "Semihosting for AArch32 and AArch64". */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>

/* Finds the host's file "heard", next to which the simulator runs. Without one, host_wait returns
 * at once. */
void host_init(void);

/* Waits until the host has heard the last line and has sent its answer, if it has one. The board's
 * clock stands still meanwhile: how soon a busy host answers changes nothing on the board. */
void host_wait(void);

/* Ends the simulation; its exit status is 0 if all went well. */
__attribute__((noreturn)) void host_leave(bool well);

#endif
