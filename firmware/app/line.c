#include "line.h"

#include "board.h"

#define DECIMAL_DIGITS 10u /* of 2^32 - 1 */

static void add(line_t *line, char letter) {
  if (line->length < LINE_SIZE - 1u) { /* the last place is the newline's */
    line->text[line->length] = letter;
    line->length++;
  }
}

static void add_decimal(line_t *line, uint32_t value) {
  char digits[DECIMAL_DIGITS];
  uint32_t count = 0;
  do {
    digits[count] = (char)('0' + (char)(value % 10u));
    value /= 10u;
    count++;
  } while (value != 0u);
  while (count > 0u) {
    count--;
    add(line, digits[count]);
  }
}

void line_begin(line_t *line, char kind) {
  line->length = 0;
  add(line, kind);
}

void line_word(line_t *line, const char *word) {
  add(line, ' ');
  for (; *word != '\0'; word++) {
    add(line, *word);
  }
}

void line_unsigned(line_t *line, uint32_t value) {
  add(line, ' ');
  add_decimal(line, value);
}

void line_signed(line_t *line, int32_t value) {
  uint32_t magnitude = (uint32_t)value;
  add(line, ' ');
  if (value < 0) {
    add(line, '-');
    magnitude = 0u - magnitude; /* -INT32_MIN has no int32, but it has a uint32 */
  }
  add_decimal(line, magnitude);
}

void line_send(line_t *line) {
  line->text[line->length] = '\n';
  board_write(line->text, line->length + 1u);
}
