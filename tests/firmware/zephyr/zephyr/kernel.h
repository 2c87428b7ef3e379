/* What firmware/zephyr_app/store.c takes of Zephyr's kernel. */
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ARG_UNUSED(name) ((void)(name))
