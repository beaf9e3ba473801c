/*
 * bounds/sc_smooth_distance_needell.c -- distance to x* of SGD, steps up to 1/Lmax.
 *
 * Every sampled loss is convex and Lmax-smooth, so its gradient is co-coercive; in expectation,
 * since <grad f(x*), x - x*> >= 0 also where x* is a minimum over a domain only,
 *
 *     E‖g - g at x*‖^2 <= Lmax <grad f(x) - grad f(x*), x - x*> <= Lmax <grad f(x), x - x*>,
 *
 * hence E‖g‖^2 <= 2 Lmax <grad f(x), x - x*> + 2 sigma2_star.  A projection does not increase the
 * distance; with q = 1 - eta Lmax > 0 and <grad f(x), x - x*> >= mu d^2
 *
 *     E d_{t+1}^2 <= d_t^2 - 2 eta q <grad f(x_t), x_t - x*> + 2 eta^2 sigma2_star
 *                 <= (1 - 2 eta mu q) d_t^2 + 2 eta^2 sigma2_star.
 *
 * The geometric sum of the last term is at most eta sigma2_star/(mu q).
 */
#include "lab/plugin.h"

struct inputs {
    double R1, mu, Lmax, sigma2_star, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)", "strong convexity of f"),
    LAB_PARAM(struct inputs, Lmax, LAB_REQUIRED, "[0,inf)",
              "largest smoothness of a sampled loss"),
    LAB_PARAM(struct inputs, sigma2_star, LAB_REQUIRED, "[0,inf)", "E‖g‖^2 at x*"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step, < 1/Lmax"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_step_cap(c, 1.0 / c->facts->L_max.value, true, "1/L_max", why);
}

static int fit(const void *inputs, struct lab_error *err)
{
    const struct inputs *in = inputs;
    return in->eta * in->Lmax < 1.0 ? 0
                                    : lab_fail(err, "eta = %g is not below 1/Lmax = %g",
                                               in->eta, 1.0 / in->Lmax);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double q = 1.0 - in->eta * in->Lmax;
    return pow(1.0 - 2.0 * in->eta * in->mu * q, (double)in->T) * in->R1 * in->R1 +
           in->eta * in->sigma2_star / (in->mu * q);
}

LAB_BOUND(sc_smooth_distance_needell) = {
    .base = {.summary = "E‖x - x*‖^2 of SGD, f strongly convex, steps up to 1/Lmax",
             .formula = "(1 - 2 eta mu q)^T R1^2 + eta sigma2_star/(mu q),\n"
                        "q = 1 - eta Lmax",
             .reference = "Needell, Ward & Srebro (2014), theorem 2.1 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD with a constant step eta < 1/Lmax, projected or not, every sampled loss "
        "convex and Lmax-smooth, f mu-strongly convex: E‖x_{T+1} - x*‖^2 after T steps "
        "stays below the formula.",
    .method = "sgd",
    .limits = {{LAB_DIST2, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_STRONGLY_CONVEX | LAB_CONSTANT_STEP,
    .lag = 1,
    .check = check,
    .inputs = fit,
    .rhs = rhs,
};
