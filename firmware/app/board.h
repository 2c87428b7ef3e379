/* What the application asks of a board. Each chip family implements it in drivers/<family>/. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

/* Longer than anything that the main loop does on purpose: an inference of the largest model takes
 * some 300 ms at 64 MHz, and a second at 16 MHz. */
#define BOARD_WATCHDOG_S 4u

/* Starts clocks and the text output, and records what the chip knows of the last reset. Nothing is
 * sampled yet. */
void board_init(void);

/* Starts sampling: from here on an interrupt puts BOARD_FS_HZ samples a second into the sample
 * ring. Starts the watchdog, which resets the chip BOARD_WATCHDOG_S after it was last fed. */
void board_start(void);

/* Called after each sample: no samples, or none that the main loop gets to, is no life. */
void board_feed_watchdog(void);

/* Sends text. Returns when the text is copied or sent; never drops any. */
void board_write(const char *text, uint32_t length);

/* Sleeps until the sample ring holds something. A board whose samples have an end stops here. */
void board_sleep(void);

/* Called by the fault handler, on an emptied stack, with the address of the faulting
 * instruction or 0 where the stack itself had left the RAM. Records or reports it; never returns.
 */
void board_fault(uint32_t pc) __attribute__((noreturn));

/* The same, from the interrupt of a watchdog that is about to reset the chip, with the address of
 * the instruction that was next. */
void board_watchdog(uint32_t pc) __attribute__((noreturn));

#endif
