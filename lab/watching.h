/*
 * lab/watching.h -- what theorems keep of every path, step by step (lab_watch of a bound),
 * while a block runs.
 */
#ifndef LAB_WATCHING_H
#define LAB_WATCHING_H

#include "lab/block.h"

/** One theorem that watches the replicas of an arm. */
struct lab_watcher {
    const struct lab_bound *bound;
    const void *inputs; /**< read only, shared by threads */
    double *rhs,
        *own; /**< seeds x rows; NULL: the watch does not make it; f for f - f* */
};

struct lab_watching;

/** For replicas first .. first+count-1 of a plan and rows rows. */
struct lab_watching *lab_watching_new(struct lab_watcher *watcher, size_t watchers,
                                      const struct lab_plan *plan, size_t first,
                                      size_t count, size_t rows);
void lab_watching_free(struct lab_watching *w);
/** The observer: `self` is a struct lab_watching. */
void lab_watching_see(void *self, const struct lab_moment *m);
/** Replica r of the block at row k, after steps 1..t; `gone`: it has diverged.  `later` will
 *  put f(x) to *f, x copied. */
void lab_watching_record(struct lab_watching *w, size_t k, size_t t, size_t r, bool gone,
                         void (*later)(void *context, const double *x, double *f),
                         void *context);

#endif
