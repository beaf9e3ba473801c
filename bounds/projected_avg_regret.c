/*
 * bounds/projected_avg_regret.c -- average loss of projected SGD, known before the run.
 *
 * bounds/seed_avg_regret.c with d_t <= D, the diameter of the set that is projected on, and
 * ‖g_t‖ <= G over that set: both known before the first step.  In expectation
 * E<g_t, x_t - x*> >= E f(x_t) - f*, and E‖g_t‖^2 <= G^2 suffices.
 *
 * Of all non-increasing steps eta_t = D/(G sqrt(T)) make it least, D G/sqrt(T): with eta_T fixed
 * the sum is least where all steps equal the last.
 */
#include "lab/plugin.h"

struct inputs {
    double D, G;
    struct lab_steps eta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, D, LAB_REQUIRED, "[0,inf)", "diameter of the domain"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "sup ‖g‖ over the domain"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "eta_1, ..., eta_T"),
    LAB_PARAM_END,
};

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const size_t last = in->eta.T - 1;
    const double T = (double)in->eta.T;
    return in->D * in->D / (2.0 * T * in->eta.eta[last]) +
           in->G * in->G * in->eta.sum[last] / (2.0 * T);
}

/* The minimum over the steps of the right-hand side. */
static double prescribed(const double *fact, size_t t, size_t T)
{
    (void)t;
    return fact[0] / (fact[1] * sqrt((double)T));
}

LAB_BOUND(projected_avg_regret) = {
    .base = {.summary = "average regret of projected SGD, constants known beforehand",
             .formula = "D^2/(2 T eta_T) + (G^2/(2T)) sum_{t<=T} eta_t",
             .reference = "Zinkevich (2003), theorem 1",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD projected on a convex set of diameter D that holds x*, with steps that "
        "never grow: the average regret on every path, and the average of "
        "E f(x_t) - f*, stay below the formula.",
    .method = "sgd",
    .limits = {{LAB_AVG_REGRET, LAB_PATH}, {LAB_AVG_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_NONINCREASING | LAB_BOUNDED_DOMAIN,
    .prescription = {"eta_t = D/(G sqrt(T))", {"D", "G"}, prescribed},
    .rhs = rhs,
};
