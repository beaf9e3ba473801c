/*
 * bounds/sc_inv_t_avg.c -- average loss of SGD on a strongly convex f, steps 1/(mu t).
 *
 * With F_t = E f(x_t), D_t = E‖x_t - x*‖^2, E‖g_t‖^2 <= G^2 over the domain C and the projection
 * on C no expansion, E<g_t, x_t - x*> >= F_t - f* + (mu/2) D_t gives
 *
 *     F_t - f* <= (1/(2 eta_t) - mu/2) D_t - D_{t+1}/(2 eta_t) + eta_t G^2/2
 *               = (mu/2) [(t-1) D_t - t D_{t+1}] + G^2/(2 mu t)        for eta_t = 1/(mu t).
 *
 * The bracket telescopes from 0 to -T D_{T+1} <= 0: the average is at most G^2 H_T/(2 mu T) with
 * H_T = 1 + 1/2 + ... + 1/T.  f at the mean iterate is below the average (Jensen).
 *
 * Steps c/t with c > 1/mu are those for mu' = 1/c < mu, and f is mu'-strongly convex: the formula
 * with mu'.  With c < 1/mu the bracket does not telescope.
 */
#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_psi.h>

#include "lab/plugin.h"

struct inputs {
    double G, mu;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^2 <= G^2"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)", "strong convexity of f"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static double shape(size_t t, size_t T)
{
    (void)T;
    return 1.0 / (double)t;
}

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_shape(c, shape, "eta_t = c/t", why);
}

/* The mu that the steps are made for; f is mu'-strongly convex for all mu' <= mu. */
static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    (void)measured;
    struct inputs *in = inputs;
    const double made_for = 1.0 / c->eta.eta[0];
    if (!lab_at_most(made_for, in->mu))
        return lab_fail(why, "needs eta_1 >= 1/mu = %.6g, but eta_1 = %.6g", 1.0 / in->mu,
                        c->eta.eta[0]);
    in->mu = made_for;
    return 0;
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    return shape(t, T) / fact[0];
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double T = (double)in->T, H = gsl_sf_psi(T + 1.0) + M_EULER;
    return in->G * in->G * H / (2.0 * in->mu * T);
}

LAB_BOUND(sc_inv_t_avg) = {
    .base = {.summary = "average loss of SGD on strongly convex f, steps 1/(mu t)",
             .formula = "G^2 (1 + 1/2 + ... + 1/T)/(2 mu T)",
             .reference = "Hazan, Agarwal & Kale (2007), theorem 1",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "f strongly convex, E‖g‖^2 <= G^2 over the domain, eta_t = 1/(mu t): the average "
        "of "
        "E f(x_t) - f* over t <= T and E f at the mean iterate, minus f*, stay below the "
        "formula.  For larger steps c/t mu is 1/c.",
    .method = "sgd",
    .limits = {{LAB_AVG_GAP, LAB_EXPECTATION}, {LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_STRONGLY_CONVEX,
    .check = check,
    .bind = bind,
    .prescription = {"eta_t = 1/(mu t)", {"mu"}, prescribed},
    .rhs = rhs,
};
