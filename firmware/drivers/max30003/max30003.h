/* A MAX30003, an amplifier and converter for the ECG (data sheet 19-100144 Rev 3): what it is told, and what its
 * answers say. How it is reached is for whoever includes this. */
#ifndef MAX30003_H
#define MAX30003_H

#include <stdbool.h>
#include <stdint.h>

/* Half of the FIFO: the other half, 62 ms at 256 Hz, is the time that the core may stand still. */
#define MAX30003_BLOCK_SAMPLES 16u

/* An exchange has the command, then words of 24 bits, the highest byte first. */
#define MAX30003_WORD_BYTES 3u
#define MAX30003_COMMAND_BYTES (1u + MAX30003_WORD_BYTES)
#define MAX30003_BLOCK_BYTES (1u + MAX30003_BLOCK_SAMPLES * MAX30003_WORD_BYTES)

/* What it is told at the start, in this order. */
#define MAX30003_SETTINGS 7u
typedef struct {
  uint32_t address;
  uint32_t value;
} max30003_setting_t;
extern const max30003_setting_t max30003_settings[MAX30003_SETTINGS];

/* Each puts a command into the first MAX30003_COMMAND_BYTES. */
void max30003_put_write(uint8_t *command, uint32_t address, uint32_t value);
void max30003_put_read(uint8_t *command, uint32_t address);

/* The answer to a reading of STATUS, MAX30003_COMMAND_BYTES. From then on samples are on the rail, or
 * no longer: as with an AD8232 whose electrode is off. */
void max30003_take_status(const volatile uint8_t *answer);

/* The answer to a reading of ECG_FIFO_BURST, MAX30003_BLOCK_BYTES: its samples go into the sample ring. False
 * where the FIFO has overflown, and has to be reset: what it held is counted as lost. */
bool max30003_take_block(const volatile uint8_t *answer);

#endif
