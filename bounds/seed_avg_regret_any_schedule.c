/*
 * bounds/seed_avg_regret_any_schedule.c -- the average-loss bound without monotone steps.
 *
 * As bounds/seed_avg_regret.c up to the summation by parts, where now
 *
 *     sum (d_t^2 - d_{t+1}^2)/(2 eta_t) <= d_1^2/(2 eta_1)
 *         + sum_{t>=2} d_t^2 (1/eta_t - 1/eta_{t-1})/2
 *         <= (R^2/2) [1/eta_1 + sum_{t>=2} max(0, 1/eta_t - 1/eta_{t-1})]:
 *
 * where eta rises (warm-up) the term is negative and dropped.  With non-increasing steps
 * the bracket telescopes to 1/eta_T and the bound is seed_avg_regret.
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
    return (in->R * in->R * in->eta.rise[last] + in->G * in->G * in->eta.sum[last]) /
           (2.0 * (double)in->eta.T);
}

LAB_BOUND(seed_avg_regret_any_schedule) = {
    .base = {.summary = "average regret of SGD, any positive steps, every path",
             .formula = "[R^2 (1/eta_1 + sum_{t>=2} (1/eta_t - 1/eta_{t-1})_+)\n"
                        " + G^2 sum_{t<=T} eta_t]/(2T)",
             .reference = "derived in bounds/seed_avg_regret_any_schedule.c",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "seed_avg_regret without the assumption that steps never grow: each time "
        "1/eta grows again (a decay after a warm-up) R^2/2 times the growth is paid.",
    .method = "sgd",
    .limits = {{LAB_AVG_REGRET, LAB_PATH, .realised = true}},
    .assumes = LAB_CONVEX,
    .rhs = rhs,
};
