/*
 * problems/reddi_online.c -- where Adam goes to the worst point, losses in a fixed order.
 *
 *     l_t(x) = large x    if t mod period = 1
 *              -small x   otherwise
 *
 * On [-1,1] the mean loss is least at -1 as long as large > (period - 1) small.  With
 * beta2 near 1 Adam forgets the large gradient between two of its kind, moves to +1 and keeps
 * a mean regret of twice the mean slope.  period = 3, large = C, small = 1 is the example of
 * the theorem.  The order is fixed: what holds in expectation does not apply.
 */
#include "lab/plugin.h"

struct reddi {
    size_t period;
    double large, small;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct reddi, period, 101, "[2,1000000]",
              "a large slope every so many steps"),
    LAB_PARAM(struct reddi, large, 1010.0, "(0,inf)", "the rare slope"),
    LAB_PARAM(struct reddi, small, 10.0, "(0,inf)", "the frequent one, downwards"),
    LAB_PARAM_END,
};

static double mean_slope(const struct reddi *p)
{
    return (p->large - (double)(p->period - 1) * p->small) / (double)p->period;
}

static int open_reddi(void *self, struct lab_facts *facts, struct lab_error *err)
{
    (void)self, (void)err;
    facts->d = facts->xi = 1;
    facts->convex = facts->cheap = true;
    facts->scripted = true;
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct reddi *p = self;
    const double G = fmax(p->large, p->small), slope = mean_slope(p);
    lab_online_constants(&slope, C, facts);
    lab_know(&facts->G, LAB_ANALYTIC, G, "max |slope|");
    lab_know(&facts->G2, LAB_ANALYTIC, G * G, "max slope²");
    lab_unknown(&facts->sigma2, "the losses follow a script");
    lab_unknown(&facts->sigma2_star, "the losses follow a script");
}

static void draw(const void *self, gsl_rng *rng, size_t t, double *xi)
{
    const struct reddi *p = self;
    (void)rng;
    xi[0] = t % p->period == 1 ? p->large : -p->small;
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

LAB_PROBLEM(reddi_online) = {
    .base = {.summary = "Adam goes to the worst point here; losses in a fixed order",
             .formula =
                 "l_t(x) = large x if t mod period = 1, else -small x;  domain = [-1,1]",
             .reference = "Reddi, Kale & Kumar (2018), sec. 3, theorem 1",
             .params = params,
             .size = sizeof(struct reddi)},
    .group = LAB_GROUP_ONLINE,
    .open = open_reddi,
    .constants = constants,
    .draw = draw,
    .gradient = gradient,
    .objective = objective,
};
