#ifndef SAMPLER_H
#define SAMPLER_H

/* Starts the SAADC at BOARD_FS_HZ samples a second: they reach the sample ring block by block. */
void sampler_start(void);

#endif
