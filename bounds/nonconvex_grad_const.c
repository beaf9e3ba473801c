/*
 * bounds/nonconvex_grad_const.c -- average squared gradient of SGD, smooth f, constant step.
 *
 * f L-smooth, not necessarily convex, E g_t = grad f(x_t), E‖g_t - grad f(x_t)‖^2 <= sigma2:
 *
 *     E f(x_{t+1}) <= E f(x_t) - eta E‖grad f(x_t)‖^2 + (L eta^2/2)(E‖grad f(x_t)‖^2 + sigma2),
 *
 * and 1 - L eta/2 >= 1/2 for eta <= 1/L.  Summed, with f(x_{T+1}) >= f* (or a lower bound of f),
 *
 *     (1/T) sum E‖grad f(x_t)‖^2 <= 2 (f(x_1) - f*)/(eta T) + eta L sigma2,
 *
 * least at eta = sqrt(2 (f(x_1) - f*)/(L sigma2 T)), of which no more than 1/L is allowed.
 */
#include "lab/plugin.h"

struct inputs {
    double gap1, L, sigma2, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, gap1, LAB_REQUIRED, "[0,inf)", "f(x_1) - f*"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "[0,inf)", "smoothness of f"),
    LAB_PARAM(struct inputs, sigma2, LAB_REQUIRED, "[0,inf)", "sup E‖g - grad f‖^2"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_cap(c, 1.0, why);
}

/* Without noise the root is infinite (or 0/0), and 1/L decides. */
static double prescribed(const double *fact, size_t t, size_t T)
{
    const double gap1 = fact[0], L = fact[1], sigma2 = fact[2];
    (void)t;
    return fmin(1.0 / L, sqrt(2.0 * gap1 / (L * sigma2 * (double)T)));
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return 2.0 * in->gap1 / (in->eta * (double)in->T) + in->eta * in->L * in->sigma2;
}

LAB_BOUND(nonconvex_grad_const) = {
    .base = {.summary = "average squared gradient of SGD on smooth f, constant step",
             .formula = "2 (f(x_1) - f*)/(eta T) + eta L sigma2",
             .reference = "Ghadimi & Lan (2013), theorem 2.1",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD without projection and a constant step of at most 1/L on an L-smooth f, "
        "convex or "
        "not, with gradients of variance at most sigma2: the average of E‖grad f(x_t)‖^2 "
        "over t <= T stays below the formula.",
    .method = "sgd",
    .limits = {{LAB_AVG_GRAD2, LAB_EXPECTATION}},
    .assumes = LAB_CONSTANT_STEP | LAB_NO_PROJECTION,
    .check = check,
    .prescription = {"eta_t = min(1/L, sqrt(2 gap1/(L sigma2 T)))",
                     {"gap1", "L", "sigma2"},
                     prescribed},
    .rhs = rhs,
};
