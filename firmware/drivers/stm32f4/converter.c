/* ADC1 of the STM32F4: 12 bits, triggered by TIM2 (RM0090, 13.3). */
#include "app_config.h"
#include "rails.h"
#include "sample_ring.h"
#include "stm32.h"

#if BOARD_ECG_INPUT > 9u
#error "ADC1_SMPR2 holds the channels 0 to 9"
#endif

void converter_start(void) {
  ADC1_SMPR2 = ADC1_SMPR2_SMP(BOARD_ECG_INPUT, ADC1_SMPR2_SMP_480_CYCLES);
  ADC1_SQR3 = ADC1_SQR3_SQ1(BOARD_ECG_INPUT);
  ADC1_CR1 = ADC1_CR1_EOCIE;
  ADC1_CR2 = ADC1_CR2_EXTEN_RISING | ADC1_CR2_EXTSEL_TIM2_TRGO | ADC1_CR2_ADON;
}

void adc_interrupt(void) {
  if ((ADC1_SR & ADC1_SR_EOC) != 0u) {
    sample_ring_put(rails_sample_12_bits(ADC1_DR)); /* reading it clears EOC */
  }
}
