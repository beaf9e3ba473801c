/*
 * bounds/sps_star_avg.c -- average gap of the Polyak step size that knows the losses at x*.
 *
 * With over_t = (l(x_t; xi_t) - l(x*; xi_t))_+ a step of length over_t/‖g_t‖ along -g_t has
 *
 *     ‖x_{t+1} - x*‖^2 <= ‖x_t - x*‖^2 - over_t^2/‖g_t‖^2
 *
 * on every path, by convexity of the sampled loss, also after projection on a convex set that
 * holds x*; where over_t = 0 nothing moves.  Hence sum_t E[over_t^2/‖g_t‖^2] <= R1^2.  By the
 * inequality of Cauchy and Schwarz, first in E, then in the sum,
 *
 *     sum_t E[f(x_t) - f*] <= sum_t E over_t <= sum_t (E[over_t^2/‖g_t‖^2] E‖g_t‖^2)^(1/2)
 *                          <= sqrt(T) R1 G.
 *
 * Noise that is added to gradients, <z, x> to losses, makes them sampled losses of the same f.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, G;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^2 <= G^2"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->R1 * in->G / sqrt((double)in->T);
}

LAB_BOUND(sps_star_avg) = {
    .base = {.summary = "average gap of SPS*, no smoothness",
             .formula = "R1 G/sqrt(T)",
             .reference = "Garrigos, Gower & Schaipp (2023) [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Convex sampled losses, E‖g‖^2 <= G^2 over the domain, the stochastic Polyak "
        "step "
        "size with the losses at x*: the average of E f(x_t) - f* over t <= T, E f - f* "
        "at the mean iterate and the mean of the least gap stay below the formula.",
    .method = "sps_star",
    .limits = {{LAB_AVG_GAP, LAB_EXPECTATION},
               {LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION},
               {LAB_GAP_BEST, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX,
    .check = lab_check_ones,
    .rhs = rhs,
};
