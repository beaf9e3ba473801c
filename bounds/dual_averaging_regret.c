/*
 * bounds/dual_averaging_regret.c -- average regret of dual averaging, no bounded domain.
 *
 * x_t = P(x_1 - eta_t sum_{s<t} g_s) is the least point over the domain of
 * F_t(x) = <sum_{s<t} g_s, x> + ‖x - x_1‖^2/(2 eta_t), eta_t non-increasing; eta_{T+1} = eta_T.
 * F_{t+1}(x) >= F_t(x) + <g_t, x>, and F_t + <g_t, .> is 1/eta_t-strongly convex, so
 *
 *     F_{t+1}(x_{t+1}) >= F_t(x_t) + <g_t, x_{t+1}> + ‖x_{t+1} - x_t‖^2/(2 eta_t)
 *                      >= F_t(x_t) + <g_t, x_t> - eta_t ‖g_t‖^2/2.
 *
 * Summed, sum <g_t, x_t> <= F_{T+1}(x_{T+1}) + sum eta_t ‖g_t‖^2/2, F_{T+1}(x_{T+1}) <=
 * F_{T+1}(x*), and convexity of the sampled losses gives
 *
 *     (1/T) sum [l(x_t; xi_t) - l(x*; xi_t)] <= R1^2/(2 T eta_T) + (G^2/(2T)) sum eta_t.
 *
 * Only the first distance enters, where SGD with the same steps has the largest one
 * (bounds/seed_avg_regret.c).  In expectation E‖g_t‖^2 <= G^2 suffices.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, G;
    struct lab_steps eta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "bound on ‖g_t‖"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "eta_1, ..., eta_T"),
    LAB_PARAM_END,
};

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const size_t last = in->eta.T - 1;
    return (in->R1 * in->R1 / in->eta.eta[last] + in->G * in->G * in->eta.sum[last]) /
           (2.0 * (double)in->eta.T);
}

LAB_BOUND(dual_averaging_regret) = {
    .base = {.summary = "average regret of dual averaging, every path, no bounded domain",
             .formula = "[R1^2/(2 eta_T) + (G^2/2) sum_{t<=T} eta_t]/T",
             .reference = "Nesterov (2009); Xiao (2010) [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement = "Dual averaging x_t = P(x_1 - eta_t sum_{s<t} g_s) with steps that "
                 "never grow, on any "
                 "domain or none: the average regret on every path (G met on it), and in "
                 "expectation "
                 "the average of f(x_t) - f* and f at the mean iterate (E‖g‖^2 <= G^2), "
                 "stay below "
                 "the formula.",
    .method = "dual_averaging",
    .limits = {{LAB_AVG_REGRET, LAB_PATH, .realised = true},
               {LAB_AVG_GAP, LAB_EXPECTATION},
               {LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_NONINCREASING,
    .rhs = rhs,
};
