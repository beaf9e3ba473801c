/*
 * bounds/gd_sc_value.c -- gap of gradient descent, smooth strongly convex f.
 *
 * With rho = max(|1 - eta mu|, |1 - eta L|) every step of gradient descent has
 * f(x+) - f* <= rho^2 (f(x) - f*), so that after T updates f - f* <= rho^(2T) (f(x_1) - f*).
 *
 * Of a quadratic this is at once clear: along an eigenvector with eigenvalue l in [mu, L] the
 * error is multiplied by 1 - eta l, |1 - eta l| <= rho.  For all smooth strongly convex f Taylor,
 * Hendrickx and Glineur found the multipliers of the interpolation inequalities that prove it by
 * performance estimation; they are not repeated here.  (From bounds/gd_sc_distance.c alone only
 * f(x_{T+1}) - f* <= (L/mu) rho^(2T) (f(x_1) - f*) would follow.)
 *
 * Row t, which speaks of x_t, is T = t - 1.  Attained on (mu/2) x^2 and (L/2) x^2.
 */
#include "lab/plugin.h"

struct inputs {
    double gap1, mu, L, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, gap1, LAB_REQUIRED, "[0,inf)", "f(x_1) - f*"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)", "strong convexity of f"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "[0,inf)", "smoothness of f"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[0,inf)", "updates"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_cap(c, 2.0, why);
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    (void)t, (void)T;
    return 2.0 / (fact[0] + fact[1]);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double rho = fmax(fabs(1.0 - in->eta * in->mu), fabs(1.0 - in->eta * in->L));
    return pow(rho, 2.0 * (double)in->T) * in->gap1;
}

LAB_BOUND(gd_sc_value) = {
    .base = {.summary = "gap of gradient descent, strongly convex f",
             .formula = "rho^(2T) (f(x_1) - f*) after T updates,\n"
                        "rho = max(|1 - eta mu|, |1 - eta L|)",
             .reference = "Taylor, Hendrickx & Glineur (2018), theorem 3.3",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement = "Gradient descent with exact gradients and a constant step of at most "
                 "2/L on an L-smooth, "
                 "mu-strongly convex f: f(x_{T+1}) - f* stays below the formula.",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_PATH}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP | LAB_STRONGLY_CONVEX |
               LAB_EXACT_GRADIENTS | LAB_NO_PROJECTION,
    .lag = 1,
    .check = check,
    .prescription = {"eta_t = 2/(mu + L)", {"mu", "L"}, prescribed},
    .rhs = rhs,
};
