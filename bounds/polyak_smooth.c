/*
 * bounds/polyak_smooth.c -- Polyak's step size on a smooth convex f.
 *
 * As in bounds/polyak_nonsmooth.c, with gap_t = f(x_t) - f*,
 *
 *     ‖x_{t+1} - x*‖^2 <= ‖x_t - x*‖^2 - gap_t^2/‖grad f(x_t)‖^2,
 *
 * and ‖grad f(x)‖^2 <= 2 L (f(x) - f*) for an L-smooth f with the minimum f* over R^d.  So
 * sum gap_t <= 2 L R1^2.  With a domain f* may be more than that minimum: no projection.  The
 * least gap and that of the mean iterate are no larger than the mean of the gaps.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, L;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "[0,inf)", "smoothness of f"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return 2.0 * in->L * in->R1 * in->R1 / (double)in->T;
}

LAB_BOUND(polyak_smooth) = {
    .base = {.summary = "average gap of Polyak's step size, smooth f",
             .formula = "2 L R1^2/T",
             .reference = "Hazan & Kakade (2019), theorem 1 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Exact gradients of a convex L-smooth f, no domain, and Polyak's step size with "
        "the right f*: the average of f(x_t) - f* over t <= T, the least of them and the "
        "gap at the mean iterate stay below the formula.",
    .method = "polyak",
    .limits = {{LAB_AVG_GAP, LAB_PATH},
               {LAB_GAP_BEST, LAB_PATH},
               {LAB_GAP_MEAN_ITERATE, LAB_PATH}},
    .assumes = LAB_CONVEX | LAB_EXACT_GRADIENTS | LAB_NO_PROJECTION,
    .check = lab_check_ones,
    .rhs = rhs,
};
