/*
 * problems/abs_value.c -- the simplest nonsmooth convex function.
 *
 *     f(x) = G ‖x‖,   g = G x/‖x‖, and 0 at 0
 *
 * On a line, G|x|: the function on which many subgradient bounds are attained.  f grows with
 * ‖x‖, so its minimiser over a domain is the point nearest to 0.
 */
#include "lab/plugin.h"

struct abs_value {
    double G;
    size_t d;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct abs_value, G, 1.0, "(0,inf)", "slope"),
    LAB_PARAM(struct abs_value, d, 1, "[1,10000]", "dimension"),
    LAB_PARAM_END,
};

static int open_abs_value(void *self, struct lab_facts *facts, struct lab_error *err)
{
    const struct abs_value *p = self;
    (void)err;
    facts->d = p->d;
    facts->convex = facts->cheap = true;
    return 0;
}

static double norm(size_t d, const double *x)
{
    double sum = 0.0;
    for (size_t i = 0; i < d; i++)
        sum += x[i] * x[i];
    return sqrt(sum);
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct abs_value *p = self;
    lab_know_nearest(facts, C);
    lab_know(&facts->f_star, LAB_ANALYTIC, p->G * norm(p->d, facts->minimiser),
             "G times the least ‖x‖");
    lab_know(&facts->G, LAB_ANALYTIC, p->G, "option G");
    lab_know(&facts->G2, LAB_ANALYTIC, p->G * p->G, "G²");
    lab_know(&facts->mu, LAB_ANALYTIC, 0.0, "convex, not strongly");
    lab_unknown(&facts->L, "nonsmooth at 0");
    lab_unknown(&facts->L_max, "nonsmooth at 0");
    lab_unknown(&facts->PL, "nonsmooth at 0");
}

static void start(const void *self, double *x)
{
    const struct abs_value *p = self;
    for (size_t i = 0; i < p->d; i++)
        x[i] = 1.0;
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct abs_value *p = self;
    for (size_t k = 0; k < count; k++, x += p->d) {
        const double r = norm(p->d, x);
        f[k] = p->G * r;
        for (size_t i = 0; g && i < p->d; i++)
            g[k * p->d + i] = r == 0.0 ? 0.0 : p->G * (x[i] / r);
    }
}

LAB_PROBLEM(abs_value) = {
    .base = {.summary = "G‖x‖, on a line G|x|: attains many subgradient bounds",
             .formula = "f(x) = G ‖x‖,  g = G x/‖x‖ (0 at 0)",
             .reference = "Drori & Teboulle (2016), the one-dimensional case",
             .params = params,
             .size = sizeof(struct abs_value)},
    .group = LAB_GROUP_NONSMOOTH,
    .open = open_abs_value,
    .constants = constants,
    .start = start,
    .objective = objective,
};
