/* ADC1 of the STM32L4: 12 bits, calibrated, triggered by TIM2 (RM0351, 18.4). */
#include "app_config.h"
#include "rails.h"
#include "sample_ring.h"
#include "stm32.h"

#define REGULATOR_START_TURNS (BOARD_CLOCK_HZ / 1000000u * 20u) /* at least 20 us: ADVREGEN */

void converter_start(void) {
  GPIO_ASCR(BOARD_ECG_PIN / 16u) |= GPIO_ASCR_ASC(BOARD_ECG_PIN % 16u);
  ADC_COMMON_CCR = ADC_COMMON_CCR_CKMODE_HCLK_BY_2;
  ADC1_CR = 0; /* out of deep power-down */
  ADC1_CR = ADC1_CR_ADVREGEN;
  for (volatile uint32_t turn = 0; turn < REGULATOR_START_TURNS; turn++) {
  }
  ADC1_CR |= ADC1_CR_ADCAL;
  while ((ADC1_CR & ADC1_CR_ADCAL) != 0u) {
  }
  while ((ADC1_ISR & ADC1_ISR_ADRDY) == 0u) {
    ADC1_CR |= ADC1_CR_ADEN; /* has no effect within 4 cycles of a calibration */
  }
  ADC1_CFGR = ADC1_CFGR_EXTEN_RISING | ADC1_CFGR_EXTSEL_TIM2_TRGO | ADC1_CFGR_OVRMOD;
#if BOARD_ECG_INPUT < 10u
  ADC1_SMPR1 = ADC1_SMPR1_SMP(BOARD_ECG_INPUT, ADC1_SMPR1_SMP_640_5_CYCLES);
#else
  ADC1_SMPR2 = ADC1_SMPR2_SMP(BOARD_ECG_INPUT, ADC1_SMPR1_SMP_640_5_CYCLES);
#endif
  ADC1_SQR1 = ADC1_SQR1_SQ1(BOARD_ECG_INPUT);
  ADC1_IER = ADC1_IER_EOCIE;
  ADC1_CR |= ADC1_CR_ADSTART;
}

void adc_interrupt(void) {
  if ((ADC1_ISR & ADC1_ISR_EOC) != 0u) {
    sample_ring_put(rails_sample_12_bits(ADC1_DR)); /* reading it clears EOC */
  }
}
