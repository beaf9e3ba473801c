/*
 * bounds/bcn_const.c -- SGD with a constant step: linear convergence to a neighbourhood.
 *
 * E‖g‖^2 <= M + ‖grad f‖^2, M = sup E‖g - grad f‖^2 (M_G = 1).  For alpha <= 1/L the descent lemma
 * and ‖grad f‖^2 >= 2 mu (f - f*), which strong convexity implies, give with h_t = f(x_t) - f*
 *
 *     E h_{t+1} <= (1 - alpha mu) h_t + alpha^2 L M/2,
 *
 * so that h - b, b = alpha L M/(2 mu), shrinks by 1 - alpha mu in the mean.  The descent lemma
 * knows no projection (see bounds/pl_bounded_variance.c).
 */
#include "lab/plugin.h"

struct inputs {
    double gap1, mu, L, M, alpha;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, gap1, LAB_REQUIRED, "[0,inf)", "f(x_1) - f*"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)",
              "‖grad f‖^2 >= 2 mu (f - f*): the fact PL"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "(0,inf)", "smoothness of f"),
    LAB_PARAM(struct inputs, M, LAB_REQUIRED, "[0,inf)",
              "E‖g‖^2 <= M + ‖grad f‖^2: the fact sigma2"),
    LAB_PARAM(struct inputs, alpha, LAB_REQUIRED, "(0,inf)", "the constant step, <= 1/L"),
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
    in->alpha = c->eta.eta[0];
    if (lab_take(&c->facts->sigma2, "sigma2", &in->M, measured, why))
        return -1;
    return lab_take(&c->facts->PL, "PL", &in->mu, measured, why);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double b = in->alpha * in->L * in->M / (2.0 * in->mu);
    return b + pow(1.0 - in->alpha * in->mu, (double)in->T) * (in->gap1 - b);
}

LAB_BOUND(bcn_const) = {
    .base = {.summary = "SGD with a constant step, linearly into a neighbourhood",
             .formula = "b + (1 - alpha mu)^T (gap1 - b),  b = alpha L M/(2 mu)",
             .reference = "Bottou, Curtis & Nocedal (2018), theorem 4.6 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD without projection, constant step alpha <= 1/L, f L-smooth with "
        "‖grad f‖^2 >= 2 mu (f - f*), E‖g‖^2 <= M + ‖grad f‖^2: E f(x_{T+1}) - f* after "
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
