/*
 * bounds/saga_distance_mu.c -- distance of SAGA with steps 1/(2 (mu n + L)).
 *
 * The same Lyapunov function as in bounds/saga_distance.c; with eta = 1/(2 (mu n + L)) and
 * c = 1/(2 eta (1 - eta mu) n) a step multiplies its mean by at most 1 - eta mu, and 1/c <=
 * n/(mu n + L) = 2 eta n turns it into the distance.  Constants as published.
 *
 * Every sampled loss is mu-strongly convex and L-smooth.  It is so for every mu' <= mu and L'
 * >= L too, so that a given constant step eta < 1/(2L) is covered by any pair with mu' n + L' =
 * 1/(2 eta); the rate mu' eta is best for the largest mu' = min(mu, (1/(2 eta) - L)/n).
 */
#include "lab/plugin.h"

struct inputs {
    double R1, gap1, mu, L;
    size_t n, k;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, gap1, LAB_REQUIRED, "[0,inf)", "f(x_1) - f*"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)", "convexity of sampled losses"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "[0,inf)", "their smoothness"),
    LAB_PARAM(struct inputs, n, LAB_REQUIRED, "[1,inf)", "data points"),
    LAB_PARAM(struct inputs, k, LAB_REQUIRED, "[0,inf)", "updates"),
    LAB_PARAM_END,
};

/* mu' and L' of the step. */
static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    const double eta = c->eta.eta[0], sum = 0.5 / eta, n = (double)in->n;
    if (lab_take(&c->facts->mu_min, "mu_min", &in->mu, measured, why) ||
        lab_take(&c->facts->L_max, "L_max", &in->L, measured, why))
        return -1;
    if (!(sum > in->L))
        return lab_fail(why, "eta = %.6g is not below 1/(2 L_max) = %.6g", eta,
                        0.5 / in->L);
    in->mu = fmin(in->mu, (sum - in->L) / n);
    in->L = sum - in->mu * n;
    return 0;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double n = (double)in->n, sum = in->mu * n + in->L;
    return pow(1.0 - in->mu / (2.0 * sum), (double)in->k) *
           (in->R1 * in->R1 + n * in->gap1 / sum);
}

LAB_BOUND(saga_distance_mu) = {
    .base = {.summary = "distance of SAGA to x*, steps 1/(2 (mu n + L))",
             .formula = "(1 - mu/(2 (mu n + L)))^k (R1^2 + n (f(x_1) - f*)/(mu n + L))",
             .reference = "Defazio, Bach & Lacoste-Julien (2014), corollary 1; constants "
                          "recalled",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Every sampled loss mu-strongly convex and L-smooth, eta = 1/(2 (mu n + L)), a "
        "table of gradients at x_1: after k updates E‖x - x*‖^2 stays below the "
        "formula.  Of another constant step below 1/(2 L_max), mu n + L is 1/(2 eta), "
        "with the largest mu and the least L that fit.",
    .method = "saga",
    .limits = {{LAB_DIST2, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_STRONG_LOSSES | LAB_CONSTANT_STEP | LAB_FINITE_SUM |
               LAB_NO_PROJECTION | LAB_UNIFORM,
    .lag = 1,
    .binds = "mu|L",
    .bind = bind,
    .rhs = rhs,
};
