/*
 * bounds/lower_smooth.c -- what no first-order method can beat on smooth convex functions.
 *
 * problems/nesterov_tridiagonal.c, f(x) = (L/4)(<x, A x>/2 - x_1) on R^d with d = 2N + 1, from 0.
 * Its gradient at a point whose coordinates beyond k are 0 has zeros beyond k + 1.  So points in
 * the span of N gradients lie in R^N, where f is the same function of dimension N, with minimum
 * -(L/8)(1 - 1/(N+1)), while f* = -(L/8)(1 - 1/(d+1)), d + 1 = 2(N+1):
 *
 *     f(x_{N+1}) - f* >= (L/8) [1/(N+1) - 1/(2(N+1))] = L/(16(N+1)).
 *
 * R^2 = ‖x*‖^2 = sum_i (1 - i/(d+1))^2 = d (2d+1)/(6(d+1)) < (d+1)/3 = 2(N+1)/3, so that is
 * more than 3 L R^2/(32(N+1)^2).  Fewer gradients span less: it holds for x_1, ..., x_N, too.
 * L is the class, the option of the problem; the greatest eigenvalue is a little less.
 */
#include <string.h>

#include "lab/plugin.h"

struct inputs {
    double R, L;
    size_t N;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "[0,inf)", "smoothness of f"),
    LAB_PARAM(struct inputs, N, LAB_REQUIRED, "[0,inf)", "gradients"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    if (strcmp(c->problem, "nesterov_tridiagonal") != 0)
        return lab_fail(why, "is about the hard instance nesterov_tridiagonal, not %s",
                        c->problem);
    if (c->facts->d % 2 == 0)
        return lab_fail(why, "needs d = 2N + 1, but d = %zu is even", c->facts->d);
    return lab_needs_zero_start(c, why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    in->L = lab_problem_option(c, "L");
    in->N = (c->facts->d - 1) / 2;
    return lab_take(&c->facts->R1, "R1", &in->R, measured, why);
}

/* x_t, t = 1..N+1, has seen at most N gradients. */
static bool speaks(const void *inputs, size_t T)
{
    return T >= 1 && T - 1 <= ((const struct inputs *)inputs)->N;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double steps = (double)in->N + 1.0;
    return 3.0 * in->L * in->R * in->R / (32.0 * steps * steps);
}

LAB_BOUND(lower_smooth) = {
    .base = {.summary = "what no first-order method can beat on smooth convex f",
             .formula = "3 L R^2/(32 (N+1)^2) after N gradients, d = 2N + 1",
             .reference = "Nesterov (2004), theorem 2.1.7 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "On nesterov_tridiagonal, from x_1 = 0, with exact gradients: of any method "
        "whose points are x_1 and combinations of past gradients, f(x_t) - f* is at "
        "least the formula for all t <= N + 1 = (d + 1)/2, also at the best of them and "
        "at their mean.",
    .method = "sgd|momentum|nesterov|heavy_ball|dual_averaging|polyak|normalized_sgd|"
              "clipped_sgd|adagrad_norm|dog|coin_betting|schedule_free|lookahead|fista|"
              "nesterov_sc|ogm|momentum_ima|sps_max|sps_star",
    .limits = {{LAB_GAP, LAB_LOWER},
               {LAB_GAP_BEST, LAB_LOWER},
               {LAB_GAP_MEAN_ITERATE, LAB_LOWER}},
    .assumes = LAB_CONVEX | LAB_EXACT_GRADIENTS | LAB_NO_PROJECTION,
    .speaks = speaks,
    .check = check,
    .binds = "R|L|N",
    .bind = bind,
    .rhs = rhs,
};
