/*
 * bounds/pl_bounded_variance.c -- SGD under the Polyak-Lojasiewicz condition, convex or not.
 *
 * ‖grad f‖^2 >= 2 mu (f - f*), f L-smooth, E‖g - grad f‖^2 <= sigma2 on R^d.  The descent lemma
 *
 *     E f(x_{t+1}) <= f(x_t) - eta (1 - L eta/2) ‖grad f(x_t)‖^2 + L eta^2 sigma2/2
 *
 * with eta < 2/L and the condition, h_t = f(x_t) - f*, r = 1 - mu eta (2 - L eta) in [0, 1):
 *
 *     E h_{t+1} <= r h_t + L eta^2 sigma2/2.
 *
 * An equality where f = (mu/2)‖x - x*‖^2.  Nothing may be projected: f may well be greater at
 * the projection, and f* is the minimum over R^d.
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
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step, < 2/L"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_step_cap(c, 2.0 / c->facts->L.value, true, "2/L", why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    return lab_take(&c->facts->PL, "PL", &in->mu, measured, why);
}

static int fit(const void *inputs, struct lab_error *err)
{
    const struct inputs *in = inputs;
    return in->eta * in->L < 2.0
               ? 0
               : lab_fail(err, "eta = %g is not below 2/L = %g", in->eta, 2.0 / in->L);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double gone = in->mu * in->eta * (2.0 - in->L * in->eta); /* 1 - r */
    const double rT = pow(1.0 - gone, (double)in->T);
    const double lost = /* 1 - r^T */
        gone < 1.0 ? -expm1((double)in->T * log1p(-gone)) : 1.0 - rT;
    return rT * in->gap1 + 0.5 * in->L * in->eta * in->eta * in->sigma2 * lost / gone;
}

LAB_BOUND(pl_bounded_variance) = {
    .base = {.summary = "SGD under the Polyak-Lojasiewicz condition, last iterate",
             .formula = "r^T gap1 + (L eta^2 sigma2/2)(1 - r^T)/(1 - r),\n"
                        "r = 1 - 2 mu eta + L mu eta^2",
             .reference = "derived in bounds/pl_bounded_variance.c [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD without projection, constant step eta < 2/L, f L-smooth with "
        "‖grad f‖^2 >= 2 mu (f - f*), E‖g - grad f‖^2 <= sigma2: E f(x_{T+1}) - f* after "
        "T steps stays below the formula, and equals it where f = (mu/2)‖x - x*‖^2.",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONSTANT_STEP | LAB_NO_PROJECTION,
    .lag = 1,
    .check = check,
    .binds = "mu",
    .bind = bind,
    .inputs = fit,
    .rhs = rhs,
};
