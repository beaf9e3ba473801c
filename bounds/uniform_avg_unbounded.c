/*
 * bounds/uniform_avg_unbounded.c -- the plain average of f of SGD, any steps, no diameter.
 *
 * bounds/weighted_avg_any_schedule.c before it is divided: with E‖g_t‖^2 <= G^2
 *
 *     sum eta_t E[f(x_t) - f*] <= (R1^2 + G^2 sum eta_t^2)/2,
 *
 * and as no term on the left is negative, the left side is at least min eta_t times the sum
 * of E f(x_t) - f*.  Regrets of sampled losses may be negative: the full loss alone is spoken
 * of.  By Jensen's inequality f at the mean iterate is below the average.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, G;
    struct lab_steps eta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^2 <= G^2"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "eta_1, ..., eta_T"),
    LAB_PARAM_END,
};

/* The least step so far goes along. */
static void sweep(const void *inputs, size_t rows, const size_t *T, double *bound)
{
    const struct inputs *in = inputs;
    double least = INFINITY;
    for (size_t k = 0, t = 0; k < rows; k++) {
        for (; t < T[k]; t++)
            least = fmin(least, in->eta.eta[t]);
        bound[k] = (in->R1 * in->R1 + in->G * in->G * in->eta.sum2[T[k] - 1]) /
                   (2.0 * (double)T[k] * least);
    }
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    double bound;
    sweep(inputs, 1, &in->eta.T, &bound);
    return bound;
}

LAB_BOUND(uniform_avg_unbounded) = {
    .base = {.summary = "average loss of SGD, any positive steps, no bounded domain",
             .formula = "(R1^2 + G^2 sum_{t<=T} eta_t^2)/(2 T min_{t<=T} eta_t)",
             .reference = "re-derived in bounds/uniform_avg_unbounded.c",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "For any positive steps, with E‖g_t‖^2 <= G^2 and no bounded domain, the plain "
        "average of E f(x_t) - f* over t <= T and f at the mean iterate stay below the "
        "formula.  It is about the full loss, not about sampled ones.",
    .method = "sgd",
    .limits = {{LAB_AVG_GAP, LAB_EXPECTATION}, {LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX,
    .rhs = rhs,
    .sweep = sweep,
};
