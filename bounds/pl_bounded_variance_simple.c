/*
 * bounds/pl_bounded_variance_simple.c -- SGD under the Polyak-Lojasiewicz condition, as it is
 * mostly quoted.
 *
 * In bounds/pl_bounded_variance.c with eta <= 1/L, r = 1 - mu eta (2 - L eta) <= 1 - mu eta, so
 * E h_{t+1} <= (1 - mu eta) h_t + L eta^2 sigma2/2, and the geometric sum of the last term is at
 * most L eta sigma2/(2 mu).
 */
#include "lab/plugin.h"

struct inputs {
    double gap1, mu, L, sigma2, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, gap1, LAB_REQUIRED, "[0,inf)", "f(x_1) - f*"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)",
              "‖grad f‖^2 >= 2 mu (f - f*): the fact PL"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "(0,inf)", "smoothness of f"),
    LAB_PARAM(struct inputs, sigma2, LAB_REQUIRED, "[0,inf)", "sup E‖g - grad f‖^2"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step, <= 1/L"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_cap(c, 1.0, why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    return lab_take(&c->facts->PL, "PL", &in->mu, measured, why);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return pow(1.0 - in->mu * in->eta, (double)in->T) * in->gap1 +
           in->L * in->eta * in->sigma2 / (2.0 * in->mu);
}

LAB_BOUND(pl_bounded_variance_simple) = {
    .base = {.summary = "SGD under the Polyak-Lojasiewicz condition, simple form",
             .formula = "(1 - mu eta)^T gap1 + L eta sigma2/(2 mu)",
             .reference = "folklore; derived in bounds/pl_bounded_variance_simple.c "
                          "[re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD without projection, constant step eta <= 1/L, f L-smooth with "
        "‖grad f‖^2 >= 2 mu (f - f*), E‖g - grad f‖^2 <= sigma2: E f(x_{T+1}) - f* after "
        "T steps stays below the formula.",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONSTANT_STEP | LAB_NO_PROJECTION,
    .lag = 1,
    .check = check,
    .binds = "mu",
    .bind = bind,
    .rhs = rhs,
};
