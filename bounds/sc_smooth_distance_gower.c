/*
 * bounds/sc_smooth_distance_gower.c -- distance to x* of SGD, f strongly convex, noise at x*.
 *
 * As bounds/smooth_gradient_noise_avg.c E‖g‖^2 <= 4 Lmax (f(x) - f*) + 2 sigma2_star, projected
 * or not.  Strong convexity, <grad f(x), x - x*> >= f(x) - f* + (mu/2) d^2, gives
 *
 *     E d_{t+1}^2 <= (1 - eta mu) d_t^2 - 2 eta (1 - 2 eta Lmax)(f(x_t) - f*)
 *                    + 2 eta^2 sigma2_star,
 *
 * whose middle term is not positive if eta <= 1/(2 Lmax); the geometric sum of the last one is
 * at most 2 eta sigma2_star/mu.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, mu, sigma2_star, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)", "strong convexity of f"),
    LAB_PARAM(struct inputs, sigma2_star, LAB_REQUIRED, "[0,inf)", "E‖g‖^2 at x*"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)",
              "the constant step, <= 1/(2 Lmax)"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    const struct lab_fact *L_max = &c->facts->L_max;
    if (L_max->status == LAB_UNKNOWN) /* no input of the formula, so not found missing */
        return lab_fail(why, "L_max is not known: %s", L_max->source);
    return lab_step_cap(c, 0.5 / L_max->value, false, "1/(2 L_max)", why);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return pow(1.0 - in->eta * in->mu, (double)in->T) * in->R1 * in->R1 +
           2.0 * in->eta * in->sigma2_star / in->mu;
}

LAB_BOUND(sc_smooth_distance_gower) = {
    .base = {.summary = "E‖x - x*‖^2 of SGD, f strongly convex, smooth convex losses",
             .formula = "(1 - eta mu)^T R1^2 + 2 eta sigma2_star/mu",
             .reference = "Gower et al. (2019), SGD: general analysis [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD with a constant step eta <= 1/(2 Lmax), projected or not, every sampled "
        "loss convex and Lmax-smooth, f mu-strongly convex: E‖x_{T+1} - x*‖^2 after T "
        "steps stays below the formula.",
    .method = "sgd",
    .limits = {{LAB_DIST2, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_STRONGLY_CONVEX | LAB_CONSTANT_STEP,
    .lag = 1,
    .check = check,
    .rhs = rhs,
};
