#include "max30003.h"

#include "app_config.h"
#include "max30003_registers.h"
#include "sample_ring.h"

#define READ 1u /* the lowest bit of a command; the address lies above it */

/* Sampling rates, by the clock that the board gives it at FCLK: 32.768 kHz, or 32 kHz for 125, 200,
 * 250 and 500 Hz. */
#if BOARD_FS_HZ == 512u
#define CLOCK 0u
#define CHOICE 0u
#elif BOARD_FS_HZ == 256u
#define CLOCK 0u
#define CHOICE 1u
#elif BOARD_FS_HZ == 128u
#define CLOCK 0u
#define CHOICE 2u
#elif BOARD_FS_HZ == 500u
#define CLOCK 1u
#define CHOICE 0u
#elif BOARD_FS_HZ == 250u
#define CLOCK 1u
#define CHOICE 1u
#elif BOARD_FS_HZ == 125u
#define CLOCK 1u
#define CHOICE 2u
#elif BOARD_FS_HZ == 200u
#define CLOCK 2u
#define CHOICE 2u
#else
#error a MAX30003 samples at 125, 128, 200, 250, 256, 500 or 512 Hz
#endif

/* 100 MOhm from either input to its common mode. */
#define BIAS                                                                                       \
  (MAX30003_CNFG_GEN_EN_RBIAS_ECG | MAX30003_CNFG_GEN_RBIASV_100_MOHM | MAX30003_CNFG_GEN_RBIASP | \
   MAX30003_CNFG_GEN_RBIASN)

/* An input without its electrode is pulled up to 1 V from its common mode by 10 nA through the 100 MOhm of its
 * bias, or as far as the supply lets it: three times the limit of 0.3 V, which is reached from 43 MOhm on. A dry
 * electrode of 1 MOhm brings 10 mV. */
#define LEAD_OFF                                                                                   \
  (MAX30003_CNFG_GEN_EN_DCLOFF_ECG | MAX30003_CNFG_GEN_DCLOFF_IMAG_10_NA |                         \
   MAX30003_CNFG_GEN_DCLOFF_VTH_300_MV)

/* An electrode that is off is no interrupt: it would hold the pin low. STATUS is read with each block. */
const max30003_setting_t max30003_settings[MAX30003_SETTINGS] = {
    {MAX30003_SW_RST, 0},
    {MAX30003_CNFG_GEN,
     MAX30003_CNFG_GEN_FMSTR(CLOCK) | MAX30003_CNFG_GEN_EN_ECG | LEAD_OFF | BIAS},
    {MAX30003_CNFG_EMUX, 0}, /* both inputs connected */
    /* A gain of 20: the whole range of 18 bits is +-50 mV. */
    {MAX30003_CNFG_ECG, MAX30003_CNFG_ECG_RATE(CHOICE) | MAX30003_CNFG_ECG_GAIN_20 |
                            MAX30003_CNFG_ECG_DHPF_0_5_HZ | MAX30003_CNFG_ECG_DLPF_40_HZ},
    {MAX30003_MNGR_INT, MAX30003_MNGR_INT_EFIT(MAX30003_BLOCK_SAMPLES - 1u)},
    {MAX30003_EN_INT, MAX30003_EN_INT_EN_EINT | MAX30003_EN_INT_INTB_TYPE_CMOS},
    {MAX30003_SYNCH, 0},
};

/* A word of the FIFO: 18 bits of the sample, three that say what it is, three of no use here. The
 * sample's upper 16 bits are kept: 1.5 uV a count, less than its noise. */
#define SAMPLE_SHIFT 8u
#define TAG(word) (((word) >> 3) & 7u)
#define TAGS_OF_SAMPLES 4u /* below: samples, among them the last one, and those in fast recovery */
#define TAG_OVERFLOW 7u
#define FIFO_SAMPLES 32u

static bool electrode_is_off;

void max30003_put_write(uint8_t *command, uint32_t address, uint32_t value) {
  command[0] = (uint8_t)(address << 1);
  command[1] = (uint8_t)(value >> 16);
  command[2] = (uint8_t)(value >> 8);
  command[3] = (uint8_t)value;
}

void max30003_put_read(uint8_t *command, uint32_t address) {
  max30003_put_write(command, address, 0);
  command[0] |= READ;
}

static uint32_t word_at(const volatile uint8_t *bytes) {
  return ((uint32_t)bytes[0] << 16) | ((uint32_t)bytes[1] << 8) | bytes[2];
}

void max30003_take_status(const volatile uint8_t *answer) {
  electrode_is_off = (word_at(&answer[1]) & MAX30003_STATUS_DCLOFFINT) != 0u;
}

bool max30003_take_block(const volatile uint8_t *answer) {
  bool overflown = false;
  for (uint32_t at = 1; at < MAX30003_BLOCK_BYTES; at += MAX30003_WORD_BYTES) {
    const uint32_t word = word_at(&answer[at]);
    if (TAG(word) < TAGS_OF_SAMPLES) {
      sample_ring_put(electrode_is_off ? INT16_MAX : (int16_t)(uint16_t)(word >> SAMPLE_SHIFT));
    }
    overflown = overflown || TAG(word) == TAG_OVERFLOW;
  }
  for (uint32_t sample = 0; overflown && sample < FIFO_SAMPLES; sample++) {
    sample_ring_miss();
  }
  return !overflown;
}
