/*
 * bounds/ogm_last.c -- the optimized gradient method: the best constant there is.
 *
 * OGM with N updates, theta_0 = 1, theta_{i+1} = (1 + sqrt(1 + 4 theta_i^2))/2, but 8
 * instead of 4 in theta_N, on a convex L-smooth f with exact gradients:
 *
 *     f(x_N) - f* <= L R1^2/(2 theta_N^2),
 *
 * attained by L x^2/2.  Constants recalled; they were checked numerically, and that
 * parabola has ratio 1 (tests/test_bounds_methods.c).  x_0, ..., x_N of the paper are x_1,
 * ..., x_T here: N = T - 1, and only row T is spoken of, since theta_N is made for it.  A
 * step eta < 1/L is the one for L = 1/eta.  x_t may leave a domain: there is none.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, L;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "[0,inf)", "smoothness; 1/eta in a run"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "updates N"),
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
    (void)measured, (void)why;
    in->L = 1.0 / c->eta.eta[0];
    return 0;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    double theta = 1.0;
    for (size_t i = 1; i <= in->T; i++) {
        const double factor = i == in->T ? 8.0 : 4.0;
        theta = 0.5 * (1.0 + sqrt(1.0 + factor * theta * theta));
    }
    return in->L * in->R1 * in->R1 / (2.0 * theta * theta);
}

LAB_BOUND(ogm_last) = {
    .base = {.summary = "gap of the optimized gradient method at its horizon",
             .formula = "L R1^2/(2 theta_T^2) after T updates, theta_0 = 1,\n"
                        "theta_i = (1 + sqrt(1 + 4 theta_{i-1}^2))/2; 8 instead of 4 in "
                        "theta_T",
             .reference = "Kim & Fessler (2016), theorem 2 (constants recalled)",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "OGM with exact gradients, no domain and a constant step of at most 1/L on a "
        "convex L-smooth f: at the last row f(x_{T+1}) - f* after T updates stays "
        "below the formula.  For a smaller step L is 1/eta.",
    .method = "ogm",
    .limits = {{LAB_GAP, LAB_PATH}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP | LAB_EXACT_GRADIENTS | LAB_NO_PROJECTION |
               LAB_FOR_HORIZON,
    .lag = 1,
    .check = check,
    .bind = bind,
    .rhs = rhs,
};
