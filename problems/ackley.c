/*
 * problems/ackley.c -- a nearly flat outer region, ripples, a cusp at the minimum; nonconvex.
 *
 *     f(x) = 20 (1 - exp(-0.2 sqrt(mean x_i^2))) + e - exp(mean cos(2 pi x_i))
 *
 * f* = 0 at 0, where f has a cone's tip: no gradient (0 is returned), and no L near it.  The
 * gradient of the first part has norm 4 exp(-0.2 r)/sqrt(d), r = sqrt(mean x_i^2); of the second at
 * most 2 pi e/sqrt(d), since ‖sin(2 pi x)‖ <= sqrt(d): G <= (4 + 2 pi e)/sqrt(d).
 */
#include "lab/plugin.h"

struct ackley {
    size_t d;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct ackley, d, 2, "[1,10000]", "dimension"),
    LAB_PARAM_END,
};

static const double PI = 3.14159265358979323846, E = 2.71828182845904523536;

static int open_ackley(void *self, struct lab_facts *facts, struct lab_error *err)
{
    const struct ackley *p = self;
    (void)err;
    facts->d = p->d;
    facts->cheap = true;
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct ackley *p = self;
    const double G = (4.0 + 2.0 * PI * E) / sqrt((double)p->d);
    (void)C; /* the minimiser is 0, as it comes */
    lab_know(&facts->G, LAB_ANALYTIC, G, "at most (4 + 2 pi e)/sqrt(d)");
    lab_know(&facts->G2, LAB_ANALYTIC, G * G, "at most (4 + 2 pi e)²/d");
    lab_know(&facts->f_star, LAB_ANALYTIC, 0.0, "closed form");
    lab_know(&facts->x_star, LAB_ANALYTIC, 0.0, "closed form: 0");
    lab_unknown(&facts->L, "nonsmooth at 0");
    lab_unknown(&facts->L_max, "nonsmooth at 0");
    lab_unknown(&facts->mu, "not convex");
}

static void start(const void *self, double *x)
{
    const struct ackley *p = self;
    for (size_t i = 0; i < p->d; i++)
        x[i] = 2.3;
}

/* Differences from the value at 0 by expm1 and sin^2: no cancellation near the minimum. */
static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct ackley *p = self;
    const double d = (double)p->d;
    for (size_t k = 0; k < count; k++, x += p->d) {
        double square = 0.0, ripple = 0.0; /* means of x_i^2 and of 1 - cos(2 pi x_i) */
        for (size_t i = 0; i < p->d; i++) {
            const double s = sin(PI * x[i]);
            square += x[i] * x[i] / d;
            ripple += 2.0 * s * s / d;
        }
        const double r = sqrt(square), tip = 20.0 * expm1(-0.2 * r),
                     rest = expm1(-ripple);
        f[k] = -tip - E * rest;
        for (size_t i = 0; g && i < p->d; i++)
            g[k * p->d + i] = (r > 0.0 ? 0.2 * (tip + 20.0) * x[i] / (r * d) : 0.0) +
                              E * (rest + 1.0) * 2.0 * PI * sin(2.0 * PI * x[i]) / d;
    }
}

LAB_PROBLEM(ackley) = {
    .base = {.summary = "Ackley's function: flat, rippled, with a cusp; nonconvex",
             .formula = "f(x) = 20 (1 - exp(-0.2 sqrt(mean x_i^2)))\n"
                        "       + e - exp(mean cos(2 pi x_i))",
             .reference = "Ackley (1987)",
             .params = params,
             .size = sizeof(struct ackley)},
    .group = LAB_GROUP_NONCONVEX,
    .open = open_ackley,
    .constants = constants,
    .start = start,
    .objective = objective,
};
