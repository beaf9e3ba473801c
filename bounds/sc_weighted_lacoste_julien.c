/*
 * bounds/sc_weighted_lacoste_julien.c -- SGD at the (t+1)-weighted mean iterate, strongly convex f.
 *
 * As in bounds/sc_inv_t_avg.c, with F_t = E f(x_t) and D_t = E‖x_t - x*‖^2, but
 * eta_t = 2/(mu (t+1)):
 *
 *     F_t - f* <= (mu/4) [(t-1) D_t - (t+1) D_{t+1}] + G^2/(mu (t+1)).
 *
 * Times t the bracket is (t-1) t D_t - t (t+1) D_{t+1} and telescopes from 0:
 * sum t (F_t - f*) <= T G^2/mu.  Divided by sum t = T(T+1)/2, with Jensen's inequality,
 * f(sum 2 t x_t/(T(T+1))) - f* has mean at most 2 G^2/(mu (T+1)): the published theorem.
 *
 * The metric gap_poly_iterate has the weights t+1.  Times t+1 the bracket is
 * (t^2 - 1) D_t - (t+1)^2 D_{t+1}; summed, D_{t+1} has the factor (t+1)^2 - 1 - (t+1)^2 = -1 and
 * D_1 the factor 0, so sum (t+1)(F_t - f*) <= T G^2/mu.  The weights sum to T(T+3)/2: at most
 * 2 G^2/(mu (T+3)), less than the formula, which so holds for both.
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
    return 2.0 * in->G * in->G / (in->mu * ((double)in->T + 1.0));
}

LAB_BOUND(sc_weighted_lacoste_julien) = {
    .base = {.summary = "SGD at the (t+1)-weighted mean iterate, strongly convex f",
             .formula = "2 G^2/(mu (T + 1))",
             .reference = "Lacoste-Julien, Schmidt & Bach (2012), section 3.2",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "f strongly convex, E‖g‖^2 <= G^2 over the domain, eta_t = 2/(mu (t + 1)): E f "
        "at the "
        "mean iterate with weights t + 1 (or t), minus f*, stays below the formula.  For "
        "larger steps c/(t + 1) mu is 2/c.",
    .method = "sgd",
    .limits = {{LAB_GAP_POLY_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_STRONGLY_CONVEX,
    .check = check,
    .bind = bind,
    .prescription = {"eta_t = 2/(mu (t + 1))", {"mu"}, prescribed},
    .rhs = rhs,
};
