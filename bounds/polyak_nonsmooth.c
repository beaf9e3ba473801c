/*
 * bounds/polyak_nonsmooth.c -- Polyak's step size on a convex f, no smoothness.
 *
 * With gap_t = f(x_t) - f* a step of length gap_t/‖g_t‖ along -g_t, <g_t, x_t - x*> >= gap_t,
 * has
 *
 *     ‖x_{t+1} - x*‖^2 <= ‖x_t - x*‖^2 - gap_t^2/‖g_t‖^2,
 *
 * also after projection on a convex set that holds x*.  Summed, sum gap_t^2 <= R1^2 G^2, and
 * the mean of the gaps is at most the root of the mean of their squares: R1 G/sqrt(T).  The
 * least gap and, by Jensen's inequality, that of the mean iterate are no larger.  G is the
 * steepest gradient that the path met.  Nothing is said of the last iterate.  Attained by the
 * least gap of max_linear with d = T.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, G;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "max ‖g_t‖ on the path"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->R1 * in->G / sqrt((double)in->T);
}

LAB_BOUND(polyak_nonsmooth) = {
    .base = {.summary = "best and average gap of Polyak's step size, no smoothness",
             .formula = "R1 G/sqrt(T)",
             .reference = "Polyak (1969); Hazan & Kakade (2019) [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Exact subgradients of a convex f and Polyak's step size with the right f*: the "
        "least gap f(x_t) - f*, t <= T, their average and the gap at the mean iterate "
        "stay below the formula; the last gap need not.",
    .method = "polyak",
    .limits = {{LAB_GAP_BEST, LAB_PATH, true},
               {LAB_AVG_GAP, LAB_PATH, true},
               {LAB_GAP_MEAN_ITERATE, LAB_PATH, true}},
    .assumes = LAB_CONVEX | LAB_EXACT_GRADIENTS,
    .check = lab_check_ones,
    .rhs = rhs,
};
