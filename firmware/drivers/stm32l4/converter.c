/* ADC1 of the STM32L4: 12 bits, calibrated, triggered by TIM2 (RM0351, 18.4). */
#include "app_config.h"
#include "rails.h"
#include "sample_ring.h"
#include "stm32.h"

#define REGULATOR_START_TURNS (BOARD_CLOCK_HZ / 1000000u * 20u) /* at least 20 us: ADVREGEN */

void converter_start(void) {
  GPIO_ASCR(BOARD_ECG_PIN / 16u) |= 1u << (BOARD_ECG_PIN % 16u);
  ADC_CCR = ADC_CCR_HCLK_2;
  ADC_CR = 0; /* out of deep power-down */
  ADC_CR = ADC_CR_ADVREGEN;
  for (volatile uint32_t turn = 0; turn < REGULATOR_START_TURNS; turn++) {
  }
  ADC_CR |= ADC_CR_ADCAL;
  while ((ADC_CR & ADC_CR_ADCAL) != 0u) {
  }
  while ((ADC_ISR & ADC_ISR_ADRDY) == 0u) {
    ADC_CR |= ADC_CR_ADEN; /* has no effect within 4 cycles of a calibration */
  }
  ADC_CFGR = ADC_CFGR_TIM2_TRGO | ADC_CFGR_OVERWRITE;
  ADC_SMPR(BOARD_ECG_INPUT / 10u) = ADC_SMPR_LONGEST << (BOARD_ECG_INPUT % 10u * 3u);
  ADC_SQR1 = ADC_SQR1_FIRST(BOARD_ECG_INPUT);
  ADC_IER = ADC_IER_EOC;
  ADC_CR |= ADC_CR_ADSTART;
}

void adc_interrupt(void) {
  if ((ADC_ISR & ADC_ISR_EOC) != 0u) {
    sample_ring_put(rails_sample_12_bits(ADC_DR)); /* reading it clears EOC */
  }
}
