#ifndef ROUTING_H
#define ROUTING_H

/* Connects the RTC's compare to START of the SAADC, and the SAADC's STARTED to its SAMPLE. */
void routing_start(void);

#endif
