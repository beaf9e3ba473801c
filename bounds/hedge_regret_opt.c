/*
 * bounds/hedge_regret_opt.c -- average regret of Hedge, losses in [0,1], the best constant
 * step.
 *
 * bounds/hedge_regret.c has log d/(eta T) + eta/8, least at eta = sqrt(8 log d/T): sqrt(log
 * d/(2T)). The step is made for one T, so only row T is spoken of.  As there, a path that
 * meets losses in an interval of length rho > 1 has rho^2 eta/8 instead of eta/8.
 */
#include "lab/plugin.h"

struct inputs {
    size_t d, T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, d, LAB_REQUIRED, "[1,inf)", "experts"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    const double eta = c->eta.eta[0],
                 best = sqrt(8.0 * log((double)c->facts->d) / (double)c->eta.T);
    if (lab_at_most(eta, best) && lab_at_most(best, eta))
        return 0;
    return lab_fail(why, "needs eta = sqrt(8 log d/T) = %.17g, but eta = %.17g", best,
                    eta);
}

static size_t numbers(size_t d)
{
    (void)d;
    return 1;
}

/* The greatest max_j g_{t,j} - min_j g_{t,j}. */
static void see(const void *inputs, const struct lab_moment *m, size_t r, double *kept)
{
    const double *g = m->g + r * m->d;
    double least = g[0], most = g[0];
    (void)inputs;
    for (size_t j = 1; j < m->d; j++) {
        least = fmin(least, g[j]);
        most = fmax(most, g[j]);
    }
    kept[0] = fmax(kept[0], most - least);
}

/* Either half of the formula is half of it. */
static double of_path(const void *inputs, size_t d, size_t t, const double *kept)
{
    const double length = fmax(1.0, kept[0]);
    (void)inputs;
    return sqrt(log((double)d) / (2.0 * (double)t)) * 0.5 * (1.0 + length * length);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return sqrt(log((double)in->d) / (2.0 * (double)in->T));
}

LAB_BOUND(hedge_regret_opt) = {
    .base = {.summary =
                 "average regret of Hedge, losses in [0,1], the best constant step",
             .formula = "sqrt(log d/(2T))",
             .reference = "Cesa-Bianchi & Lugosi (2006), theorem 2.2 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Hedge with the constant step sqrt(8 log d/T): at row T of every path whose "
        "losses lie in [0,1], or at each step in an interval of length 1, the average "
        "regret against x*, the linearised one, and of linear losses that against the "
        "best expert in hindsight, stay below the formula; an interval of length rho > "
        "1 makes it (1 + rho^2)/2 times as large.  In expectation so do the average of "
        "f(x_t) - f* and f at the mean iterate, minus f*.",
    .method = "hedge",
    .limits = {{LAB_AVG_REGRET_HINDSIGHT, LAB_PATH},
               {LAB_AVG_REGRET, LAB_PATH},
               {LAB_AVG_LINEAR_REGRET, LAB_PATH},
               {LAB_AVG_GAP, LAB_EXPECTATION},
               {LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP | LAB_FOR_HORIZON,
    .check = check,
    .watch = {.numbers = numbers, .see = see, .rhs = of_path},
    .rhs = rhs,
};
