/* The thread that samples: over main's, whose inferences take long, and under none that waits for it. */
#ifndef SAMPLING_H
#define SAMPLING_H

#include <stdint.h>
#include <zephyr/kernel.h>

/* Starts the thread, which calls `take_sample` BOARD_FS_HZ times a second: each time within a tick
 * of Zephyr's clock of where the sample belongs, and the rate is exact. Samples whose time has passed are
 * counted as lost. */
void sampling_start(void (*take_sample)(void));

#endif
