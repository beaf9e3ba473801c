/*
 * bounds/schedule_free_weighted.c -- schedule-free SGD: the last iterate, any positive steps.
 *
 * z_{t+1} = P(z_t - gamma_t g_t), g_t at y_t = (1-b) z_t + b x_t, 0 <= b <= 1, and
 * A_t x_t = A_{t-1} x_{t-1} + gamma_t z_t with A_t = gamma_1 + ... + gamma_t, z_1 = x_1.
 * As in bounds/weighted_avg_any_schedule.c, with h_t = E[g_t | past] a subgradient of f at y_t,
 *
 *     sum gamma_t E<h_t, z_t - x*> <= (R1^2 + G^2 sum gamma_t^2)/2.                       (1)
 *
 * Let k be a subgradient at x_t (h_t if b = 1, where y_t = x_t).  A_{t-1} (x_t - x_{t-1}) =
 * gamma_t (z_t - x_t), so convexity gives
 *
 *     A_{t-1} [f(x_t) - f(x_{t-1})] <= gamma_t <k, z_t - x_t>,
 *     gamma_t [f(x_t) - f(y_t)]     <= gamma_t (1-b) <k, x_t - z_t>,
 *     gamma_t [f(y_t) - f*]         <= gamma_t <h_t, z_t - x*> + gamma_t b <h_t, x_t - z_t>.
 *
 * Their sum is A_t f(x_t) - A_{t-1} f(x_{t-1}) - gamma_t f* <= gamma_t <h_t, z_t - x*> +
 * gamma_t b <k - h_t, z_t - x_t>, and the last term is not positive: (1-b) (z_t - x_t) =
 * y_t - x_t and subgradients are monotone.  Summed over t, A_T (E f(x_T) - f*) is at most (1).
 *
 * Weights gamma_t^2, as in the authors' code for AdamW, make another x_t: not this theorem.
 */
#include <string.h>

#include "lab/plugin.h"

struct inputs {
    double R1, G;
    struct lab_steps gamma;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^2 <= G^2, g_t at y_t"),
    LAB_PARAM(struct inputs, gamma, LAB_REQUIRED, "(0,inf)", "eta_1, ..., eta_T"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    const char *iterate = lab_option_word(c, "iterate");
    const double power = lab_option(c, "power");
    if (strcmp(iterate, "x") != 0)
        return lab_fail(why,
                        "is about the averages x_t, but metrics speak of %s_t: "
                        "iterate = \"x\"",
                        iterate);
    for (size_t t = 2; power != 1.0 && t <= c->eta.T; t++)
        if (c->eta.eta[t - 1] != c->eta.eta[0])
            return lab_fail(why,
                            "needs averages with weights eta_t, but they are "
                            "eta_t^%g: power = 1",
                            power);
    return 0;
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    (void)c, (void)inputs, (void)measured, (void)why;
    return 0; /* lists are eta_1..eta_T in a run */
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const size_t last = in->gamma.T - 1;
    return (in->R1 * in->R1 + in->G * in->G * in->gamma.sum2[last]) /
           (2.0 * in->gamma.sum[last]);
}

LAB_BOUND(schedule_free_weighted) = {
    .base = {.summary = "the last iterate of schedule-free SGD, any positive steps",
             .formula = "(R1^2 + G^2 sum_{t<=T} gamma_t^2)/(2 sum_{t<=T} gamma_t)",
             .reference = "Defazio et al. (2024), theorem 2 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Schedule-free SGD with any positive steps gamma_t, any beta in [0,1], averages "
        "x_t "
        "with weights gamma_t (not their squares), E‖g_t‖^2 <= G^2: E f(x_T) - f* at the "
        "last x_T, the gamma-weighted mean of z_1..z_T, stays below the formula.",
    .method = "schedule_free",
    .limits = {{LAB_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX,
    .check = check,
    .bind = bind,
    .rhs = rhs,
};
