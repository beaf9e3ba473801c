/*
 * bounds/sc_distance_lacoste_julien.c -- E‖x - x*‖^2 of SGD, strongly convex f.
 *
 * As in bounds/sc_inv_t_avg.c, with F_t = E f(x_t) and D_t = E‖x_t - x*‖^2, but
 * eta_t = 2/(mu (t+1)):
 *
 *     F_t - f* <= (mu/4) [(t-1) D_t - (t+1) D_{t+1}] + G^2/(mu (t+1)).
 *
 * F_t >= f*, so times t, (mu/4) [t (t+1) D_{t+1} - (t-1) t D_t] <= G^2 t/(mu (t+1)) <= G^2/mu.
 * Summed over t <= T: D_{T+1} <= 4 G^2/(mu^2 (T+1)).  It speaks of x_{T+1}, so row t, which speaks
 * of x_t, is T = t - 1.
 *
 * Steps c/(t+1) with c > 2/mu are those for mu' = 2/c < mu: the formula with mu'.
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
    return 2.0 / ((double)t + 1.0);
}

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_shape(c, shape, "eta_t = c/(t + 1)", why);
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
    return 4.0 * in->G * in->G / (in->mu * in->mu * ((double)in->T + 1.0));
}

LAB_BOUND(sc_distance_lacoste_julien) = {
    .base = {.summary =
                 "squared distance of SGD on strongly convex f, steps 2/(mu (t+1))",
             .formula = "4 G^2/(mu^2 (T + 1)) after T updates",
             .reference = "Lacoste-Julien, Schmidt & Bach (2012), section 3.2",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "f strongly convex, E‖g‖^2 <= G^2 over the domain, eta_t = 2/(mu (t + 1)): "
        "E‖x_{T+1} - x*‖^2 stays below the formula.  For larger steps c/(t + 1) mu is "
        "2/c.",
    .method = "sgd",
    .limits = {{LAB_DIST2, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_STRONGLY_CONVEX,
    .lag = 1,
    .check = check,
    .bind = bind,
    .prescription = {"eta_t = 2/(mu (t + 1))", {"mu"}, prescribed},
    .rhs = rhs,
};
