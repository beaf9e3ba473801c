/*
 * problems/saddle.c -- a strict saddle at 0 between two minima; nonconvex.
 *
 *     f(x, y) = x^2/2 - y^2/2 + y^4/4
 *
 * f* = -1/4 at (0, 1) and (0, -1).  Near 0 gradient descent multiplies y by 1 + eta a
 * step: from y_1 it needs about log(1/y_1)/log(1 + eta) steps to leave, and from y_1 = 0 it
 * never does without noise.
 */
#include "lab/plugin.h"

static int open_saddle(void *self, struct lab_facts *facts, struct lab_error *err)
{
    (void)self, (void)err;
    facts->d = 2;
    facts->cheap = true;
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    (void)self;
    /* Of the two minima the one nearer to the start, if it is in C. */
    facts->minimiser[0] = 0.0;
    facts->minimiser[1] = facts->x1[1] < 0.0 ? -1.0 : 1.0;
    if (!lab_domain_contains(C, facts->minimiser, 1e-14))
        facts->minimiser[1] = -facts->minimiser[1];
    lab_know(&facts->f_star, LAB_ANALYTIC, -0.25, "closed form");
    lab_know(&facts->x_star, LAB_ANALYTIC, hypot(0.0, 1.0),
             "closed form: (0, 1) or (0, -1)");
    double r[2];
    lab_domain_reach(C, r);
    lab_know_limits(facts, fmax(1.0, 3.0 * r[1] * r[1] + 1.0),
                    hypot(r[0], r[1] * (r[1] * r[1] + 1.0)),
                    "a polynomial of degree 4: no bound on all of R^2");
}

static void start(const void *self, double *x)
{
    (void)self;
    x[0] = 1.0;
    x[1] = 0.01;
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    (void)self;
    for (size_t k = 0; k < count; k++, x += 2) {
        const double u = x[0], v = x[1];
        f[k] = 0.5 * u * u - 0.5 * v * v + 0.25 * v * v * v * v;
        if (g) {
            g[2 * k] = u;
            g[2 * k + 1] = v * v * v - v;
        }
    }
}

LAB_PROBLEM(saddle) = {
    .base = {.summary = "a strict saddle between two minima, nonconvex",
             .formula = "f(x, y) = x^2/2 - y^2/2 + y^4/4",
             .reference = "Jin, Ge, Netrapalli, Kakade & Jordan (2017)"},
    .group = LAB_GROUP_NONCONVEX,
    .open = open_saddle,
    .constants = constants,
    .start = start,
    .objective = objective,
};
