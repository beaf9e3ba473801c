/*
 * problems/lessard.c -- where heavy ball with the best parameters for quadratics cycles.
 *
 *     f'(x) = 25 x        x < 1
 *             x + 24      1 <= x < 2
 *             25 x - 24   x >= 2
 *
 * 1 <= f'' <= 25: mu = 1, L = 25, f* = 0 at 0.  Heavy ball with alpha = 4/(5+1)^2 = 1/9 and
 * beta = ((5-1)/(5+1))^2 = 4/9 ends in a cycle of three points.  f falls towards 0 from both
 * sides: over a domain its minimiser is the point nearest to 0.
 */
#include "lab/plugin.h"

static int open_lessard(void *self, struct lab_facts *facts, struct lab_error *err)
{
    (void)self, (void)err;
    facts->d = 1;
    facts->convex = facts->cheap = true;
    return 0;
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    (void)self;
    for (size_t k = 0; k < count; k++) {
        const double u = x[k];
        const bool left = u < 1.0, middle = u < 2.0;
        f[k] = left     ? 12.5 * u * u
               : middle ? 0.5 * u * u + 24.0 * u - 12.0
                        : 12.5 * u * u - 24.0 * u + 36.0;
        if (g)
            g[k] = left ? 25.0 * u : middle ? u + 24.0 : 25.0 * u - 24.0;
    }
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    double f_star;
    lab_know_nearest(facts, C);
    objective(self, 1, facts->minimiser, &f_star, NULL);
    lab_know(&facts->f_star, LAB_ANALYTIC, f_star, "closed form");
    lab_know(&facts->L, LAB_ANALYTIC, 25.0, "max f''");
    lab_know(&facts->L_max, LAB_ANALYTIC, 25.0, "max f''");
    lab_know(&facts->mu, LAB_ANALYTIC, 1.0, "min f''");
    if (C->kind == LAB_NO_DOMAIN) {
        lab_unknown(&facts->G, "grows with |x|");
        lab_unknown(&facts->G2, "grows with |x|");
        return;
    }
    const double slope = 1.0;
    double end[2], f[2], g[2]; /* f' grows with x */
    lab_domain_extent(C, &slope, &end[0], &end[1]);
    objective(self, 2, end, f, g);
    const double G = fmax(fabs(g[0]), fabs(g[1]));
    lab_know(&facts->G, LAB_ANALYTIC, G, "max |f'| at the ends");
    lab_know(&facts->G2, LAB_ANALYTIC, G * G, "G²");
}

static void start(const void *self, double *x)
{
    (void)self;
    x[0] = 3.3;
}

LAB_PROBLEM(lessard) = {
    .base = {.summary = "heavy ball with the best parameters for quadratics cycles here",
             .formula = "f'(x) = 25x for x < 1, x + 24 up to 2, 25x - 24 beyond",
             .reference = "Lessard, Recht & Packard (2016), sec. 4.6"},
    .group = LAB_GROUP_SMOOTH,
    .strongly = "always",
    .open = open_lessard,
    .constants = constants,
    .start = start,
    .objective = objective,
};
