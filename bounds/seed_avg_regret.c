/*
 * bounds/seed_avg_regret.c -- average loss of SGD on every sample path.
 *
 * Let every l(.; xi) be convex, eta_t > 0 non-increasing, x_{t+1} = P(x_t - eta_t g_t) with
 * P the projection on a closed convex set that holds x* (or none).  P does not increase the
 * distance d_t = ‖x_t - x*‖, so
 *
 *     d_{t+1}^2 <= d_t^2 - 2 eta_t <g_t, x_t - x*> + eta_t^2 ‖g_t‖^2,
 *
 * and by convexity l(x_t; xi_t) - l(x*; xi_t) <= <g_t, x_t - x*>.  Divide by 2 eta_t and sum;
 * by parts, with d_t <= R and 1/eta_t - 1/eta_{t-1} >= 0,
 *
 *     sum (d_t^2 - d_{t+1}^2)/(2 eta_t) <= d_1^2/(2 eta_1)
 *                       + sum_{t>=2} R^2 (1/eta_t - 1/eta_{t-1})/2 <= R^2/(2 eta_T),
 *
 * hence  (1/T) sum [l(x_t; xi_t) - l(x*; xi_t)] <= R^2/(2 T eta_T) + G^2 sum eta_t/(2T).
 * Nothing is random here: R and G may be those met on the very path.  That is why it prescribes
 * no learning rates: R is not known before the run.  Where a bounded domain has R <= D,
 * bounds/projected_avg_regret.c does.
 */
#include "lab/plugin.h"

struct inputs {
    double R, G;
    struct lab_steps eta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R, LAB_REQUIRED, "[0,inf)", "max_{t<=T} ‖x_t - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "max_{t<=T} ‖g_t‖"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "eta_1, ..., eta_T"),
    LAB_PARAM_END,
};

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const size_t last = in->eta.T - 1;
    const double T = (double)in->eta.T;
    return in->R * in->R / (2.0 * T * in->eta.eta[last]) +
           in->G * in->G * in->eta.sum[last] / (2.0 * T);
}

LAB_BOUND(seed_avg_regret) = {
    .base = {.summary = "average regret of SGD, non-increasing steps, every path",
             .formula = "R^2/(2 T eta_T) + (G^2/(2T)) sum_{t<=T} eta_t",
             .reference = "Zinkevich (2003); derived in bounds/seed_avg_regret.c",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "On every sample path the average of l(x_t; xi_t) - l(x*; xi_t) over t <= T "
        "stays below the formula, with R the largest distance to x* and G the "
        "largest sampled gradient met on that path.",
    .method = "sgd",
    .limits = {{LAB_AVG_REGRET, LAB_PATH, .realised = true}},
    .assumes = LAB_CONVEX | LAB_NONINCREASING,
    .rhs = rhs,
};
