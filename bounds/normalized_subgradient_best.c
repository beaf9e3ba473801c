/*
 * bounds/normalized_subgradient_best.c -- the best iterate of the normalised subgradient
 * method.
 *
 * x_{t+1} = P(x_t - eta_t g_t/‖g_t‖), g_t a subgradient of f at x_t, ‖g_t‖ <= G:
 *
 *     ‖x_{t+1} - x*‖^2 <= ‖x_t - x*‖^2 - 2 eta_t <g_t, x_t - x*>/‖g_t‖ + eta_t^2,
 *
 * and <g_t, x_t - x*>/‖g_t‖ >= (f(x_t) - f*)/G.  Summed over t <= T, the least f(x_t) -
 * f* is at most G (R1^2 + sum eta_t^2)/(2 sum eta_t).  Where g_t = 0, x_t is a minimiser.
 * G is the largest one met on the path.  Random g_t are another matter: the mean of
 * g/‖g‖ is not along that of g.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, G;
    struct lab_steps eta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "max ‖g_t‖"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "eta_1, ..., eta_T"),
    LAB_PARAM_END,
};

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const size_t last = in->eta.T - 1;
    return in->G * (in->R1 * in->R1 + in->eta.sum2[last]) / (2.0 * in->eta.sum[last]);
}

LAB_BOUND(normalized_subgradient_best) = {
    .base = {.summary = "the best iterate of the normalised subgradient method",
             .formula = "G (R1^2 + sum_{t<=T} eta_t^2)/(2 sum_{t<=T} eta_t)",
             .reference = "Shor (1985), sec. 2.2 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Steps of length eta_t > 0 along exact subgradients of a convex f, perhaps "
        "projected: min_{t<=T} f(x_t) - f* stays below the formula with the largest "
        "‖g_t‖ met.  f has to be evaluated at every step.",
    .method = "normalized_sgd",
    .limits = {{LAB_GAP_BEST, LAB_PATH, .realised = true}},
    .assumes = LAB_CONVEX | LAB_EXACT_GRADIENTS,
    .watch = {.objective = true}, /* of every step, in the metric */
    .rhs = rhs,
};
