#include "line.h"

#include "board.h"
#include "crc.h"

#define DECIMAL_DIGITS 10u /* of 2^32 - 1 */
#define HEX_DIGITS 4u

static void add(line_t *line, char letter) {
  if (line->length < LINE_SIZE - LINE_END_SIZE) {
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

static char hex_digit(uint32_t value) {
  return "0123456789ABCDEF"[value & 0xFu];
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

void line_hex(line_t *line, uint16_t value) {
  for (uint32_t digit = HEX_DIGITS; digit > 0u; digit--) {
    add(line, hex_digit((uint32_t)value >> (4u * (digit - 1u))));
  }
}

static void put_end(char *at, uint16_t crc) {
  at[0] = '*';
  for (uint32_t digit = 0; digit < HEX_DIGITS; digit++) {
    at[HEX_DIGITS - digit] = hex_digit((uint32_t)crc >> (4u * digit));
  }
  at[LINE_END_SIZE - 1u] = '\n';
}

void line_send(line_t *line) {
  uint16_t crc = CRC16_START;
  for (uint32_t i = 0; i < line->length; i++) {
    crc = crc16_add(crc, line->text[i]);
  }
  put_end(&line->text[line->length], crc);
  board_write(line->text, line->length + LINE_END_SIZE);
}

void line_send_text(const char *text) {
  char end[LINE_END_SIZE];
  uint16_t crc = CRC16_START;
  uint32_t length = 0;
  for (; text[length] != '\0'; length++) {
    crc = crc16_add(crc, text[length]);
  }
  put_end(end, crc);
  board_write(text, length);
  board_write(end, LINE_END_SIZE);
}
