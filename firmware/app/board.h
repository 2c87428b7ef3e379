/* What the application asks of a board. Each chip family implements it in drivers/<family>/, and
 * says in its board_can.h what it offers beyond samples and text: BOARD_CAN_... is 1, or 0 where
 * the functions are not there. */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "board_can.h"

/* Longer than anything that the main loop does on purpose: an inference of the largest model takes
 * some 300 ms at 64 MHz, and a second at 16 MHz. */
#define BOARD_WATCHDOG_S 4u

/* Starts clocks and the text output, and records what the chip knows of the last reset. Nothing is
 * sampled yet. */
void board_init(void);

/* Starts sampling: from here on an interrupt puts BOARD_FS_HZ samples a second into the sample
 * ring, and the watchdog runs, which resets the chip BOARD_WATCHDOG_S after it was last fed. Samples
 * are the application's clock, too. */
void board_start(void);

/* Called after each sample: no samples, or none that the main loop gets to, is no life. */
void board_feed_watchdog(void);

/* Sends text. Returns when the text is copied or sent; never drops any. */
void board_write(const char *text, uint32_t length);

/* Sleeps until the sample ring or the receive ring holds something. A board whose samples have an
 * end stops here. */
void board_sleep(void);

/* Called by the fault handler, on an emptied stack, with the address of the faulting
 * instruction or 0 where the stack itself had left the RAM. Records or reports it; never returns.
 */
void board_fault(uint32_t pc) __attribute__((noreturn));

/* The same, from the interrupt of a watchdog that is about to reset the chip, with the address of
 * the instruction that was next. */
void board_watchdog(uint32_t pc) __attribute__((noreturn));

/* BOARD_CAN_RECEIVE: from board_start on an interrupt puts every character that arrives into the
 * receive ring, and ends a sleep. Characters with a framing error are left out; the checksum of
 * their line then tells. */

/* BOARD_CAN_STORE: two slots of flash, each to be erased by itself. A slot has BOARD_STORE_WORDS
 * words at least; erased words read as all ones. Power may go at any instruction: nothing is then
 * asked of the slot that was being written, but the other is as it was. */
#define BOARD_STORE_SLOTS 2u
#define BOARD_STORE_WORDS 22u

/* The word of a slot, whether it was ever written or not. */
uint32_t board_store_read(uint32_t slot, uint32_t word);

/* Erases a slot. Samples are taken meanwhile: where an erasure stalls the core for longer than the
 * family's buffer lasts, it is done in parts. The watchdog does not run out. */
void board_store_erase(uint32_t slot);

/* Programs one word of an erased slot: words ascend from 0, each once, and all BOARD_STORE_WORDS
 * (an even number) are written; a family whose flash is programmed by larger units may wait for
 * their last word. The application reads back what it has written. */
void board_store_program(uint32_t slot, uint32_t word, uint32_t value);

/* BOARD_CAN_SHOW: sets the outputs to those of the mask: lit or active where its bit is set. */
#define BOARD_SHOW_LED (1u << 0) /* blinks by the alarms: outputs.h */
#define BOARD_SHOW_ALERT (1u << 1) /* for a buzzer or a call button: steady during an alarm */
void board_show(uint32_t outputs);

/* BOARD_CAN_ACKNOWLEDGE: whether the button that acknowledges alarms is pressed. */
bool board_acknowledges(void);

/* BOARD_CAN_ADVERTISE: from now on sends this in a non-connectable advertisement, about once a second; nothing
 * where it has no data. advert.h has the layout of the data. Copies it; called in the main loop only, some
 * times a minute. */
#define BOARD_ADDRESS_BYTES 6u
#define BOARD_ADVERT_BYTES 31u
typedef struct {
  bool has_address; /* a random one to send from; the chip's own otherwise */
  uint8_t address[BOARD_ADDRESS_BYTES];
  uint8_t length;
  uint8_t data[BOARD_ADVERT_BYTES]; /* AD structures */
} board_advert_t;
void board_advertise(const board_advert_t *advert);

/* BOARD_CAN_MEASURE_BATTERY: the supply in millivolts, as last measured; never waits for a
 * conversion. */
uint16_t board_battery_mv(void);

#endif
