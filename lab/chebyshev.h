/*
 * lab/chebyshev.h -- the largest absolute residual, max_i |r_i(x)|, for the solver.
 *
 * Minimising it is a linear programme, followed along the logarithmic barrier of u >= |r_i|
 * with weight c = s/(2n) for smoothing s:
 *
 *     F(x) = min_u  u - c sum_i log(u^2 - r_i^2),    dF/dr_i = y_i = 2 c r_i/(u^2 - r_i^2),
 *
 * where 1 = sum_i 2 c u/(u^2 - r_i^2) defines u.  So sum |y_i| < 1, and for every such y
 * max_i |r_i(z)| >= sum y_i r_i(z), whose least value over a domain is a lower bound.  At the
 * minimiser of F the two differ by no more than s (Boyd & Vandenberghe 2004, sec. 11.2).
 */
#ifndef LAB_CHEBYSHEV_H
#define LAB_CHEBYSHEV_H

#include "lab/domain.h"

/** r_i(x) = <a_i, x - w> - e_i. */
struct lab_chebyshev {
    size_t n, d;
    double *A, *e, *w; /**< n x d, n, d */
};

/** r_i(x); exactly -e_i at w. */
double lab_chebyshev_residual(const struct lab_chebyshev *p, size_t i, const double *x);
/* model() and lower() of a problem; see plugin.h. */
double lab_chebyshev_model(const struct lab_chebyshev *p, double smoothing,
                           const double *x, double *g, double *H);
double lab_chebyshev_lower(const struct lab_chebyshev *p, double smoothing,
                           const struct lab_domain *C, const double *x);

#endif
