/*
 * bounds/normalized_sgd_grad.c -- average norm of the gradient of normalised SGD.
 *
 * p = grad f(x_t), e = g_t - p.  <p, g>/‖g‖ = ‖g‖ - <e, g>/‖g‖ >= ‖g‖ -
 * ‖e‖ >= ‖p‖ - 2‖e‖, and where g = 0, no move, 0 >= ‖p‖ - 2‖e‖ too.
 * L-smooth f: f(x+) <= f(x) - eta (‖p‖ - 2‖e‖) + L eta^2/2. E‖e‖ <= sigma,
 * sigma^2 = sup E‖g - grad f‖^2.  Summed over T steps, f(x_{T+1}) >= f* (or a lower
 * bound of f), convex or not:
 *
 *     (1/T) sum E‖grad f(x_t)‖ <= (f(x_1) - f*)/(eta T) + eta L/2 + 2 sigma.
 *
 * Larger mini-batches make sigma smaller; smaller steps do not.
 */
#include "lab/plugin.h"

struct inputs {
    double gap1, L, sigma, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, gap1, LAB_REQUIRED, "[0,inf)", "f(x_1) - f*"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "[0,inf)", "smoothness of f"),
    LAB_PARAM(struct inputs, sigma, LAB_REQUIRED, "[0,inf)",
              "E‖g - grad f‖^2 <= sigma^2"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    if (lab_take(&c->facts->sigma2, "sigma2", &in->sigma, measured, why))
        return -1;
    in->sigma = sqrt(in->sigma);
    return 0;
}

/* Whatever sigma is. */
static double prescribed(const double *fact, size_t t, size_t T)
{
    (void)t;
    return sqrt(2.0 * fact[0] / (fact[1] * (double)T));
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->gap1 / (in->eta * (double)in->T) + 0.5 * in->eta * in->L + 2.0 * in->sigma;
}

LAB_BOUND(normalized_sgd_grad) = {
    .base = {.summary = "average norm of the gradient, normalised SGD, smooth f",
             .formula = "(f(x_1) - f*)/(eta T) + eta L/2 + 2 sigma",
             .reference =
                 "Cutkosky & Mehta (2020), lemma 2 without momentum [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Normalised SGD without a domain, constant step, on an L-smooth f, convex or "
        "not, with gradients of variance at most sigma^2: the average of E‖grad "
        "f(x_t)‖ over t <= T stays below the formula.",
    .method = "normalized_sgd",
    .limits = {{LAB_AVG_GRAD, LAB_EXPECTATION}},
    .assumes = LAB_CONSTANT_STEP | LAB_NO_PROJECTION,
    .bind = bind,
    .prescription = {"eta_t = sqrt(2 gap1/(L T))", {"gap1", "L"}, prescribed},
    .rhs = rhs,
};
