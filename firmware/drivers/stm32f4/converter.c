/* ADC1 of the STM32F4: 12 bits, triggered by TIM2 (RM0090, 13.3). */
#include "app_config.h"
#include "rails.h"
#include "sample_ring.h"
#include "stm32.h"

#if BOARD_ECG_INPUT > 9u
#error "ADC_SMPR2 holds the channels 0 to 9"
#endif

void converter_start(void) {
  ADC_SMPR2 = ADC_SMPR_LONGEST << (BOARD_ECG_INPUT * 3u);
  ADC_SQR3 = BOARD_ECG_INPUT;
  ADC_CR1 = ADC_CR1_EOCIE;
  ADC_CR2 = ADC_CR2_TIM2_TRGO | ADC_CR2_ADON;
}

void adc_interrupt(void) {
  if ((ADC_SR & ADC_SR_EOC) != 0u) {
    sample_ring_put(rails_sample_12_bits(ADC_DR)); /* reading it clears EOC */
  }
}
