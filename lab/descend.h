/*
 * lab/descend.h -- the minimum of a strongly convex f over R^d where d is too large for
 * matrices.
 */
#ifndef LAB_DESCEND_H
#define LAB_DESCEND_H

#include "lab/minimise.h"
#include "lab/minimise_parts.h"

/** Minimises f of q->n.problem from x; q->facts has mu > 0 and L.  As lab_minimise(). */
int lab_descend(struct lab_solve *q, double *x, struct lab_minimum *minimum,
                struct lab_error *why);

#endif
