/*
 * bounds/adagrad_diag_regret.c -- average regret of AdaGrad, a learning rate per
 * coordinate.
 *
 * On a box projection works by coordinates, so each of them is the AdaGrad of
 * bounds/adagrad_norm_regret.c on an interval, of length at most Dinf, with gradients
 * g_{t,i}; the linearised regret is the sum of theirs:
 *
 *     sum_t <g_t, x_t - x*> <= (Dinf^2/(2a) + a) sum_i sqrt(sum_{t<=T} g_{t,i}^2).
 *
 * A ball does not do: Euclidean projection on it mixes coordinates whose steps differ.
 */
#include <stdlib.h>

#include "lab/plugin.h"

struct inputs {
    double Dinf, alpha;
    struct lab_vector colnorm;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, Dinf, LAB_REQUIRED, "[0,inf)", "longest side of the box"),
    LAB_PARAM(struct inputs, alpha, LAB_REQUIRED, "(0,inf)", "a, the constant eta"),
    LAB_PARAM(struct inputs, colnorm, LAB_REQUIRED, "[0,inf)",
              "sqrt(sum_{t<=T} g_{t,i}^2), one for each i"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    const double eps = lab_option(c, "eps");
    if (c->domain->kind != LAB_BOX && c->facts->d > 1)
        return lab_fail(why, "needs projection by coordinates: the domain must be a box");
    return eps == 0.0 ? 0 : lab_fail(why, "needs eps = 0, but eps = %g", eps);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    const size_t d = c->facts->d;
    double *lower = lab_alloc(2 * d, sizeof *lower), *upper = lower + d;
    (void)measured, (void)why;
    in->alpha = c->eta.eta[0];
    in->Dinf = 0.0;
    lab_domain_box(c->domain, lower, upper);
    for (size_t i = 0; i < d; i++)
        in->Dinf = fmax(in->Dinf, upper[i] - lower[i]);
    free(lower);
    return 0;
}

static double formula(const struct inputs *in, double norms, double T)
{
    return (in->Dinf * in->Dinf / (2.0 * in->alpha) + in->alpha) * norms / T;
}

static size_t numbers(size_t d)
{
    return d;
}

static void see(const void *inputs, const struct lab_moment *m, size_t r, double *kept)
{
    (void)inputs;
    for (size_t i = 0; i < m->d; i++)
        kept[i] += m->g[r * m->d + i] * m->g[r * m->d + i];
}

static double of_path(const void *inputs, size_t d, size_t t, const double *kept)
{
    double norms = 0.0;
    for (size_t i = 0; i < d; i++)
        norms += sqrt(kept[i]);
    return formula(inputs, norms, (double)t);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const size_t d = in->colnorm.n ? in->colnorm.n : 1;
    double norms = 0.0;
    for (size_t i = 0; i < d; i++)
        norms += lab_vector_at(&in->colnorm, i);
    return formula(in, norms, (double)in->T);
}

LAB_BOUND(adagrad_diag_regret) = {
    .base = {.summary = "average regret of AdaGrad on a box, every path",
             .formula = "(Dinf^2/(2a) + a) sum_i sqrt(sum_{t<=T} g_{t,i}^2)/T",
             .reference = "Duchi, Hazan & Singer (2011), theorem 5 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "AdaGrad with learning rates a/sqrt(sum_{s<=t} g_{s,i}^2), eps = 0, projected "
        "on a box with sides of at most Dinf that holds x*: on every path the average "
        "regret and the linearised one stay below the formula with the gradients met "
        "on it.  In expectation so do the average of f(x_t) - f* and f at the mean "
        "iterate, minus f*.",
    .method = "adagrad",
    .limits = {{LAB_AVG_REGRET, LAB_PATH},
               {LAB_AVG_LINEAR_REGRET, LAB_PATH},
               {LAB_AVG_GAP, LAB_EXPECTATION},
               {LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP | LAB_BOUNDED_DOMAIN,
    .check = check,
    .bind = bind,
    .watch = {.numbers = numbers, .see = see, .rhs = of_path},
    .rhs = rhs,
};
