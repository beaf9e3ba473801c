/*
 * bounds/gd_convex_classic.c -- f at the last iterate of gradient descent, smooth convex f.
 *
 * eta <= 1/L and x+ = P(x - eta grad f(x)).  Smoothness, then convexity: for every y of the domain
 *
 *     f(x+) <= f(x) + <grad f(x), x+ - x> + ‖x+ - x‖^2/(2 eta)
 *           <= f(y) + <grad f(x), x+ - y> + ‖x+ - x‖^2/(2 eta),
 *
 * and the projection has <grad f(x) + (x+ - x)/eta, x+ - y> <= 0, so that
 *
 *     f(x+) - f(y) <= [‖x - y‖^2 - ‖x+ - y‖^2]/(2 eta).
 *
 * y = x: f never grows.  y = x*, summed over T updates: T (f(x_{T+1}) - f*) <= R1^2/(2 eta).  It
 * speaks of x_{T+1}, so row t, which speaks of x_t, is T = t - 1; there is none for t = 1.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "updates"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_cap(c, 1.0, why);
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    (void)t, (void)T;
    return 1.0 / fact[0];
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->R1 * in->R1 / (2.0 * in->eta * (double)in->T);
}

LAB_BOUND(gd_convex_classic) = {
    .base = {.summary = "gap of gradient descent, smooth convex f",
             .formula = "R1^2/(2 eta T) after T updates",
             .reference = "Nesterov (2004); Beck & Teboulle (2009), theorem 3.1",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement = "Gradient descent with exact gradients, perhaps projected, and a "
                 "constant step of at most "
                 "1/L on a convex L-smooth f: f(x_{T+1}) - f* stays below the formula.",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_PATH}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP | LAB_EXACT_GRADIENTS,
    .lag = 1,
    .check = check,
    .prescription = {"eta_t = 1/L", {"L"}, prescribed},
    .rhs = rhs,
};
