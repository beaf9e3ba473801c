/* lab/checks.c -- assumptions that several theorems share; see plugin.h */
#include <float.h>
#include <stdlib.h>

#include "lab/plugin.h"

int lab_step_cap(const struct lab_course *c, double most, bool strictly, const char *what,
                 struct lab_error *why)
{
    const double rounding = 1e-12; /* 1/L as computed is not above 1/L */
    for (size_t t = 1; t <= c->eta.T; t++) {
        const double eta = c->eta.eta[t - 1];
        if (strictly && eta >= most)
            return lab_fail(why, "eta_%zu = %.6g is not below %s = %.6g", t, eta, what,
                            most);
        if (!strictly && eta > most * (1.0 + rounding))
            return lab_fail(why, "eta_%zu = %.6g exceeds %s = %.6g", t, eta, what, most);
    }
    return 0;
}

int lab_needs_interpolation(const struct lab_course *c, struct lab_error *why)
{
    const struct lab_facts *f = c->facts;
    if (f->sigma2_star.status == LAB_UNKNOWN)
        return lab_fail(why, "sigma2_star is not known: %s", f->sigma2_star.source);
    const double reach = f->L_max.value * (f->x_star.value + f->R1.value);
    if (f->sigma2_star.value == 0.0 ||
        sqrt(f->sigma2_star.value) <= 64.0 * DBL_EPSILON * reach)
        return 0;
    return lab_fail(
        why,
        "needs sampled gradients that all vanish at x_star, but sigma2_star = "
        "%.6g there",
        f->sigma2_star.value);
}

/* x* lies well inside the smallest box around the domain. */
static bool is_inside(const struct lab_domain *C, const double *x)
{
    double *lower = lab_alloc(2 * C->d, sizeof *lower), *upper = lower + C->d;
    bool inside = true;
    lab_domain_box(C, lower, upper);
    for (size_t j = 0; j < C->d; j++) {
        const double margin = 1e-9 * (upper[j] - lower[j]);
        inside &= x[j] > lower[j] + margin && x[j] < upper[j] - margin;
    }
    free(lower);
    return inside;
}

int lab_needs_mild_projection(const struct lab_course *c, struct lab_error *why)
{
    const struct lab_facts *f = c->facts;
    const bool axes = c->domain->kind == LAB_BOX && f->lam && !f->basis;
    if (c->domain->kind == LAB_NO_DOMAIN)
        return 0;
    if (f->convex && (f->d == 1 || axes) && f->minimiser &&
        is_inside(c->domain, f->minimiser))
        return 0;
    return lab_fail(
        why, "a projection may raise f; that it does not is known for convex f in "
             "one dimension and f = sum lam_i (x_i - x*_i)^2/2 on a box, x* inside");
}
