/*
 * problems/sign_counterexample.c -- where the sign of a stochastic gradient points uphill.
 *
 *     f(x) = x/4 = (4x - x - x - x)/4
 *
 * One sample in four has slope 4, three have -1: the sign is +1 with probability 1/4 only, so
 * sign SGD climbs to the wrong end of a domain like [-1,1] although E g = 1/4 points down.
 */
#include "lab/plugin.h"

static double one(const void *self, size_t i, double weight, const double *x, double *g)
{
    const double slope = i == 0 ? 4.0 : -1.0;
    (void)self;
    if (g)
        g[0] += weight * slope;
    return slope * x[0];
}

LAB_SUM(void, one, 4, 1)

static int sizes(const void *self, enum lab_size what, const struct lab_domain *C,
                 double *size, struct lab_error *why)
{
    (void)self, (void)C, (void)why;
    for (size_t i = 0; i < 4; i++)
        size[i] = what == LAB_SMOOTHNESS ? 0.0 : i == 0 ? 4.0 : 1.0;
    return 0;
}

static int open_sign(void *self, struct lab_facts *facts, struct lab_error *err)
{
    (void)self, (void)err;
    facts->d = 1;
    facts->n = 4;
    facts->convex = facts->cheap = true;
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const double slope = 0.25;
    (void)self;
    lab_online_constants(&slope, C, facts);
    lab_know(&facts->G, LAB_ANALYTIC, 4.0, "slopes 4 and -1");
    lab_know(&facts->G2, LAB_ANALYTIC, 4.75, "(16 + 3)/4");
    lab_know(&facts->sigma2, LAB_ANALYTIC, 4.6875, "19/4 - 1/16");
}

static int infima(const void *self, double *low, struct lab_error *why)
{
    (void)self, (void)low;
    return lab_fail(why, "linear losses have none");
}

LAB_PROBLEM(sign_counterexample) = {
    .base = {.summary = "sign SGD climbs here, error feedback repairs it",
             .formula = "f(x) = x/4, losses 4x, -x, -x, -x;  domain = [-1,1]",
             .reference = "Karimireddy, Rebjock, Stich & Jaggi (2019), counterexample 1"},
    .group = LAB_GROUP_ONLINE,
    .open = open_sign,
    .constants = constants,
    .gradient = gradient,
    .objective = objective,
    .components = components,
    .infima = infima,
    .sizes = sizes,
};
