/* How far a cycle is from those that the network learned from.
 *
 * A cycle becomes means of SPL_DISTANCE_POINTS points. The mean of the training cycles and what their
 * principal components explain are taken off; the sum of squares of the rest is the distance. A
 * component explains no more than it did in any training cycle.
 * quantize/distance.py is the numpy side's twin; docs/training.md says what it refuses.
 */
#ifndef SPL_DISTANCE_H
#define SPL_DISTANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "spl_contract.h"

#if SPL_HAS_DISTANCE
#define SPL_DISTANCE_POINTS 5
#define SPL_DISTANCE_VALUES 54
#define SPL_DISTANCE_COMPONENTS 8
/* Of the limit: more is no estimate. */
#define SPL_DISTANCE_MOST 100u

/* The distance of a mean, given as its cycles' shares in a whole one (spl_mean_point), in percent of the limit, rounded up.
 * Where lift is 0 that is any cycle, Q12 (4096 is the R amplitude). */
uint32_t spl_distance(const int16_t sums[SPL_DISTANCE_VALUES * SPL_DISTANCE_POINTS], uint32_t lift);

/* Whether what cycles are held against is what was exported. */
bool spl_distance_intact(void);
#endif

#endif
