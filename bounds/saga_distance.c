/*
 * bounds/saga_distance.c -- distance of SAGA with steps 1/(3L), strongly convex losses.
 *
 * With u_i = grad l_i(phi_i) in the table the proof follows
 *
 *     V = (1/n) sum_i [l_i(phi_i) - l_i(x*) - <grad l_i(x*), phi_i - x*>] + c ‖x - x*‖^2,
 *
 * c = 1/(2 eta (1 - eta mu) n) >= 3L/(2n): a step with eta = 1/(3L) multiplies E V by at most 1
 * - min{1/(4n), mu/(3L)}.  At the start all phi_i = x_1, the sum is f(x_1) - f* since grad
 * f(x*) = 0, and ‖x - x*‖^2 <= V/c gives the formula.  Constants as published; what was
 * re-derived is only what V says at x_1.
 *
 * The proof sums an inequality of every l_i, strongly convex and smooth: mu is theirs, mu_min,
 * not the larger one that f may have.  An L-smooth loss is L'-smooth for every L' > L, so a
 * smaller step is 1/(3L') and is covered.  No projection: grad f(x*) = 0.
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
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "(0,inf)", "their smoothness, 1/(3 eta)"),
    LAB_PARAM(struct inputs, n, LAB_REQUIRED, "[1,inf)", "data points"),
    LAB_PARAM(struct inputs, k, LAB_REQUIRED, "[0,inf)", "updates"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_cap_max(c, 1.0 / 3.0, why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    if (lab_take(&c->facts->mu_min, "mu_min", &in->mu, measured, why) ||
        lab_take(&c->facts->L_max, "L_max", &in->L, measured, why))
        return -1;
    in->L = fmax(in->L, 1.0 / (3.0 * c->eta.eta[0])); /* the larger by rounding */
    return 0;
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    (void)t, (void)T;
    return 1.0 / (3.0 * fact[0]);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double n = (double)in->n, R1 = in->R1;
    const double rate = fmin(0.25 / n, in->mu / (3.0 * in->L));
    return pow(1.0 - rate, (double)in->k) *
           (R1 * R1 + 2.0 * n * in->gap1 / (3.0 * in->L));
}

LAB_BOUND(saga_distance) = {
    .base = {.summary = "distance of SAGA to x*, steps 1/(3 L)",
             .formula = "(1 - min{1/(4n), mu/(3L)})^k (R1^2 + 2n (f(x_1) - f*)/(3L))",
             .reference = "Defazio, Bach & Lacoste-Julien (2014), section 2; constants "
                          "recalled",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Every sampled loss mu-strongly convex and L-smooth, eta = 1/(3 L), a table of "
        "gradients at x_1: after k updates E‖x - x*‖^2 stays below the formula.  For a "
        "smaller constant step L is 1/(3 eta).",
    .method = "saga",
    .limits = {{LAB_DIST2, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_STRONG_LOSSES | LAB_CONSTANT_STEP | LAB_FINITE_SUM |
               LAB_NO_PROJECTION | LAB_UNIFORM,
    .lag = 1,
    .check = check,
    .binds = "mu|L",
    .bind = bind,
    .prescription = {"eta_t = 1/(3 L_max)", {"L_max"}, prescribed},
    .rhs = rhs,
};
