#include "line.h"

#include "board.h"
#include "crc.h"

#define DECIMAL_DIGITS 10u /* of 2^32 - 1 */
#define HEX_DIGITS 4u

static char line[LINE_SIZE];
static uint32_t length;

static void add(char letter) {
  if (length < LINE_SIZE - LINE_END_SIZE) {
    line[length] = letter;
    length++;
  }
}

static void add_decimal(uint32_t value) {
  char digits[DECIMAL_DIGITS];
  uint32_t count = 0;
  do {
    digits[count] = (char)('0' + (char)(value % 10u));
    value /= 10u;
    count++;
  } while (value != 0u);
  while (count > 0u) {
    count--;
    add(digits[count]);
  }
}

static char hex_digit(uint32_t value) {
  return "0123456789ABCDEF"[value & 0xFu];
}

void line_begin(char kind) {
  length = 0;
  add(kind);
}

void line_word(const char *word) {
  add(' ');
  for (; *word != '\0'; word++) {
    add(*word);
  }
}

void line_unsigned(uint32_t value) {
  add(' ');
  add_decimal(value);
}

static void add_signed(char before, int32_t value) {
  uint32_t magnitude = (uint32_t)value;
  add(before);
  if (value < 0) {
    add('-');
    magnitude = 0u - magnitude; /* -INT32_MIN has no int32, but it has a uint32 */
  }
  add_decimal(magnitude);
}

void line_signed(int32_t value) {
  add_signed(' ', value);
}

void line_joined(const int8_t *values, uint32_t count) {
  char before = ' ';
  for (uint32_t i = 0; i < count; i++) {
    add_signed(before, values[i]);
    before = '/';
  }
}

void line_hex(uint16_t value) {
  for (uint32_t digit = HEX_DIGITS; digit > 0u; digit--) {
    add(hex_digit((uint32_t)value >> (4u * (digit - 1u))));
  }
}

static void put_end(char *at, uint16_t crc) {
  at[0] = '*';
  for (uint32_t digit = 0; digit < HEX_DIGITS; digit++) {
    at[HEX_DIGITS - digit] = hex_digit((uint32_t)crc >> (4u * digit));
  }
  at[LINE_END_SIZE - 1u] = '\n';
}

void line_send(void) {
  uint16_t crc = CRC16_START;
  for (uint32_t i = 0; i < length; i++) {
    crc = crc16_add(crc, line[i]);
  }
  put_end(&line[length], crc);
  board_write(line, length + LINE_END_SIZE);
}

void line_error(const char *word, int32_t number) {
  line_begin('E');
  line_word(word);
  line_signed(number);
  line_send();
}

void line_send_text(const char *text) {
  char end[LINE_END_SIZE];
  uint16_t crc = CRC16_START;
  uint32_t letters = 0;
  for (; text[letters] != '\0'; letters++) {
    crc = crc16_add(crc, text[letters]);
  }
  put_end(end, crc);
  board_write(text, letters);
  board_write(end, LINE_END_SIZE);
}
