/*
 * problems/experts.c -- prediction with expert advice: losses in [0,1], x on the simplex.
 *
 *     l_t(x) = <xi_t, x>,   xi_t in [0,1]^d,   E xi = (1/2 - advantage, 1/2, ..., 1/2)
 *
 * bernoulli: every loss is 0 or 1; uniform: U on [0,1], the first one (1 - 2 advantage) U.
 * With p_1 = 1/2 - advantage, E‖xi‖^2 is p_1 + (d-1)/2, or (1-2a)^2/3 + (d-1)/3, and the
 * variance sum p (1-p), or (1-2a)^2/12 + (d-1)/12.  f(x) = <E xi, x> has its minimum over the
 * simplex at e_1; without advantage f = 1/2 there, and (1/d, ..., 1/d) counts as minimiser.
 */
#include <stdlib.h>
#include <string.h>

#include "lab/plugin.h"

struct experts {
    size_t d;
    double advantage;
    const char *law;
    bool uniform;
    double *mean;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct experts, d, 10, "[2,100000]", "experts"),
    LAB_PARAM(struct experts, advantage, 0.0, "[0,0.5]",
              "by how much the first one's mean loss is below 1/2"),
    LAB_PARAM_TEXT(struct experts, law, "bernoulli", "bernoulli|uniform", "of a loss"),
    LAB_PARAM_END,
};

static int open_experts(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct experts *p = self;
    (void)err;
    p->uniform = strcmp(p->law, "uniform") == 0;
    p->mean = lab_alloc(p->d, sizeof *p->mean);
    for (size_t j = 0; j < p->d; j++)
        p->mean[j] = j ? 0.5 : 0.5 - p->advantage;
    facts->d = facts->xi = p->d;
    facts->convex = facts->cheap = true;
    return 0;
}

static void close_experts(void *self)
{
    struct experts *p = self;
    free(p->mean);
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct experts *p = self;
    const double first = p->mean[0], rest = (double)(p->d - 1),
                 scale = 4.0 * first * first;
    const double G2 = p->uniform ? (scale + rest) / 3.0 : first + 0.5 * rest;
    const double spread =
        p->uniform ? (scale + rest) / 12.0 : first * (1.0 - first) + 0.25 * rest;
    lab_online_constants(p->mean, C, facts);
    if (C->kind == LAB_SIMPLEX && p->advantage == 0.0) { /* every point is as good */
        for (size_t j = 0; j < p->d; j++)
            facts->minimiser[j] = 1.0 / (double)p->d;
        lab_know(&facts->f_star, LAB_ANALYTIC, 0.5, "f = 1/2 on the simplex");
        lab_know(&facts->x_star, LAB_ANALYTIC, sqrt(1.0 / (double)p->d), "the middle");
    }
    lab_know(&facts->G, LAB_ANALYTIC,
             p->uniform ? sqrt(rest + scale) : sqrt(rest + (first > 0.0 ? 1.0 : 0.0)),
             "greatest ‖xi‖");
    lab_know(&facts->G2, LAB_ANALYTIC, G2, "E‖xi‖²");
    lab_know(&facts->sigma2, LAB_ANALYTIC, spread, "variance of the losses");
    lab_know(&facts->sigma2_star, LAB_ANALYTIC, G2, "E‖xi‖²");
}

static void start(const void *self, double *x)
{
    const struct experts *p = self;
    for (size_t j = 0; j < p->d; j++)
        x[j] = 1.0 / (double)p->d;
}

static void draw(const void *self, gsl_rng *rng, size_t t, double *xi)
{
    const struct experts *p = self;
    (void)t;
    for (size_t j = 0; j < p->d; j++) {
        const double u = gsl_rng_uniform(rng);
        xi[j] = p->uniform ? 2.0 * p->mean[j] * u : u < p->mean[j] ? 1.0 : 0.0;
    }
}

static void gradient(const void *self, const struct lab_sample *sample, size_t replicas,
                     const double *x, double *g, double *loss)
{
    const struct experts *p = self;
    lab_online_gradient(p->d, sample, replicas, x, g, loss);
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct experts *p = self;
    lab_online_objective(p->d, p->mean, count, x, f, g);
}

LAB_PROBLEM(experts) = {
    .base = {.summary = "expert advice: random losses in [0,1] on the simplex",
             .formula = "l_t(x) = <xi_t, x>,  xi_t in [0,1]^d;  domain = simplex",
             .reference = "Cesa-Bianchi & Lugosi (2006), ch. 2",
             .params = params,
             .size = sizeof(struct experts)},
    .group = LAB_GROUP_ONLINE,
    .open = open_experts,
    .close = close_experts,
    .constants = constants,
    .start = start,
    .draw = draw,
    .gradient = gradient,
    .objective = objective,
};
