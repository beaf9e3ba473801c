/*
 * problems/three_hump_camel.c -- the three-hump camel: three minima, one of them global; nonconvex.
 *
 *     f(x, y) = 2x^2 - 1.05x^4 + x^6/6 + xy + y^2
 *
 * f* = 0 at (0, 0).
 */
#include "lab/plugin.h"

static int open_three_hump_camel(void *self, struct lab_facts *facts,
                                 struct lab_error *err)
{
    (void)self, (void)err;
    facts->d = 2;
    facts->cheap = true;
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    (void)self;
    facts->minimiser[0] = 0.0;
    facts->minimiser[1] = 0.0;
    lab_know(&facts->f_star, LAB_ANALYTIC, 0.0, "closed form");
    lab_know(&facts->x_star, LAB_ANALYTIC, hypot(0.0, 0.0), "closed form: (0, 0)");
    double r[2];
    lab_domain_reach(C, r);
    const double u = r[0], v = r[1], s = u * u;
    lab_know_limits(facts, fmax(3.0, 5.0 + s * (12.6 + 5.0 * s)),
                    hypot(u * (4.0 + s * (4.2 + s)) + v, u + 2.0 * v),
                    "a polynomial of degree 6: no bound on all of R^2");
}

static void start(const void *self, double *x)
{
    (void)self;
    x[0] = 1.5;
    x[1] = 1.5;
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    (void)self;
    for (size_t k = 0; k < count; k++, x += 2) {
        const double u = x[0], v = x[1];
        const double s = u * u;
        f[k] = s * (2.0 + s * (-1.05 + s / 6.0)) + u * v + v * v;
        if (g) {
            g[2 * k] = u * (4.0 + s * (-4.2 + s)) + v;
            g[2 * k + 1] = u + 2.0 * v;
        }
    }
}

LAB_PROBLEM(three_hump_camel) = {
    .base = {.summary = "three-hump camel: three minima, nonconvex",
             .formula = "f(x, y) = 2x^2 - 1.05x^4 + x^6/6 + xy + y^2",
             .reference = "Dixon & Szego (1978)"},
    .group = LAB_GROUP_NONCONVEX,
    .open = open_three_hump_camel,
    .constants = constants,
    .start = start,
    .objective = objective,
};
