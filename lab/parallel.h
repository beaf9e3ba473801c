/*
 * lab/parallel.h -- independent tasks over the cores.
 */
#ifndef LAB_PARALLEL_H
#define LAB_PARALLEL_H

#include <stddef.h>

/** Cores that this process may use, at least 1. */
size_t lab_cores(void);

/** Calls task(context, i) once for every i < tasks, several at a time.  What tasks write
 *  must not overlap; then nothing depends on how many cores there are. */
void lab_parallel(size_t tasks, void (*task)(void *context, size_t i), void *context);

#endif
