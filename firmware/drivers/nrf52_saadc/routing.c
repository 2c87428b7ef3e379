/* By PPI (nRF52840 Product Specification v1.7, 6.16): a channel takes an event to a task. */
#include "routing.h"

#include "nrf.h"
#include "rtc.h"

#define ADDRESS_OF(reg) ((uint32_t)&(reg))

#define START_CHANNEL 0u
#define SAMPLE_CHANNEL 1u

void routing_start(void) {
  PPI_CH_EEP(START_CHANNEL) = ADDRESS_OF(RTC_EVENTS_COMPARE(RTC_SAMPLE));
  PPI_CH_TEP(START_CHANNEL) = ADDRESS_OF(SAADC_TASKS_START);
  PPI_CH_EEP(SAMPLE_CHANNEL) = ADDRESS_OF(SAADC_EVENTS_STARTED);
  PPI_CH_TEP(SAMPLE_CHANNEL) = ADDRESS_OF(SAADC_TASKS_SAMPLE);
  PPI_CHENSET = PPI_CHENSET_CH(START_CHANNEL) | PPI_CHENSET_CH(SAMPLE_CHANNEL);
}
