/*
 * bounds/rr_sc_components.c -- distance of SGD that goes through permutations, strongly convex
 * losses.
 *
 * Within an epoch x_0, ..., x_n compare with y_0 = x*, y_{i+1} = y_i - gamma grad l_i(x*), l_i
 * the loss of step i; y_n = x*, since the gradients at x* sum up to 0.  With the Bregman
 * distances B_i of l_i, <grad l_i(x_i) - grad l_i(x*), x_i - y_i> = B_i(y_i, x_i) + B_i(x_i,
 * x*) - B_i(y_i, x*), of which B_i(y_i, x_i) >= (mu/2) ‖x_i - y_i‖^2 and ‖grad l_i(x_i) - grad
 * l_i(x*)‖^2 <= 2L B_i(x_i, x*).  So, for gamma <= 1/L,
 *
 *     ‖x_{i+1} - y_{i+1}‖^2 <= (1 - gamma mu) ‖x_i - y_i‖^2 + 2 gamma B_i(y_i, x*),
 *
 * on every path.  B_i(y_i, x*) <= (L/2) ‖y_i - x*‖^2, and a sum of i gradients at x*, drawn
 * without replacement from n >= 2 that sum up to 0, has E‖.‖^2 = i (n-i)/(n-1) sigma*^2 <=
 * (n/2) sigma*^2: at most gamma^2 L n sigma*^2/4.  The geometric sum of 2 gamma times that is
 * the second term.
 *
 * Only the law of one permutation matters, not what the epochs have to do with each other: a
 * new one for each epoch or the same again and again.  A fixed order is not random, and samples
 * drawn with replacement have a noise of order gamma, not gamma^2.  mu is mu_min, that of each
 * loss; L is L_max.  No projection: it would tell the x_i from the y_i.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, mu, L, sigma2_star, gamma;
    size_t n, T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)", "convexity of sampled losses"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "[0,inf)", "their smoothness"),
    LAB_PARAM(struct inputs, sigma2_star, LAB_REQUIRED, "[0,inf)", "E‖g‖^2 at x*"),
    LAB_PARAM(struct inputs, n, LAB_REQUIRED, "[1,inf)", "steps of an epoch"),
    LAB_PARAM(struct inputs, gamma, LAB_REQUIRED, "(0,inf)", "the constant step eta"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[0,inf)", "epochs"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_cap_max(c, 1.0, why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    in->gamma = c->eta.eta[0];
    return lab_take(&c->facts->mu_min, "mu_min", &in->mu, measured, why) ||
                   lab_take(&c->facts->L_max, "L_max", &in->L, measured, why)
               ? -1
               : 0;
}

static size_t period(const void *inputs)
{
    return ((const struct inputs *)inputs)->n;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double n = (double)in->n, gamma = in->gamma;
    return pow(1.0 - gamma * in->mu, n * (double)in->T) * in->R1 * in->R1 +
           gamma * gamma * in->L * n * in->sigma2_star / (2.0 * in->mu);
}

LAB_BOUND(rr_sc_components) = {
    .base = {.summary = "distance of reshuffled SGD to x*, strongly convex losses",
             .formula = "(1 - gamma mu)^(n T) R1^2 + gamma^2 L n sigma2_star/(2 mu)",
             .reference = "Mishchenko, Khaled & Richtarik (2020), theorem 1 and "
                          "proposition 1 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Every sampled loss mu-strongly convex and L-smooth, a constant step of at most "
        "1/L, points one by one in the order of random permutations (reshuffle or "
        "shuffle_once): after T epochs E‖x - x*‖^2 stays below the formula.",
    .method = "sgd",
    .limits = {{LAB_DIST2, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_STRONG_LOSSES | LAB_CONSTANT_STEP | LAB_FINITE_SUM |
               LAB_NO_PROJECTION | LAB_RESHUFFLED,
    .period = period,
    .check = check,
    .binds = "mu|L",
    .bind = bind,
    .rhs = rhs,
};
