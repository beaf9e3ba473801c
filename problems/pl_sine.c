/*
 * problems/pl_sine.c -- not convex, yet gradient descent converges linearly.
 *
 *     f(x) = sum_i x_i^2 + 3 sin^2 x_i
 *
 * f* = 0 at 0, the only stationary point.  f_i'' = 2 + 6 cos 2x lies in [-4, 8], so L = 8; and
 * ‖grad f‖^2 >= 2 mu (f - f*) with mu = 1/32 (Polyak-Lojasiewicz; the best constant is near 0.17).
 */
#include <stdlib.h>

#include "lab/plugin.h"

struct pl_sine {
    size_t d;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct pl_sine, d, 1, "[1,10000]", "dimension"),
    LAB_PARAM_END,
};

static int open_pl_sine(void *self, struct lab_facts *facts, struct lab_error *err)
{
    const struct pl_sine *p = self;
    (void)err;
    facts->d = p->d;
    facts->cheap = true;
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct pl_sine *p = self;
    double *r = lab_alloc(p->d, sizeof *r), slope2 = 0.0;
    lab_domain_reach(C, r);
    for (size_t i = 0; i < p->d; i++)
        slope2 += (2.0 * r[i] + 3.0) * (2.0 * r[i] + 3.0);
    free(r);
    lab_know_limits(facts, 8.0, sqrt(slope2), "grows with ‖x‖: no bound on all of R^d");
    /* the minimiser is 0, as it comes */
    lab_know(&facts->f_star, LAB_ANALYTIC, 0.0, "closed form");
    lab_know(&facts->x_star, LAB_ANALYTIC, 0.0, "closed form: 0");
    lab_know(&facts->L, LAB_ANALYTIC, 8.0, "max |2 + 6 cos 2x|");
    lab_know(&facts->L_max, LAB_ANALYTIC, 8.0, "max |2 + 6 cos 2x|");
    lab_know(&facts->PL, LAB_ANALYTIC, 1.0 / 32.0, "at least: Karimi et al. (2016)");
}

static void start(const void *self, double *x)
{
    const struct pl_sine *p = self;
    for (size_t i = 0; i < p->d; i++)
        x[i] = 3.0;
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct pl_sine *p = self;
    for (size_t k = 0; k < count; k++, x += p->d) {
        f[k] = 0.0;
        for (size_t i = 0; i < p->d; i++) {
            const double s = sin(x[i]);
            f[k] += x[i] * x[i] + 3.0 * s * s;
            if (g)
                g[k * p->d + i] = 2.0 * x[i] + 3.0 * sin(2.0 * x[i]);
        }
    }
}

LAB_PROBLEM(pl_sine) = {
    .base = {.summary = "x^2 + 3 sin^2 x: Polyak-Lojasiewicz, nonconvex",
             .formula = "f(x) = sum_i x_i^2 + 3 sin^2 x_i",
             .reference = "Karimi, Nutini & Schmidt (2016), sec. 2",
             .params = params,
             .size = sizeof(struct pl_sine)},
    .group = LAB_GROUP_NONCONVEX,
    .open = open_pl_sine,
    .constants = constants,
    .start = start,
    .objective = objective,
};
