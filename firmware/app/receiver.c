#include "receiver.h"

#include <stdbool.h>
#include <stddef.h>

#include "crc.h"
#include "fields.h"
#include "line.h"

/* A line without its '\n', whose place the text's '\0' takes. */
#define BUFFER_SIZE (RECEIVER_TEXT_SIZE + LINE_END_SIZE)

static char buffer[BUFFER_SIZE];
static uint32_t filled;
static bool spoilt;
static uint32_t bad_lines;

uint32_t receiver_bad_lines(void) {
  return bad_lines;
}

/* Whether the line ends with the checksum of what comes before it. */
static bool is_whole(void) {
  const uint32_t end_size = LINE_END_SIZE - 1u;
  if (spoilt || filled <= end_size || buffer[filled - end_size] != '*') {
    return false;
  }
  uint32_t stated = 0;
  for (uint32_t i = filled - end_size + 1u; i < filled; i++) {
    uint32_t digit = fields_digit(buffer[i]);
    if (digit > 15u) {
      return false;
    }
    stated = stated * 16u + digit;
  }
  uint16_t crc = CRC16_START;
  for (uint32_t i = 0; i < filled - end_size; i++) {
    crc = crc16_add(crc, buffer[i]);
  }
  return crc == stated;
}

static const char *end_line(void) {
  const char *command = NULL;
  if (is_whole()) {
    buffer[filled - (LINE_END_SIZE - 1u)] = '\0';
    command = buffer;
  } else if (spoilt || filled > 0u) {
    bad_lines++;
  }
  filled = 0;
  spoilt = false;
  return command;
}

const char *receiver_take(char letter) {
  if (letter == '\n') {
    return end_line();
  }
  if (letter < ' ' || letter > '~' || filled == BUFFER_SIZE - 1u) {
    spoilt = true;
  } else {
    buffer[filled] = letter;
    filled++;
  }
  return NULL;
}
