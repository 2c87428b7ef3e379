#include "crc.h"

#define CRC16_POLYNOMIAL 0x1021u
#define CRC32_POLYNOMIAL 0xEDB88320u
#define BITS_OF_A_BYTE 8u
#define BITS_OF_A_WORD 32u

uint16_t crc16_add(uint16_t crc, char letter) {
  uint32_t value = crc ^ ((uint32_t)(uint8_t)letter << 8);
  for (uint32_t bit = 0; bit < BITS_OF_A_BYTE; bit++) {
    value = (value << 1) ^ ((value & 0x8000u) != 0u ? CRC16_POLYNOMIAL : 0u);
  }
  return (uint16_t)value;
}

uint32_t crc32_of_words(const uint32_t *words, uint32_t count) {
  uint32_t crc = UINT32_MAX;
  for (uint32_t i = 0; i < count; i++) {
    crc ^= words[i];
    for (uint32_t bit = 0; bit < BITS_OF_A_WORD; bit++) {
      crc = (crc >> 1) ^ ((crc & 1u) != 0u ? CRC32_POLYNOMIAL : 0u);
    }
  }
  return ~crc;
}
