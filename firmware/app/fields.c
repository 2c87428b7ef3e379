#include "fields.h"

#define SAMPLE_DIGITS 4u
#define BYTE_DIGITS 2u

/* Goes on behind a field that ends at `end`; false where it goes on itself. */
static bool go_on(const char **text, const char *end) {
  if (*end != ' ' && *end != '\0') {
    return false;
  }
  *text = *end == ' ' ? end + 1 : end;
  return true;
}

bool fields_word(const char **text, const char *word) {
  const char *at = *text;
  for (; *word != '\0'; word++) {
    if (*at != *word) {
      return false;
    }
    at++;
  }
  return go_on(text, at);
}

bool fields_number(const char **text, int32_t *value) {
  const char *at = *text;
  bool negative = *at == '-';
  int32_t number = 0;
  if (negative) {
    at++;
  }
  if (*at < '0' || *at > '9') {
    return false;
  }
  for (; *at >= '0' && *at <= '9'; at++) {
    if (number > (FIELDS_LARGEST - (*at - '0')) / 10) {
      return false;
    }
    number = number * 10 + (*at - '0');
  }
  *value = negative ? -number : number;
  return go_on(text, at);
}

uint32_t fields_digit(char letter) {
  if (letter >= '0' && letter <= '9') {
    return (uint32_t)(letter - '0');
  }
  return letter >= 'A' && letter <= 'F' ? (uint32_t)(letter - 'A') + 10u : 16u;
}

/* So many upper-case hexadecimal digits; false where one of them is none. */
static bool take_digits(const char **text, uint32_t digits, uint32_t *value) {
  *value = 0;
  for (uint32_t i = 0; i < digits; i++) {
    const uint32_t digit = fields_digit((*text)[i]);
    if (digit > 15u) {
      return false;
    }
    *value = *value * 16u + digit;
  }
  *text += digits;
  return true;
}

bool fields_sample(const char **text, int16_t *sample) {
  uint32_t value;
  if (!take_digits(text, SAMPLE_DIGITS, &value)) {
    return false;
  }
  *sample = (int16_t)(uint16_t)value;
  return true;
}

bool fields_bytes(const char **text, uint8_t *bytes, uint32_t count) {
  const char *at = *text;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t value;
    if (!take_digits(&at, BYTE_DIGITS, &value)) {
      return false;
    }
    bytes[i] = (uint8_t)value;
  }
  return go_on(text, at);
}
