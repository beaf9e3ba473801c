/*
 * lab/online.h -- linear losses l(x; xi) = <xi, x>, f(x) = <slope, x> with slope = E xi: what
 * the problems of online optimisation share.  See problems/experts.c.
 */
#ifndef LAB_ONLINE_H
#define LAB_ONLINE_H

#include "lab/plugin.h"

/** Curvature, minimum and minimiser of f over C.  Where slope = 0 the point nearest to 0. */
void lab_online_constants(const double *slope, const struct lab_domain *C,
                          struct lab_facts *facts);
/** gradient() of a problem whose sample is xi, d numbers. */
void lab_online_gradient(size_t d, const struct lab_sample *sample, size_t replicas,
                         const double *x, double *g, double *loss);
/** objective() of such a problem. */
void lab_online_objective(size_t d, const double *slope, size_t count, const double *x,
                          double *f, double *g);

#endif
