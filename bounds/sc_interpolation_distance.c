/*
 * bounds/sc_interpolation_distance.c -- SGD where one x* minimises every sampled loss converges
 * linearly.
 *
 * As bounds/sc_smooth_distance_needell.c, but sampled gradients vanish at x*, so that co-coercivity
 * gives E‖g‖^2 <= Lmax <grad f(x), x - x*> and, for eta <= 1/Lmax, projected or not,
 *
 *     E d_{t+1}^2 <= d_t^2 - eta (2 - eta Lmax) <grad f(x_t), x_t - x*> <= (1 - eta mu) d_t^2.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, mu, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)", "strong convexity of f"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)",
              "the constant step, <= 1/Lmax"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    const struct lab_fact *L_max = &c->facts->L_max;
    if (L_max->status == LAB_UNKNOWN) /* no input of the formula, so not found missing */
        return lab_fail(why, "L_max is not known: %s", L_max->source);
    return lab_step_cap(c, 1.0 / L_max->value, false, "1/L_max", why)
               ? -1
               : lab_needs_interpolation(c, why);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return pow(1.0 - in->eta * in->mu, (double)in->T) * in->R1 * in->R1;
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    (void)t, (void)T;
    return 1.0 / fact[0];
}

LAB_BOUND(sc_interpolation_distance) = {
    .base = {.summary = "E‖x - x*‖^2 of SGD where every sampled loss is least at x*",
             .formula = "(1 - eta mu)^T R1^2",
             .reference = "derived in bounds/sc_interpolation_distance.c [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD with a constant step eta <= 1/Lmax, projected or not, every sampled loss "
        "convex and Lmax-smooth with zero gradient at x* (interpolation), f mu-strongly "
        "convex: E‖x_{T+1} - x*‖^2 falls by 1 - eta mu in every step.",
    .method = "sgd",
    .limits = {{LAB_DIST2, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_STRONGLY_CONVEX | LAB_CONSTANT_STEP,
    .lag = 1,
    .check = check,
    .prescription = {"eta_t = 1/Lmax", {"Lmax"}, prescribed},
    .rhs = rhs,
};
