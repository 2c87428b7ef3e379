/* The window that the network reads in the place of the cycle by which beats are judged. */
#ifndef SPL_WINDOW_H
#define SPL_WINDOW_H

#include "spl_frontend.h"

/* The window about the accepted beat that the last push reported, as the model's input. Valid after
 * SPL_EVENT_CYCLE, until the next push; once, for it takes the place of the cycle in `frontend`. */
void spl_window(spl_frontend_t *frontend, int8_t window[SPL_WINDOW_SIZE]);

#endif
