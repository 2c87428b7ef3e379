#ifndef HAS_RADIO_H
#define HAS_RADIO_H

#define CHIP_HAS_RADIO 0 /* it belongs to the network core */

#endif
