/*
 * bounds/lsvrg_distance.c -- distance of loopless SVRG, smooth losses, strongly convex f.
 *
 * Let D = (1/n) sum_i ‖grad l_i(w) - grad l_i(x*)‖^2 and g the direction, E g = grad f(x).  As
 * in bounds/svrg_value.c, E‖g‖^2 <= 4L (f(x) - f*) + 2D, and strong convexity of f gives
 *
 *     E‖x+ - x*‖^2 <= (1 - eta mu) ‖x - x*‖^2 - 2 eta (1 - 2 L eta) (f(x) - f*) + 2 eta^2 D.
 *
 * The snapshot moves to x with probability p: E D+ <= (1 - p) D + 2 p L (f(x) - f*).  For
 * V = ‖x - x*‖^2 + (4 eta^2/p) D the terms are, of D, 2 eta^2 + (1 - p) 4 eta^2/p =
 * (1 - p/2) 4 eta^2/p, and of f - f* the factor -2 eta + 12 L eta^2 <= 0 for eta <= 1/(6L):
 *
 *     E V+ <= (1 - min{eta mu, p/2}) V.
 *
 * At the start w = x_1: V = R1^2 + 4 eta^2 sigw0/p.  Mini-batches, means of losses, have E‖g‖^2
 * bounded by the same.  No projection: grad f(x*) = 0, and smoothness is that on all of R^d.
 */
#include <stdlib.h>

#include "lab/plugin.h"

struct inputs {
    double R1, sigw0, mu, eta, p;
    size_t k;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, sigw0, LAB_REQUIRED, "[0,inf)",
              "mean ‖grad l_i(x_1) - grad l_i(x*)‖^2"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)", "strong convexity of f"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step"),
    LAB_PARAM(struct inputs, p, LAB_REQUIRED, "(0,1]", "probability of a new snapshot"),
    LAB_PARAM(struct inputs, k, LAB_REQUIRED, "[0,inf)", "updates"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_cap_max(c, 1.0 / 6.0, why);
}

/* mean_i ‖grad l_i(x_1) - grad l_i(x*)‖^2 */
static double distance_of_gradients(const struct lab_course *c)
{
    const struct lab_facts *f = c->facts;
    double *g = lab_alloc(2 * f->d, sizeof *g), *h = g + f->d, sum = 0.0, loss;
    for (uint32_t i = 0; i < f->n; i++) {
        const struct lab_sample sample = {.batch = 1, .index = &i, .known = 1};
        c->oracle->gradient(c->oracle_self, &sample, 1, f->x1, g, &loss);
        c->oracle->gradient(c->oracle_self, &sample, 1, f->minimiser, h, &loss);
        for (size_t j = 0; j < f->d; j++)
            sum += (g[j] - h[j]) * (g[j] - h[j]);
    }
    free(g);
    return sum / (double)f->n;
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    const double p = lab_option(c, "p");
    (void)measured;
    in->p = p > 0.0 ? p : 1.0 / (double)c->facts->n;
    in->sigw0 = distance_of_gradients(c); /* R1 is known, so x* is */
    return isfinite(in->sigw0) ? 0 : lab_fail(why, "gradients at x_1 have no finite sum");
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    (void)t, (void)T;
    return 1.0 / (6.0 * fact[0]);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double rate = fmin(in->mu * in->eta, 0.5 * in->p);
    return pow(1.0 - rate, (double)in->k) *
           (in->R1 * in->R1 + 4.0 * in->eta * in->eta * in->sigw0 / in->p);
}

LAB_BOUND(lsvrg_distance) = {
    .base = {.summary = "distance of loopless SVRG to x*, strongly convex f",
             .formula = "(1 - min{mu eta, p/2})^k (R1^2 + 4 eta^2 sigw0/p),\n"
                        "sigw0 = (1/n) sum_i ‖grad l_i(x_1) - grad l_i(x*)‖^2",
             .reference = "Kovalev, Horvath & Richtarik (2020), theorem 5 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Sampled losses convex and L-smooth, f mu-strongly convex, a constant step of at "
        "most 1/(6 L), a new snapshot with probability p: after k updates E‖x - x*‖^2 "
        "stays below the formula.",
    .method = "lsvrg",
    .limits = {{LAB_DIST2, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_STRONGLY_CONVEX | LAB_CONSTANT_STEP | LAB_FINITE_SUM |
               LAB_NO_PROJECTION | LAB_UNIFORM,
    .lag = 1,
    .check = check,
    .bind = bind,
    .prescription = {"eta_t = 1/(6 L_max)", {"L_max"}, prescribed},
    .rhs = rhs,
};
