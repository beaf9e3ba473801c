/*
 * bounds/sc_bounded_variance_distance.c -- distance to x* of SGD, noise of bounded variance.
 *
 * f mu-strongly convex and L-smooth, eta <= 2/(mu + L): x -> x - eta grad f(x) shrinks distances
 * by 1 - eta mu, since its derivative has eigenvalues in [1 - eta L, 1 - eta mu].  x* is a fixed
 * point of x -> P(x - eta grad f(x)), constrained or not, and P does not increase distances, so
 * with noise z = g - grad f, E z = 0, E‖z‖^2 <= sigma2,
 *
 *     E d_{t+1}^2 <= E‖x_t - x* - eta (grad f(x_t) - grad f(x*)) - eta z_t‖^2
 *                 <= a d_t^2 + eta^2 sigma2,    a = (1 - eta mu)^2.
 *
 * An equality where L = mu and there is no domain.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, mu, sigma2, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)", "strong convexity of f"),
    LAB_PARAM(struct inputs, sigma2, LAB_REQUIRED, "[0,inf)", "sup E‖g - grad f‖^2"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)",
              "the constant step, <= 2/(mu + L)"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    const struct lab_fact *L = &c->facts->L, *mu = &c->facts->mu;
    if (L->status == LAB_UNKNOWN) /* no input of the formula, so not found missing */
        return lab_fail(why, "L is not known: %s", L->source);
    return lab_step_cap(c, 2.0 / (mu->value + L->value), false, "2/(mu + L)", why);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double em = in->eta * in->mu, T = (double)in->T;
    const double aT = pow(1.0 - em, 2.0 * T);
    const double lost = em < 1.0 ? -expm1(2.0 * T * log1p(-em)) : 1.0 - aT; /* 1 - a^T */
    return aT * in->R1 * in->R1 +
           in->eta * in->eta * in->sigma2 * lost / (em * (2.0 - em));
}

LAB_BOUND(sc_bounded_variance_distance) = {
    .base = {.summary = "E‖x - x*‖^2 of SGD, strongly convex, noise of bounded variance",
             .formula = "a^T R1^2 + eta^2 sigma2 (1 - a^T)/(1 - a),  a = (1 - eta mu)^2",
             .reference = "derived in bounds/sc_bounded_variance_distance.c [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD with a constant step eta <= 2/(mu + L), projected or not, f mu-strongly "
        "convex and L-smooth, E‖g - grad f‖^2 <= sigma2 wherever iterates may come: "
        "E‖x_{T+1} - x*‖^2 after T steps stays below the formula, and equals it where "
        "f = (mu/2)‖x - x*‖^2 and nothing is projected.",
    .method = "sgd",
    .limits = {{LAB_DIST2, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_STRONGLY_CONVEX | LAB_CONSTANT_STEP,
    .lag = 1,
    .check = check,
    .rhs = rhs,
};
