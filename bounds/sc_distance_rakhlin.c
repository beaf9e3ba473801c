/*
 * bounds/sc_distance_rakhlin.c -- E‖x - x*‖^2 of SGD on a strongly convex f, steps 1/(mu t).
 *
 * With D_t = E‖x_t - x*‖^2: grad f(x_t) is the mean of g_t, so ‖grad f‖ <= G, and
 * mu ‖x_t - x*‖^2 <= <grad f(x_t), x_t - x*> <= G ‖x_t - x*‖ gives D_t <= G^2/mu^2 for all t: the
 * claim D_t <= 4 G^2/(mu^2 t) for t <= 4.  Further,
 *
 *     D_{t+1} <= D_t - 2 eta_t E<g_t, x_t - x*> + eta_t^2 G^2 <= (1 - 2/t) D_t + G^2/(mu t)^2,
 *
 * so if the claim holds at t >= 2, D_{t+1} <= (G/mu)^2 (4/t - 7/t^2) <= 4 (G/mu)^2/(t+1), as
 * 4/t - 4/(t+1) = 4/(t(t+1)) <= 7/t^2.
 *
 * Steps c/t with c > 1/mu are those for mu' = 1/c < mu: the formula with mu'.
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
    return 4.0 * in->G * in->G / (in->mu * in->mu * (double)in->T);
}

LAB_BOUND(sc_distance_rakhlin) = {
    .base = {.summary = "squared distance of SGD on strongly convex f, steps 1/(mu t)",
             .formula = "4 G^2/(mu^2 T)",
             .reference = "Rakhlin, Shamir & Sridharan (2012), lemma 1",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement = "f strongly convex, E‖g‖^2 <= G^2 over the domain, eta_t = 1/(mu t): "
                 "E‖x_T - x*‖^2 "
                 "stays below the formula.  For larger steps c/t mu is 1/c.",
    .method = "sgd",
    .limits = {{LAB_DIST2, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_STRONGLY_CONVEX,
    .check = check,
    .bind = bind,
    .prescription = {"eta_t = 1/(mu t)", {"mu"}, prescribed},
    .rhs = rhs,
};
