/*
 * lab/minimise.h -- f* and x* of a convex problem over its domain, with a certificate.
 */
#ifndef LAB_MINIMISE_H
#define LAB_MINIMISE_H

#include "lab/plugin.h"

struct lab_minimum {
    double f;         /**< f(x) at the point returned: an upper bound of f* */
    double gap;       /**< certified: f - f* <= gap */
    char source[160]; /**< "Newton, 9 steps; gap <= 3e-17 (strong convexity)" */
};

/** Multiplications of one evaluation of a problem's model, about: what a step costs. */
double lab_model_work(const struct lab_facts *facts);

/**
 * Minimises f over C (or over R^d).  On entry x is x_1; on return a minimiser: of a
 * smooth f without a domain the one nearest to x_1.  0; or -1 with the reason: no model,
 * no minimiser exists (proved), or none was certified to 1e-10 relative (where f* is
 * nearly 0: to 1e-14 of the lesser of f(x_1) and f(0)).
 */
int lab_minimise(const struct lab_problem *problem, const void *self,
                 const struct lab_domain *C, const struct lab_facts *facts, double *x,
                 struct lab_minimum *minimum, struct lab_error *why);

#endif
