/*
 * bounds/sc_inv_t_avg_log.c -- sc_inv_t_avg with a logarithm for the harmonic number.
 *
 * bounds/sc_inv_t_avg.c has G^2 H_T/(2 mu T) for eta_t = 1/(mu t), and
 * H_T = 1 + sum_{t=2}^T 1/t <= 1 + integral from 1 to T of 1/s ds = 1 + log T.  The form in which
 * the bound is usually stated; a few percent larger.  Steps c/t with c >= 1/mu: as there.
 */
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
    const double T = (double)in->T;
    return in->G * in->G * (1.0 + log(T)) / (2.0 * in->mu * T);
}

LAB_BOUND(sc_inv_t_avg_log) = {
    .base = {.summary = "sc_inv_t_avg with 1 + log T for the harmonic number",
             .formula = "G^2 (1 + log T)/(2 mu T)",
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
