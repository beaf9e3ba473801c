/*
 * bounds/weighted_avg_any_schedule.c -- f at the eta-weighted mean iterate of SGD.
 *
 * With d_t = ‖x_t - x*‖ and E‖g_t‖^2 <= G^2,
 *
 *     E d_{t+1}^2 <= E d_t^2 - 2 eta_t E[f(x_t) - f*] + eta_t^2 G^2.
 *
 * Summed, sum eta_t E[f(x_t) - f*] <= (R1^2 + G^2 sum eta_t^2)/2; divided by sum eta_t,
 * Jensen's inequality puts f(sum eta_t x_t/sum eta_t) - f* below it.  Any eta_t > 0 will do.
 *
 * For a given sum the sum of squares is least with equal steps, and then R1/(G sqrt(T)) is the
 * best of them: R1 G/sqrt(T).
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

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const size_t last = in->eta.T - 1;
    return (in->R1 * in->R1 + in->G * in->G * in->eta.sum2[last]) /
           (2.0 * in->eta.sum[last]);
}

/* The minimum over the steps of the right-hand side. */
static double prescribed(const double *fact, size_t t, size_t T)
{
    (void)t;
    return fact[0] / (fact[1] * sqrt((double)T));
}

LAB_BOUND(weighted_avg_any_schedule) = {
    .base = {.summary = "SGD at the eta-weighted mean iterate, any positive steps",
             .formula = "(R1^2 + G^2 sum_{t<=T} eta_t^2)/(2 sum_{t<=T} eta_t)",
             .reference = "Nemirovski, Juditsky, Lan & Shapiro (2009), sec. 2.2",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "For any positive steps E f(sum eta_t x_t/sum eta_t) - f* stays below the "
        "formula; no bounded domain is needed, only E‖g_t‖^2 <= G^2.",
    .method = "sgd",
    .limits = {{LAB_GAP_ETA_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX,
    .prescription = {"eta_t = R1/(G sqrt(T))", {"R1", "G"}, prescribed},
    .rhs = rhs,
};
