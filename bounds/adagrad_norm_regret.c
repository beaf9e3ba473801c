/*
 * bounds/adagrad_norm_regret.c -- average regret of AdaGrad with one learning rate.
 *
 * eta_t = a/sqrt(S_t), S_t = ‖g_1‖^2 + ... + ‖g_t‖^2 with the present gradient in
 * it and nothing added to the root: steps that never grow.  By
 * bounds/projected_avg_regret.c, with the ‖g_t‖ that were met,
 *
 *     sum <g_t, x_t - x*> <= D^2/(2 eta_T) + (1/2) sum eta_t ‖g_t‖^2
 *                          = D^2 sqrt(S_T)/(2a) + (a/2) sum ‖g_t‖^2/sqrt(S_t)
 *                         <= (D^2/(2a) + a) sqrt(S_T),
 *
 * as (S_t - S_{t-1})/sqrt(S_t) <= 2 (sqrt(S_t) - sqrt(S_{t-1})).  Steps with g_t = 0 move
 * and cost nothing.  Least at a = D/sqrt(2), whatever the gradients are: sqrt(2) D
 * sqrt(S_T).  The loss of a convex sampled loss is below its linearisation.
 */
#include "lab/plugin.h"

struct inputs {
    double D, alpha;
    struct lab_vector gnorm;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, D, LAB_REQUIRED, "[0,inf)", "diameter of the domain"),
    LAB_PARAM(struct inputs, alpha, LAB_REQUIRED, "(0,inf)", "a, the constant eta"),
    LAB_PARAM(struct inputs, gnorm, LAB_REQUIRED, "[0,inf)", "‖g_1‖, ..., ‖g_T‖"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    const double eps = lab_option(c, "eps");
    return eps == 0.0 ? 0 : lab_fail(why, "needs eps = 0, but eps = %g", eps);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    (void)measured, (void)why;
    ((struct inputs *)inputs)->alpha = c->eta.eta[0];
    return 0;
}

static double formula(const struct inputs *in, double S, double T)
{
    return (in->D * in->D / (2.0 * in->alpha) + in->alpha) * sqrt(S) / T;
}

static size_t numbers(size_t d)
{
    (void)d;
    return 1;
}

static void see(const void *inputs, const struct lab_moment *m, size_t r, double *kept)
{
    (void)inputs;
    for (size_t j = 0; j < m->d; j++)
        kept[0] += m->g[r * m->d + j] * m->g[r * m->d + j];
}

static double of_path(const void *inputs, size_t d, size_t t, const double *kept)
{
    (void)d;
    return formula(inputs, kept[0], (double)t);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const size_t T = in->gnorm.n ? in->gnorm.n : 1;
    double S = 0.0;
    for (size_t t = 0; t < T; t++)
        S += lab_vector_at(&in->gnorm, t) * lab_vector_at(&in->gnorm, t);
    return formula(in, S, (double)T);
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    (void)t, (void)T;
    return fact[0] / sqrt(2.0);
}

LAB_BOUND(adagrad_norm_regret) = {
    .base = {.summary = "average regret of AdaGrad with one learning rate, every path",
             .formula = "(D^2/(2a) + a) sqrt(sum_{t<=T} ‖g_t‖^2)/T",
             .reference = "Streeter & McMahan (2010) [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "AdaGrad with one learning rate a/sqrt(sum_{s<=t} ‖g_s‖^2), eps = 0, "
        "projected on a convex set of diameter D that holds x*: on every path the "
        "average regret and the linearised one stay below the formula with the "
        "‖g_t‖ met on it.  In expectation so do the average of f(x_t) - f* and f "
        "at the mean iterate, minus f*.",
    .method = "adagrad_norm",
    .limits = {{LAB_AVG_REGRET, LAB_PATH},
               {LAB_AVG_LINEAR_REGRET, LAB_PATH},
               {LAB_AVG_GAP, LAB_EXPECTATION},
               {LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP | LAB_BOUNDED_DOMAIN,
    .check = check,
    .bind = bind,
    .watch = {.numbers = numbers, .see = see, .rhs = of_path},
    .prescription = {"eta_t = D/sqrt(2)", {"D"}, prescribed},
    .rhs = rhs,
};
