/*
 * bounds/sps_max_convex.c -- average gap of the bounded stochastic Polyak step size, c = 1.
 *
 * gamma = min((l(x) - low)/‖g‖^2, gamma_b), low = inf l over R^d, l the sampled loss.  Then
 * gamma^2 ‖g‖^2 <= gamma (l(x) - low), and convexity of l gives
 *
 *     ‖x+ - x*‖^2 <= ‖x - x*‖^2 - 2 gamma (l(x) - l(x*)) + gamma (l(x) - low)
 *                  = ‖x - x*‖^2 - gamma (l(x) - low) + 2 gamma (l(x*) - low).
 *
 * ‖g‖^2 <= 2 Lmax (l(x) - low) makes gamma >= a = min(1/(2 Lmax), gamma_b); gamma <= gamma_b,
 * and both brackets are >= 0.  In the mean, with s2 = E[l(x*) - low], the first is f(x) - f* +
 * s2:
 *
 *     E‖x+ - x*‖^2 <= E‖x - x*‖^2 - a E[f(x) - f*] + (2 gamma_b - a) s2.
 *
 * Sum, divide by a T.  Jensen: f at the mean iterate.  A `low` below the infimum only makes s2
 * and the formula larger.  Lmax is that on all of R^d: no projection.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, Lmax, gamma_b, sigma2_f;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, Lmax, LAB_REQUIRED, "(0,inf)", "smoothness of losses"),
    LAB_PARAM(struct inputs, gamma_b, LAB_REQUIRED, "(0,inf)", "greatest step"),
    LAB_PARAM(struct inputs, sigma2_f, LAB_REQUIRED, "[0,inf)",
              "E[l(x*; xi) - inf l(.; xi)]"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    if (lab_option(c, "c") != 1.0)
        return lab_fail(why, "needs c = 1, but here it is %.6g", lab_option(c, "c"));
    return lab_check_ones(c, why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    (void)measured, (void)why;
    in->gamma_b = lab_option(c, "gamma_b");
    in->sigma2_f = lab_excess_at_star(c); /* R1 is known, so x* is */
    return 0;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double a = fmin(0.5 / in->Lmax, in->gamma_b);
    return in->R1 * in->R1 / (a * (double)in->T) +
           (2.0 * in->gamma_b - a) * in->sigma2_f / a;
}

LAB_BOUND(sps_max_convex) = {
    .base = {.summary = "average gap of SPS_max with c = 1",
             .formula = "R1^2/(a T) + (2 gamma_b - a) sigma2_f/a,\n"
                        "a = min(1/(2 Lmax), gamma_b), sigma2_f = E[l(x*) - inf l]",
             .reference =
                 "Loizou, Vaswani, Laradji & Lacoste-Julien (2021), theorem 3.4, "
                 "2 gamma_b - a sharper than 2 gamma_b [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Sampled losses convex and Lmax-smooth with known infima, the bounded stochastic "
        "Polyak step size with c = 1: the average of E f(x_t) - f* over t <= T and E f - "
        "f* at the mean iterate stay below the formula; where one x minimises all "
        "losses sigma2_f = 0.",
    .method = "sps_max",
    .limits = {{LAB_AVG_GAP, LAB_EXPECTATION}, {LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_FINITE_SUM | LAB_NO_PROJECTION | LAB_UNIFORM,
    .check = check,
    .bind = bind,
    .rhs = rhs,
};
