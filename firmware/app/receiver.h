/* Characters in, whole commands out: framed as every line is, text, '*', checksum, end of line. */
#ifndef RECEIVER_H
#define RECEIVER_H

#include <stdint.h>

/* The longest command is a stretch of samples to replay: "replay " and 16 times 4 digits. */
#define RECEIVER_TEXT_SIZE 72u

/* Takes one character. Returns the text of the command that it completes, which stays as it is
 * until the next call, or NULL. Lines that are too long, hold anything but printable ASCII or have
 * another checksum are dropped and counted; an empty line is nothing. */
const char *receiver_take(char letter);

/* Lines dropped since reset. */
uint32_t receiver_bad_lines(void);

#endif
