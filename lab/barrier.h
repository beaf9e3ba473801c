/*
 * lab/barrier.h -- B, the logarithmic barrier of a bounded domain: finite inside,
 * infinite on the border.
 */
#ifndef LAB_BARRIER_H
#define LAB_BARRIER_H

#include "lab/domain.h"

/** B(x) and its gradient b; INFINITY where x is not in the (relative) interior. */
double lab_barrier(const struct lab_domain *C, const double *x, double *b);
/** K += tau B''(x), d x d. */
void lab_barrier_hessian(const struct lab_domain *C, const double *x, double tau,
                         double *K);
/** A step alpha <= 1 after which x + alpha p is still well inside. */
double lab_barrier_reach(const struct lab_domain *C, const double *x, const double *p);
/** How many logarithms B has: where F + tau B is least, F - F* <= tau times that. */
double lab_barrier_parameter(const struct lab_domain *C);
/** An interior point, far from the border. */
void lab_barrier_middle(const struct lab_domain *C, double *x);

#endif
