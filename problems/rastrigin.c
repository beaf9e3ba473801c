/*
 * problems/rastrigin.c -- a bowl with a lattice of local minima; nonconvex.
 *
 *     f(x) = 10 d + sum_i x_i^2 - 10 cos(2 pi x_i)
 *
 * f* = 0 at 0.  f_i'' = 2 + 40 pi^2 cos(2 pi x), so L = 2 + 40 pi^2.
 */
#include <stdlib.h>

#include "lab/plugin.h"

struct rastrigin {
    size_t d;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct rastrigin, d, 2, "[1,10000]", "dimension"),
    LAB_PARAM_END,
};

static const double PI = 3.14159265358979323846;

static int open_rastrigin(void *self, struct lab_facts *facts, struct lab_error *err)
{
    const struct rastrigin *p = self;
    (void)err;
    facts->d = p->d;
    facts->cheap = true;
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const double L = 2.0 + 40.0 * PI * PI;
    const struct rastrigin *p = self;
    double *r = lab_alloc(p->d, sizeof *r), slope2 = 0.0;
    lab_domain_reach(C, r);
    for (size_t i = 0; i < p->d; i++)
        slope2 += (2.0 * r[i] + 20.0 * PI) * (2.0 * r[i] + 20.0 * PI);
    free(r);
    lab_know_limits(facts, L, sqrt(slope2), "grows with ‖x‖: no bound on all of R^d");
    /* the minimiser is 0, as it comes */
    lab_know(&facts->f_star, LAB_ANALYTIC, 0.0, "closed form");
    lab_know(&facts->x_star, LAB_ANALYTIC, 0.0, "closed form: 0");
    lab_know(&facts->L, LAB_ANALYTIC, L, "2 + 40 pi²");
    lab_know(&facts->L_max, LAB_ANALYTIC, L, "2 + 40 pi²");
}

static void start(const void *self, double *x)
{
    const struct rastrigin *p = self;
    for (size_t i = 0; i < p->d; i++)
        x[i] = 2.2;
}

/* 1 - cos(2 pi x) = 2 sin^2(pi x) has no cancellation near 0. */
static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct rastrigin *p = self;
    for (size_t k = 0; k < count; k++, x += p->d) {
        f[k] = 0.0;
        for (size_t i = 0; i < p->d; i++) {
            const double s = sin(PI * x[i]);
            f[k] += x[i] * x[i] + 20.0 * s * s;
            if (g)
                g[k * p->d + i] = 2.0 * x[i] + 20.0 * PI * sin(2.0 * PI * x[i]);
        }
    }
}

LAB_PROBLEM(rastrigin) = {
    .base = {.summary = "Rastrigin's function: a lattice of local minima, nonconvex",
             .formula = "f(x) = 10 d + sum_i x_i^2 - 10 cos(2 pi x_i)",
             .reference = "Rastrigin (1974); Muehlenbein, Schomisch & Born (1991)",
             .params = params,
             .size = sizeof(struct rastrigin)},
    .group = LAB_GROUP_NONCONVEX,
    .open = open_rastrigin,
    .constants = constants,
    .start = start,
    .objective = objective,
};
