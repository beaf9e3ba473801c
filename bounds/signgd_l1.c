/*
 * bounds/signgd_l1.c -- average l1 norm of the gradient of sign descent, constant step.
 *
 * Where f(y) <= f(x) + <grad f(x), y - x> + sum_i L_i (y_i - x_i)^2/2, a step of -eta
 * sign(grad f(x)) has f(x+) <= f(x) - eta ‖grad f(x)‖_1 + eta^2 sum_i L_i/2.  Summed
 * over T steps, f(x_{T+1}) >= f* (or a lower bound of f), convex or not:
 *
 *     (1/T) sum ‖grad f(x_t)‖_1 <= (f(x_1) - f*)/(eta T) + eta sum_i L_i/2.
 *
 * Lsum = sum_i L_i is that of the spectrum where f is a quadratic along the axes; otherwise
 * an L-smooth f has the above with every L_i = L, Lsum = d L.
 */
#include "lab/plugin.h"

struct inputs {
    double gap1, Lsum, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, gap1, LAB_REQUIRED, "[0,inf)", "f(x_1) - f*"),
    LAB_PARAM(struct inputs, Lsum, LAB_REQUIRED, "[0,inf)",
              "sum of the coordinates' smoothness"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    const struct lab_facts *f = c->facts;
    if (lab_take(&f->L, "L", &in->Lsum, measured, why))
        return -1;
    in->Lsum *= (double)f->d;
    if (!f->lam || f->basis)
        return 0;
    in->Lsum = 0.0;
    for (size_t i = 0; i < f->d; i++)
        in->Lsum += f->lam[i];
    return 0;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->gap1 / (in->eta * (double)in->T) + 0.5 * in->eta * in->Lsum;
}

LAB_BOUND(signgd_l1) = {
    .base = {.summary = "average l1 norm of the gradient, sign descent, smooth f",
             .formula = "(f(x_1) - f*)/(eta T) + eta sum_i L_i/2",
             .reference = "Bernstein et al. (2018), theorem 1 without noise [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "signSGD with exact gradients, no domain and a constant step on an f, convex "
        "or not, that is L_i-smooth along coordinate i: the average of ‖grad "
        "f(x_t)‖_1 over t <= T stays below the formula.",
    .method = "sign_sgd",
    .limits = {{LAB_AVG_GRAD_L1, LAB_PATH}},
    .assumes = LAB_CONSTANT_STEP | LAB_EXACT_GRADIENTS | LAB_NO_PROJECTION,
    .bind = bind,
    .rhs = rhs,
};
