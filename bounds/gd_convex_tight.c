/*
 * bounds/gd_convex_tight.c -- the exact worst case of gradient descent, smooth convex f.
 *
 * Of all convex L-smooth f and x_1 with ‖x_1 - x*‖ = R1, T steps h/L with 0 < h <= 1 leave at most
 *
 *     f(x_{T+1}) - f* <= L R1^2/(4 T h + 2).
 *
 * The proof of Drori and Teboulle is a dual solution of the performance estimation problem: a
 * combination of f(y) >= f(x) + <grad f(x), y - x> + ‖grad f(x) - grad f(y)‖^2/(2L) for
 * neighbouring iterates and x*, whose matrix is shown to be positive semidefinite.  It is not
 * repeated here.  That no smaller constant will do is short: with r = R1/(2 T h + 1), f = L x^2/2
 * for |x| <= r, L r |x| - L r^2/2 beyond (the problem huber_1d), every step from x_1 = R1 moves by
 * h r, x_{T+1} = R1 - T h r = (T h + 1) r > r, and f(x_{T+1}) = L r^2 (T h + 1/2) = L R1^2/(4Th+2).
 *
 * Row t, which speaks of x_t, is T = t - 1.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, L, h;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "[0,inf)", "smoothness of f"),
    LAB_PARAM(struct inputs, h, LAB_REQUIRED, "(0,1]", "eta L"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[0,inf)", "updates"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_cap(c, 1.0, why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    (void)measured;
    struct inputs *in = inputs;
    (void)why;
    in->h = fmin(c->eta.eta[0] * in->L, 1.0);
    return 0;
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    (void)t, (void)T;
    return 1.0 / fact[0];
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->L * in->R1 * in->R1 / (4.0 * (double)in->T * in->h + 2.0);
}

LAB_BOUND(gd_convex_tight) = {
    .base = {.summary = "gap of gradient descent, smooth convex f, attained",
             .formula = "L R1^2/(4 T h + 2) after T updates, h = eta L",
             .reference = "Drori & Teboulle (2014), theorem 3.1",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Gradient descent with exact gradients and a constant step of at most 1/L on a "
        "convex "
        "L-smooth f: f(x_{T+1}) - f* stays below the formula, and reaches it on a Huber "
        "function.",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_PATH}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP | LAB_EXACT_GRADIENTS | LAB_NO_PROJECTION,
    .lag = 1,
    .check = check,
    .bind = bind,
    .prescription = {"eta_t = 1/L", {"L"}, prescribed},
    .rhs = rhs,
};
