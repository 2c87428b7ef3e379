/* One line of text, put together without printf, heap or floating point. */
#ifndef LINE_H
#define LINE_H

#include <stdint.h>

/* The longest line that the application writes is a beat: "B 4294967295 4294967295 -2147483648
 * <word>\n". A word has at most 16 letters; what does not fit is cut off, the end of the line never
 * is. */
#define LINE_SIZE 64u

typedef struct {
  uint32_t length;
  char text[LINE_SIZE];
} line_t;

/* Starts a line with its kind. */
void line_begin(line_t *line, char kind);

/* Each adds a space and one field. */
void line_word(line_t *line, const char *word);
void line_unsigned(line_t *line, uint32_t value);
void line_signed(line_t *line, int32_t value);

/* Ends the line and hands it to board_write. */
void line_send(line_t *line);

#endif
