/*
 * bounds/best_iterate_any_schedule.c -- the best iterate of the subgradient method and of SGD.
 *
 * By bounds/weighted_avg_any_schedule.c the eta-weighted mean of E f(x_t) - f* over t <= T is at
 * most (R1^2 + G^2 sum eta_t^2)/(2 sum eta_t); the least of the f(x_t) is below any mean of
 * them.  With exact gradients nothing is random, and this is Shor's classic statement.  SGD
 * does not know which iterate is its best one: E min says nothing of a point it could return.
 *
 * The minimum is over all t <= T: where f is known at some of them only, what is measured is
 * larger than what is bounded.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, G;
    struct lab_steps eta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^2 <= G^2"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "eta_1, ..., eta_T"),
    LAB_PARAM_END,
};

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const size_t last = in->eta.T - 1;
    return (in->R1 * in->R1 + in->G * in->G * in->eta.sum2[last]) /
           (2.0 * in->eta.sum[last]);
}

LAB_BOUND(best_iterate_any_schedule) = {
    .base = {.summary = "the best iterate of SGD, any positive steps",
             .formula = "(R1^2 + G^2 sum_{t<=T} eta_t^2)/(2 sum_{t<=T} eta_t)",
             .reference = "Shor (1985); Polyak (1987); Boyd's notes on subgradient "
                          "methods [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement = "For any positive steps min_{t<=T} f(x_t) - f* stays below the formula: "
                 "on the path "
                 "of the subgradient method, with exact gradients, and in the mean over "
                 "runs of SGD, "
                 "where E‖g_t‖^2 <= G^2.  f has to be evaluated at every step.",
    .method = "sgd",
    .limits = {{LAB_GAP_BEST, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX,
    .watch = {.objective = true}, /* of every step, in the metric */
    .rhs = rhs,
};
