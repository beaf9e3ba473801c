/*
 * problems/reddi_stochastic.c -- where Adam goes to the worst point, independent losses.
 *
 *     l(x; xi) = large x    with probability p = `probability`
 *                -small x   otherwise
 *
 * f(x) = (p large - (1 - p) small) x, on [-1,1] least at -1 where the slope is positive.
 * E g^2 = p large^2 + (1 - p) small^2, variance p (1 - p) (large + small)^2.
 */
#include "lab/plugin.h"

struct reddi {
    double probability, large, small;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct reddi, probability, 0.01, "(0,1)", "of the large slope"),
    LAB_PARAM(struct reddi, large, 1010.0, "(0,inf)", "the rare slope"),
    LAB_PARAM(struct reddi, small, 10.0, "(0,inf)", "the frequent one, downwards"),
    LAB_PARAM_END,
};

static double mean_slope(const struct reddi *p)
{
    return p->probability * p->large - (1.0 - p->probability) * p->small;
}

static int open_reddi(void *self, struct lab_facts *facts, struct lab_error *err)
{
    (void)self, (void)err;
    facts->d = facts->xi = 1;
    facts->convex = facts->cheap = true;
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct reddi *p = self;
    const double G = fmax(p->large, p->small), slope = mean_slope(p);
    lab_online_constants(&slope, C, facts);
    lab_know(&facts->G, LAB_ANALYTIC, G, "max |slope|");
    const double q = p->probability, sum = p->large + p->small;
    const double G2 = q * p->large * p->large + (1.0 - q) * p->small * p->small;
    lab_know(&facts->G2, LAB_ANALYTIC, G2, "p large² + (1-p) small²");
    lab_know(&facts->sigma2, LAB_ANALYTIC, q * (1.0 - q) * sum * sum,
             "p (1-p) (large + small)²");
    lab_know(&facts->sigma2_star, LAB_ANALYTIC, G2, "E g² is the same everywhere");
}

static void draw(const void *self, gsl_rng *rng, size_t t, double *xi)
{
    const struct reddi *p = self;
    (void)t;
    xi[0] = gsl_rng_uniform(rng) < p->probability ? p->large : -p->small;
}

static void gradient(const void *self, const struct lab_sample *sample, size_t replicas,
                     const double *x, double *g, double *loss)
{
    (void)self;
    lab_online_gradient(1, sample, replicas, x, g, loss);
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const double slope = mean_slope(self);
    lab_online_objective(1, &slope, count, x, f, g);
}

LAB_PROBLEM(reddi_stochastic) = {
    .base = {.summary = "Adam goes to the worst point here; independent losses",
             .formula =
                 "l(x; xi) = large x with probability p, else -small x;  domain = [-1,1]",
             .reference =
                 "Reddi, Kale & Kumar (2018), sec. 3, theorem 3; the numbers of sec. 5",
             .params = params,
             .size = sizeof(struct reddi)},
    .group = LAB_GROUP_ONLINE,
    .open = open_reddi,
    .constants = constants,
    .draw = draw,
    .gradient = gradient,
    .objective = objective,
};
