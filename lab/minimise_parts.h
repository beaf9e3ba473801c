/*
 * lab/minimise_parts.h -- what lab/minimise.c and lab/path.c share.
 */
#ifndef LAB_MINIMISE_PARTS_H
#define LAB_MINIMISE_PARTS_H

#include "lab/newton.h"

struct lab_solve {
    struct lab_newton n;
    const struct lab_facts *facts;
    bool smooth;        /**< f has no kinks: it is its own model */
    double f1;          /**< |f(x_1)| */
    double natural;     /**< the lesser of |f(x_1)|, |f(0)|: what rounding of f is like */
    double scale;       /**< a size of f that is not 0, where smoothing starts */
    size_t most;        /**< Newton steps that may be taken along a path */
    double *best;       /**< the point with the least certified gap so far */
    double gap, f, low; /**< that gap; f there; greatest lower bound of f* met */
    double *next;       /**< where the path goes on */
    double *scratch;
    bool flat; /* f has lost curvature on the way: it may have no minimiser */
    const char *proof;
};

/** What counts as certified: 1e-10 of f, or of what rounding leaves of it where f* = 0.
 */
double lab_solve_tolerance(const struct lab_solve *q, double f);
/** Certifies the point where q->n stands and keeps it if it is the best so far. */
void lab_solve_record(struct lab_solve *q);
/** Follows the path from the middle of C (without domain: from x_1) to its end, recording
 *  on the way.  -1 if f is not finite. */
int lab_solve_path(struct lab_solve *q, struct lab_error *why);

#endif
