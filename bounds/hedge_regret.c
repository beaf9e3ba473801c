/*
 * bounds/hedge_regret.c -- average regret of Hedge, losses in [0,1], constant step.
 *
 * With a constant eta Hedge is exponentiated gradient from (1/d, ..., 1/d), and the proof
 * that of bounds/eg_simplex_regret.c.  Where the losses g_{t,j} of all experts at step t
 * lie in an interval of length 1, Hoeffding's lemma has 1/8 in place of Ginf^2/2:
 *
 *     (1/T) [sum <g_t, x_t> - min_j sum g_{t,j}] <= log d/(eta T) + eta/8.
 *
 * Nobody can tell beforehand that losses lie in [0,1]; the path does.  On one that meets an
 * interval of length rho > 1 the lemma has rho^2/8, and so has the right-hand side.  Of
 * convex losses g_t is the gradient, and regret is below the linearised one.
 */
#include "lab/plugin.h"

struct inputs {
    size_t d;
    double eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, d, LAB_REQUIRED, "[1,inf)", "experts"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static double formula(const struct inputs *in, double length, double T)
{
    return log((double)in->d) / (in->eta * T) + in->eta * length * length / 8.0;
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

static double of_path(const void *inputs, size_t d, size_t t, const double *kept)
{
    (void)d;
    return formula(inputs, fmax(1.0, kept[0]), (double)t);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return formula(in, 1.0, (double)in->T);
}

LAB_BOUND(hedge_regret) = {
    .base = {.summary = "average regret of Hedge, losses in [0,1], constant step",
             .formula = "log d/(eta T) + eta/8",
             .reference = "Cesa-Bianchi & Lugosi (2006), theorem 2.2 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Hedge with a constant step: on every path whose losses lie in [0,1], or at "
        "each step in an interval of length 1, the average regret against x*, the "
        "linearised one, and of linear losses that against the best expert in "
        "hindsight, stay below the formula; where a longer interval is met, eta/8 is "
        "taken times its length squared.  In expectation so do the average of f(x_t) - "
        "f* and f at the mean iterate, minus f*.",
    .method = "hedge",
    .limits = {{LAB_AVG_REGRET_HINDSIGHT, LAB_PATH},
               {LAB_AVG_REGRET, LAB_PATH},
               {LAB_AVG_LINEAR_REGRET, LAB_PATH},
               {LAB_AVG_GAP, LAB_EXPECTATION},
               {LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP,
    .watch = {.numbers = numbers, .see = see, .rhs = of_path},
    .rhs = rhs,
};
