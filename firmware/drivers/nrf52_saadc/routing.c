/* By PPI (nRF52840 Product Specification v1.7, 6.16): a channel takes an event to a task. */
#include "routing.h"

#include "nrf.h"
#include "rtc.h"

#define PPI_CHENSET REGISTER(PPI_BASE + 0x504u)
#define PPI_EVENT(channel) REGISTER(PPI_BASE + 0x510u + 8u * (channel))
#define PPI_TASK(channel) REGISTER(PPI_BASE + 0x514u + 8u * (channel))

#define RTC_EVENT_COMPARE_AT (RTC_BASE + 0x140u + 4u * RTC_SAMPLE)
#define SAADC_EVENT_STARTED_AT (SAADC_BASE + 0x100u)
#define SAADC_TASK_START (SAADC_BASE + 0x000u)
#define SAADC_TASK_SAMPLE (SAADC_BASE + 0x004u)

#define START_CHANNEL 0u
#define SAMPLE_CHANNEL 1u

void routing_start(void) {
  PPI_EVENT(START_CHANNEL) = RTC_EVENT_COMPARE_AT;
  PPI_TASK(START_CHANNEL) = SAADC_TASK_START;
  PPI_EVENT(SAMPLE_CHANNEL) = SAADC_EVENT_STARTED_AT;
  PPI_TASK(SAMPLE_CHANNEL) = SAADC_TASK_SAMPLE;
  PPI_CHENSET = (1u << START_CHANNEL) | (1u << SAMPLE_CHANNEL);
}
