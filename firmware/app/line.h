/* One line of text, put together without printf, heap or floating point, and closed by its
 * checksum: docs/protocol.md. */
#ifndef LINE_H
#define LINE_H

#include <stdint.h>

/* The longest line that the application puts together is an estimate of 16 quantiles, some 130
 * letters. What does not fit is cut off, the checksum and the end of the line never are. */
#define LINE_SIZE 144u

/* "*1A2B\n" */
#define LINE_END_SIZE 6u

/* Starts a line with its kind. There is one line at a time, in the main loop, or in a fault's last
 * words. */
void line_begin(char kind);

/* Each adds a space and one field. */
void line_word(const char *word);
void line_unsigned(uint32_t value);
void line_signed(int32_t value);

/* The same of several numbers with a '/' between two. */
void line_joined(const int8_t *values, uint32_t count);

/* Adds four hexadecimal digits, without a space. */
void line_hex(uint16_t value);

/* Ends the line and hands it to board_write. */
void line_send(void);

/* The same for a text of any length. */
void line_send_text(const char *text);

/* A whole line: `E`, a word and a number. */
void line_error(const char *word, int32_t number);

#endif
