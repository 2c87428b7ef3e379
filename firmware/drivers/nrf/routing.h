#ifndef ROUTING_H
#define ROUTING_H

/* Connects the timer's compare to SAMPLE of the SAADC, and the SAADC's END to its START. */
void routing_start(void);

#endif
