/*
 * lab/polish.h -- the last steps to a minimiser of a smooth f: Newton on the active
 * constraints, to machine precision.
 */
#ifndef LAB_POLISH_H
#define LAB_POLISH_H

#include "lab/newton.h"

/** <g, x> - min over C of <g, s>: how far a convex f with gradient g at x can decrease
 *  in C; INFINITY without a domain. */
double lab_linear_gap(const struct lab_domain *C, const double *g, const double *x);
/** Improves n->x, which is near a minimiser, as long as the gap above (without a domain:
 *  the gradient) at least halves; leaves n evaluated there with tau = 0. */
void lab_polish(struct lab_newton *n);

#endif
