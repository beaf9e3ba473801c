/*
 * bounds/clipped_subgradient_best.c -- the best iterate of the clipped subgradient method.
 *
 * x_{t+1} = P(x_t - eta_t k_t g_t), k_t = min(1, c/‖g_t‖), g_t a subgradient of f at
 * x_t, ‖g_t‖ <= G. Then k_t >= min(1, c/G) and ‖k_t g_t‖ = min(c, ‖g_t‖) <=
 * min(c, G), so that
 *
 *     ‖x_{t+1} - x*‖^2 <= ‖x_t - x*‖^2 - 2 eta_t min(1, c/G) (f(x_t) - f*) + eta_t^2 min(c, G)^2.
 *
 * Summed over t <= T, the least f(x_t) - f* is at most
 *
 *     max(1, G/c) (R1^2 + min(c, G)^2 sum eta_t^2)/(2 sum eta_t).
 *
 * G is the largest one met on the path.  Random g_t are another matter: clipping moves
 * their mean (bounds/clipped_sgd_heavy_tail_avg.c).
 */
#include "lab/plugin.h"

struct inputs {
    double R1, G, c;
    struct lab_steps eta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "max ‖g_t‖"),
    LAB_PARAM(struct inputs, c, LAB_REQUIRED, "(0,inf)", "the limit of clipping"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "eta_1, ..., eta_T"),
    LAB_PARAM_END,
};

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    (void)measured, (void)why;
    ((struct inputs *)inputs)->c = lab_option(c, "limit");
    return 0;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const size_t last = in->eta.T - 1;
    const double move = fmin(in->c, in->G);
    return fmax(1.0, in->G / in->c) *
           (in->R1 * in->R1 + move * move * in->eta.sum2[last]) /
           (2.0 * in->eta.sum[last]);
}

LAB_BOUND(clipped_subgradient_best) = {
    .base = {.summary = "the best iterate of the clipped subgradient method",
             .formula = "max(1, G/c) (R1^2 + min(c, G)^2 sum_{t<=T} eta_t^2)\n"
                        "/(2 sum_{t<=T} eta_t)",
             .reference = "Shor (1985), sec. 2 [re-derived with clipping]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Positive steps along exact subgradients of a convex f, clipped to length c, "
        "perhaps projected: min_{t<=T} f(x_t) - f* stays below the formula with the "
        "largest ‖g_t‖ met.  f has to be evaluated at every step.",
    .method = "clipped_sgd",
    .limits = {{LAB_GAP_BEST, LAB_PATH, .realised = true}},
    .assumes = LAB_CONVEX | LAB_EXACT_GRADIENTS,
    .bind = bind,
    .watch = {.objective = true}, /* of every step, in the metric */
    .rhs = rhs,
};
