#ifndef SAMPLER_H
#define SAMPLER_H

/* Starts to sample the ECG: BOARD_FS_HZ samples a second reach the sample ring. */
void sampler_start(void);

/* A pin that is sensed has changed: for a converter that calls by a pin. From the interrupt. */
void sampler_line_changed(void);

#endif
