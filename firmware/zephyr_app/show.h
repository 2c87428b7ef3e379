/* The LED, the alarm line, the button and the AD8232's LO+ and LO-. */
#ifndef SHOW_H
#define SHOW_H

#include <stdbool.h>

/* Pins as the devicetree has them. */
void show_init(void);

/* Whether an electrode is off; false where the devicetree has no lead-off-gpios. */
bool show_electrode_is_off(void);

#endif
