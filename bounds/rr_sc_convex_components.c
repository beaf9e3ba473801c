/*
 * bounds/rr_sc_convex_components.c -- distance of SGD that goes through permutations, strongly
 * convex f.
 *
 * bounds/rr_convex.c derives for one epoch, from x to x+, and gamma <= 1/(sqrt(2) L n)
 *
 *     E‖x+ - x*‖^2 <= E‖x - x*‖^2 - 2 gamma n E[f(x+) - f*] + gamma^3 L n^2 sigma*^2/2.
 *
 * f(x+) - f* >= (mu/2) ‖x+ - x*‖^2: with z = gamma mu n < 1 the left side gets the factor 1 +
 * z, and 1/(1 + z) <= 1 - z/2.  The last terms sum up to at most gamma^3 L n^2 sigma*^2/2 times
 * 2/z = gamma^2 L n sigma*^2/mu, as published; with 1/(1 + z) itself to half of that.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, mu, L, sigma2_star, gamma;
    size_t n, T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)", "strong convexity of f"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "[0,inf)", "smoothness of sampled losses"),
    LAB_PARAM(struct inputs, sigma2_star, LAB_REQUIRED, "[0,inf)", "E‖g‖^2 at x*"),
    LAB_PARAM(struct inputs, n, LAB_REQUIRED, "[1,inf)", "steps of an epoch"),
    LAB_PARAM(struct inputs, gamma, LAB_REQUIRED, "(0,inf)", "the constant step eta"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[0,inf)", "epochs"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_cap_max(c, M_SQRT1_2 / (double)c->facts->n, why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    in->gamma = c->eta.eta[0];
    return lab_take(&c->facts->L_max, "L_max", &in->L, measured, why);
}

static size_t period(const void *inputs)
{
    return ((const struct inputs *)inputs)->n;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double n = (double)in->n, gamma = in->gamma;
    return pow(1.0 - 0.5 * gamma * in->mu * n, (double)in->T) * in->R1 * in->R1 +
           gamma * gamma * in->L * n * in->sigma2_star / in->mu;
}

LAB_BOUND(rr_sc_convex_components) = {
    .base = {.summary = "distance of reshuffled SGD to x*, strongly convex f",
             .formula = "(1 - gamma mu n/2)^T R1^2 + gamma^2 L n sigma2_star/mu",
             .reference = "Mishchenko, Khaled & Richtarik (2020), theorem 2 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Sampled losses convex and L-smooth, f mu-strongly convex, a constant step of at "
        "most 1/(sqrt(2) L n), points one by one in the order of random permutations "
        "(reshuffle or shuffle_once): after T epochs E‖x - x*‖^2 stays below the "
        "formula.",
    .method = "sgd",
    .limits = {{LAB_DIST2, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_STRONGLY_CONVEX | LAB_CONSTANT_STEP | LAB_FINITE_SUM |
               LAB_NO_PROJECTION | LAB_RESHUFFLED,
    .period = period,
    .check = check,
    .binds = "L",
    .bind = bind,
    .rhs = rhs,
};
