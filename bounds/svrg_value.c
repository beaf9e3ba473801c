/*
 * bounds/svrg_value.c -- gap of SVRG at its snapshots, smooth losses, strongly convex f.
 *
 * Of a convex L-smooth F with the expectation f, grad f(x*) = 0,
 *
 *     E‖grad F(x) - grad F(x*)‖^2 <= 2 L (f(x) - f*),                                     (1)
 *
 * so that the direction v = g - g(w) + grad f(w), with the mean grad f(x), has E‖v‖^2 <=
 * 2 E‖g - g*‖^2 + 2 E‖g(w) - g* - grad f(w)‖^2 <= 4 L [f(x) - f* + f(w) - f*].  One step:
 *
 *     E‖x+ - x*‖^2 <= ‖x - x*‖^2 - 2 eta (1 - 2 L eta) (f(x) - f*) + 4 L eta^2 (f(w) - f*).
 *
 * Summed over the m steps of an epoch, which starts at w, the next snapshot w' being one of the
 * x_0..x_{m-1} at random,
 *
 *     2 eta (1 - 2 L eta) m E[f(w') - f*] <= ‖w - x*‖^2 + 4 L m eta^2 (f(w) - f*),
 *
 * and ‖w - x*‖^2 <= (2/mu)(f(w) - f*).  Divide: a factor of rho an epoch.  Of mini-batches F is
 * the mean, which is convex and L-smooth too; with importance sampling F = w_i l_i, L = max w_i
 * L_i. (1) needs smoothness on all of R^d and x* unconstrained: no projection.
 */
#include <string.h>

#include "lab/plugin.h"

struct inputs {
    double gap1, mu, L, eta;
    size_t m, s;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, gap1, LAB_REQUIRED, "[0,inf)", "f(x_1) - f*"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)", "strong convexity of f"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "[0,inf)", "smoothness of sampled losses"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step"),
    LAB_PARAM(struct inputs, m, LAB_REQUIRED, "[1,inf)", "steps of an epoch"),
    LAB_PARAM(struct inputs, s, LAB_REQUIRED, "[0,inf)", "epochs"),
    LAB_PARAM_END,
};

static double factor(const struct inputs *in)
{
    const double rest = 1.0 - 2.0 * in->L * in->eta;
    return 1.0 / (in->mu * in->eta * rest * (double)in->m) + 2.0 * in->L * in->eta / rest;
}

/* Is rho < 1? */
static int contracts(const void *inputs, struct lab_error *err)
{
    const struct inputs *in = inputs;
    if (!(2.0 * in->L * in->eta < 1.0))
        return lab_fail(err, "eta = %.6g is not below 1/(2 L) = %.6g, L that of losses",
                        in->eta, 0.5 / in->L);
    const double rho = factor(in);
    if (!(rho < 1.0))
        return lab_fail(
            err,
            "rho = %.4g is not below 1: epochs of m = %zu steps are too short "
            "or eta = %.6g is too large",
            rho, in->m, in->eta);
    return 0;
}

static int check(const struct lab_course *c, struct lab_error *why)
{
    if (strcmp(lab_option_word(c, "snapshot"), "random") != 0)
        return lab_fail(why,
                        "is about snapshots drawn from the steps of an epoch: snapshot = "
                        "\"random\"");
    return 0;
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    const size_t inner = (size_t)lab_option(c, "inner");
    in->m = inner ? inner : 2 * c->facts->n;
    if (lab_take(&c->facts->L_max, "L_max", &in->L, measured, why))
        return -1;
    return contracts(inputs, why);
}

static size_t period(const void *inputs)
{
    return ((const struct inputs *)inputs)->m;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return pow(factor(in), (double)in->s) * in->gap1;
}

LAB_BOUND(svrg_value) = {
    .base = {.summary = "gap of SVRG at its snapshots, strongly convex f",
             .formula = "rho^s (f(x_1) - f*),\n"
                        "rho = 1/(mu eta (1 - 2 L eta) m) + 2 L eta/(1 - 2 L eta) < 1",
             .reference = "Johnson & Zhang (2013), theorem 1 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Sampled losses convex and L-smooth, f mu-strongly convex, a constant step below "
        "1/(2 L), snapshots drawn from the m steps of an epoch: E f(w_s) - f* at the "
        "snapshot after s epochs stays below the formula.  It is x_t at t = 1 + s m.",
    .method = "svrg",
    .limits = {{LAB_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_STRONGLY_CONVEX | LAB_CONSTANT_STEP | LAB_FINITE_SUM |
               LAB_NO_PROJECTION,
    .period = period,
    .check = check,
    .horizon = "s",
    .binds = "L",
    .bind = bind,
    .inputs = contracts,
    .rhs = rhs,
};
