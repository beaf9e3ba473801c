/*
 * bounds/sps_max_sc_distance.c -- distance of the bounded stochastic Polyak step size, c = 1/2.
 *
 * gamma = min(2 (l(x) - low)/‖g‖^2, gamma_b), low = inf l over R^d.  Now gamma^2 ‖g‖^2 <=
 * 2 gamma (l(x) - low), and a mu-strongly convex l has <g, x - x*> >= l(x) - l(x*) +
 * (mu/2) ‖x - x*‖^2:
 *
 *     ‖x+ - x*‖^2 <= (1 - gamma mu) ‖x - x*‖^2 - 2 gamma (l(x) - l(x*)) + 2 gamma (l(x) - low)
 *                  = (1 - gamma mu) ‖x - x*‖^2 + 2 gamma (l(x*) - low).
 *
 * ‖g‖^2 <= 2 Lmax (l(x) - low) makes gamma >= a = min(1/Lmax, gamma_b), and gamma <= gamma_b.
 * In the mean, s2 = E[l(x*) - low], and summed up:
 *
 *     E‖x_{T+1} - x*‖^2 <= (1 - a mu)^T R1^2 + 2 gamma_b s2/(a mu).
 *
 * gamma depends on the sample, so mu is that of every loss, mu_min, not of f.  A `low` below
 * the infimum only makes s2 and the formula larger.  Lmax is that on all of R^d: no projection.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, mu, Lmax, gamma_b, sigma2_f;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)", "convexity of sampled losses"),
    LAB_PARAM(struct inputs, Lmax, LAB_REQUIRED, "(0,inf)", "smoothness of losses"),
    LAB_PARAM(struct inputs, gamma_b, LAB_REQUIRED, "(0,inf)", "greatest step"),
    LAB_PARAM(struct inputs, sigma2_f, LAB_REQUIRED, "[0,inf)",
              "E[l(x*; xi) - inf l(.; xi)]"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[0,inf)", "updates"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    if (lab_option(c, "c") != 0.5)
        return lab_fail(why, "needs c = 1/2, but here it is %.6g", lab_option(c, "c"));
    return lab_check_ones(c, why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    in->gamma_b = lab_option(c, "gamma_b");
    in->sigma2_f = lab_excess_at_star(c); /* R1 is known, so x* is */
    return lab_take(&c->facts->mu_min, "mu_min", &in->mu, measured, why);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double a = fmin(1.0 / in->Lmax, in->gamma_b);
    return pow(1.0 - a * in->mu, (double)in->T) * in->R1 * in->R1 +
           2.0 * in->gamma_b * in->sigma2_f / (a * in->mu);
}

LAB_BOUND(sps_max_sc_distance) = {
    .base = {.summary = "distance of SPS_max with c = 1/2 to x*",
             .formula = "(1 - a mu)^T R1^2 + 2 gamma_b sigma2_f/(a mu),\n"
                        "a = min(1/Lmax, gamma_b), sigma2_f = E[l(x*) - inf l]",
             .reference = "Loizou, Vaswani, Laradji & Lacoste-Julien (2021), theorem 3.1 "
                          "[re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Every sampled loss mu-strongly convex and Lmax-smooth with a known infimum, the "
        "bounded stochastic Polyak step size with c = 1/2: after T updates E‖x - x*‖^2 "
        "stays below the formula.",
    .method = "sps_max",
    .limits = {{LAB_DIST2, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_STRONG_LOSSES | LAB_FINITE_SUM | LAB_NO_PROJECTION |
               LAB_UNIFORM,
    .lag = 1,
    .check = check,
    .binds = "mu",
    .bind = bind,
    .rhs = rhs,
};
