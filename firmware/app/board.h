/* What the application asks of a board. Each chip family implements it in drivers/<family>/. */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stdint.h>

/* Starts clocks and the text output. Nothing is sampled yet. */
void board_init(void);

/* Starts sampling: from here on an interrupt puts BOARD_FS_HZ samples a second into the sample
 * ring. */
void board_start(void);

/* Sends text. Returns when the text is copied or sent; never drops any. */
void board_write(const char *text, uint32_t length);

/* Sleeps until the sample ring holds something. A board whose samples have an end stops here. */
void board_sleep(void);

/* Whether a fault ended the run before this one, and where. Forgets it. */
bool board_last_fault(uint32_t *pc);

/* Called by the fault handler, on an emptied stack, with the address of the faulting
 * instruction or 0 where the stack itself had left the RAM. Records or reports it; never returns.
 */
void board_fault(uint32_t pc) __attribute__((noreturn));

#endif
