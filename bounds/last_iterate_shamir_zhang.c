/*
 * bounds/last_iterate_shamir_zhang.c -- the last iterate of projected SGD, steps c/sqrt(t).
 *
 * For x known at step T-k, as in bounds/seed_avg_regret.c from there on, with ‖x_t - x‖ <= D,
 *
 *     sum_{t=T-k}^T E[f(x_t) - f(x)] <= E‖x_{T-k} - x‖^2/(2 eta_{T-k})
 *         + (D^2/2)(1/eta_T - 1/eta_{T-k}) + (G^2/2) sum_{t=T-k}^T eta_t.
 *
 * Take x = x_{T-k}: the first term is 0, and as sum_{t=a}^T 1/sqrt(t) <= 2 (sqrt(T) - sqrt(a-1)),
 * with K = D^2/(2c) + c G^2 the rest is at most K (sqrt(T) - sqrt(T-k-1)) <= K (k+1)/sqrt(T).
 * Let S_k be the mean of E f(x_{T-k}), ..., E f(x_T).  So S_k <= E f(x_{T-k}) + K/sqrt(T), and
 *
 *     k S_{k-1} = (k+1) S_k - E f(x_{T-k}) <= k S_k + K/sqrt(T),  S_{k-1} <= S_k + K/(k sqrt(T)).
 *
 * From S_{T-1} <= f* + K/sqrt(T) (the case x = x*, k = T-1) down to S_0 = E f(x_T):
 * E f(x_T) - f* <= (1 + H_{T-1}) K/sqrt(T) <= (2 + log T)(D^2/c + c G^2)/sqrt(T), the published
 * formula, least at c = D/G.
 */
#include "lab/plugin.h"

struct inputs {
    double D, G, c;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, D, LAB_REQUIRED, "[0,inf)", "diameter of the domain"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^2 <= G^2"),
    LAB_PARAM(struct inputs, c, LAB_REQUIRED, "(0,inf)", "eta_t = c/sqrt(t)"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static double shape(size_t t, size_t T)
{
    (void)T;
    return 1.0 / sqrt((double)t);
}

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_shape(c, shape, "eta_t = c/sqrt(t)", why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    (void)measured;
    struct inputs *in = inputs;
    (void)why;
    in->c = c->eta.eta[0];
    return 0;
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    return fact[0] / fact[1] * shape(t, T);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double T = (double)in->T;
    return (in->D * in->D / in->c + in->c * in->G * in->G) * (2.0 + log(T)) / sqrt(T);
}

LAB_BOUND(last_iterate_shamir_zhang) = {
    .base = {.summary = "the last iterate of projected SGD, steps c/sqrt(t)",
             .formula = "(D^2/c + c G^2)(2 + log T)/sqrt(T)",
             .reference = "Shamir & Zhang (2013), theorem 2",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD projected on a convex set of diameter D that holds x*, E‖g‖^2 <= G^2, "
        "eta_t = c/sqrt(t): E f(x_T) - f* at the last iterate stays below the formula.",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_BOUNDED_DOMAIN,
    .check = check,
    .bind = bind,
    .prescription = {"eta_t = D/(G sqrt(t))", {"D", "G"}, prescribed},
    .rhs = rhs,
};
