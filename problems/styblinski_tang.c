/*
 * problems/styblinski_tang.c -- 2^d local minima; nonconvex.
 *
 *     f(x) = (1/2) sum_i x_i^4 - 16 x_i^2 + 5 x_i
 *
 * In every coordinate the global minimiser is the least root of 4 x^3 - 32 x + 5, near
 * -2.903534; f* is about -39.16617 d.
 */
#include <stdlib.h>

#include "lab/plugin.h"

struct styblinski_tang {
    size_t d;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct styblinski_tang, d, 2, "[1,10000]", "dimension"),
    LAB_PARAM_END,
};

static double value(double x)
{
    return 0.5 * x * (x * (x * x - 16.0) + 5.0);
}

/* The root by Newton's method, which converges from -3 on without overshooting. */
static double least_root(void)
{
    double x = -3.0;
    for (int i = 0; i < 20; i++)
        x -= (4.0 * x * x * x - 32.0 * x + 5.0) / (12.0 * x * x - 32.0);
    return x;
}

static int open_styblinski_tang(void *self, struct lab_facts *facts,
                                struct lab_error *err)
{
    const struct styblinski_tang *p = self;
    (void)err;
    facts->d = p->d;
    facts->cheap = true;
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct styblinski_tang *p = self;
    const double root = least_root(), d = (double)p->d;
    for (size_t i = 0; i < p->d; i++)
        facts->minimiser[i] = root;
    lab_know(&facts->f_star, LAB_COMPUTED, d * value(root), "at the root, to rounding");
    lab_know(&facts->x_star, LAB_COMPUTED, sqrt(d) * fabs(root),
             "least root of 4x³ - 32x + 5, to rounding");
    double *r = lab_alloc(p->d, sizeof *r), slope2 = 0.0, most = 0.0;
    lab_domain_reach(C, r);
    for (size_t i = 0; i < p->d; i++) {
        const double slope = 2.0 * r[i] * r[i] * r[i] + 16.0 * r[i] + 2.5;
        slope2 += slope * slope, most = fmax(most, r[i]);
    }
    free(r);
    lab_know_limits(facts, fmax(16.0, 6.0 * most * most), sqrt(slope2),
                    "a polynomial of degree 4: no bound on all of R^d");
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct styblinski_tang *p = self;
    for (size_t k = 0; k < count; k++, x += p->d) {
        f[k] = 0.0;
        for (size_t i = 0; i < p->d; i++) {
            f[k] += value(x[i]);
            if (g)
                g[k * p->d + i] = x[i] * (2.0 * x[i] * x[i] - 16.0) + 2.5;
        }
    }
}

LAB_PROBLEM(styblinski_tang) = {
    .base = {.summary = "Styblinski-Tang function: 2^d minima, nonconvex",
             .formula = "f(x) = (1/2) sum_i x_i^4 - 16 x_i^2 + 5 x_i",
             .reference = "Styblinski & Tang (1990)",
             .params = params,
             .size = sizeof(struct styblinski_tang)},
    .group = LAB_GROUP_NONCONVEX,
    .open = open_styblinski_tang,
    .constants = constants,
    .objective = objective,
};
