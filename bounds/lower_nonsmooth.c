/*
 * bounds/lower_nonsmooth.c -- what no subgradient method can beat.
 *
 * problems/max_linear.c, f(x) = max{G max_i x_i, G ‖x‖ - G R (1 + 1/sqrt(d))} on R^d with
 * d = N + 1, f* = -G R/sqrt(d), ‖x*‖ = R, x_1 = 0.  Its oracle answers G e_i, i the FIRST
 * coordinate that is greatest, or G x/‖x‖.  Let a method choose points in the span of the
 * subgradients it has met (from 0):
 *
 *   if x has zeros from coordinate k + 1 on, k < d, its first greatest coordinate is among
 *   1..k+1, and x/‖x‖ has no other coordinates than x: so t - 1 subgradients span no more
 *   than e_1, ..., e_{t-1}, and x_t has a zero coordinate for t <= d.
 *
 * Then f(x_t) >= G max_i x_i >= 0 and f(x_t) - f* >= G R/sqrt(d) = R G/sqrt(N+1): after N + 1
 * evaluations, and before.  Means of these points lie in the same span.  It is attained by the
 * subgradient method, whose upper bound is the same number (bounds/const_step_avg_opt.c).
 */
#include <string.h>

#include "lab/plugin.h"

struct inputs {
    double R, G;
    size_t N;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "norm of subgradients"),
    LAB_PARAM(struct inputs, N, LAB_REQUIRED, "[0,inf)", "updates, N + 1 evaluations"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    if (strcmp(c->problem, "max_linear") != 0)
        return lab_fail(why, "is about the hard instance max_linear, not %s", c->problem);
    return lab_needs_zero_start(c, why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    (void)measured, (void)why;
    in->R = lab_problem_option(c, "R");
    in->G = lab_problem_option(c, "G");
    in->N = c->facts->d - 1;
    return 0;
}

/* Beyond d evaluations every coordinate may have been met. */
static bool speaks(const void *inputs, size_t T)
{
    return T >= 1 && T - 1 <= ((const struct inputs *)inputs)->N;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->R * in->G / sqrt((double)in->N + 1.0);
}

LAB_BOUND(lower_nonsmooth) = {
    .base = {.summary = "what no subgradient method can beat, on its hard instance",
             .formula = "R G/sqrt(N+1) after N + 1 evaluations, d = N + 1",
             .reference = "Drori & Teboulle (2016), sec. 3 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "On max_linear, from x_1 = 0, with exact subgradients of the first greatest "
        "coordinate: of any method whose points are x_1 and combinations of past "
        "subgradients, f(x_t) - f* is at least the formula for all t <= d = N + 1, also "
        "at the best of them and at their mean.",
    .method = "sgd|momentum|nesterov|heavy_ball|dual_averaging|polyak|normalized_sgd|"
              "clipped_sgd|adagrad_norm|dog|coin_betting|schedule_free|lookahead|fista|"
              "nesterov_sc|ogm|momentum_ima|sps_max|sps_star",
    .limits = {{LAB_GAP, LAB_LOWER},
               {LAB_GAP_BEST, LAB_LOWER},
               {LAB_GAP_MEAN_ITERATE, LAB_LOWER}},
    .assumes = LAB_CONVEX | LAB_EXACT_GRADIENTS | LAB_NO_PROJECTION,
    .speaks = speaks,
    .check = check,
    .binds = "R|G|N",
    .bind = bind,
    .rhs = rhs,
};
