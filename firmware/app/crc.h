/* Checksums: of a line on the wire, and of the settings in flash. */
#ifndef CRC_H
#define CRC_H

#include <stdint.h>

#define CRC16_START 0xFFFFu

/* CRC-16/CCITT-FALSE (polynomial 0x1021, most significant bit first) of one more byte. */
uint16_t crc16_add(uint16_t crc, char letter);

/* CRC-32 of IEEE 802.3 (zlib's) of words, each its lowest byte first. */
uint32_t crc32_of_words(const uint32_t *words, uint32_t count);

#endif
