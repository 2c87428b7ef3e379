#ifndef VERDICT_WORDS_H
#define VERDICT_WORDS_H

#include "spl.h"

/* A verdict on a beat as the word that stands in its line. */
const char *verdict_word(spl_verdict_t verdict);

#endif
