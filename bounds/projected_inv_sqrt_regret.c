/*
 * bounds/projected_inv_sqrt_regret.c -- average regret of projected SGD with D/(G sqrt(t)).
 *
 * bounds/projected_avg_regret.c with eta_t = D/(G sqrt(t)): as sum_{t<=T} 1/sqrt(t) <= 2 sqrt(T),
 *
 *     D^2/(2 T eta_T) + G^2 sum eta_t/(2T) <= D G/(2 sqrt(T)) + D G/sqrt(T) = 3 D G/(2 sqrt(T)).
 *
 * Smaller steps c/sqrt(t) are those for G' = D/c > G, which bounds ‖g‖ as well: the formula is
 * taken with G'.  It holds at every row, as the steps do not depend on T.
 */
#include "lab/plugin.h"

struct inputs {
    double D, G;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, D, LAB_REQUIRED, "[0,inf)", "diameter of the domain"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "sup ‖g‖ over the domain"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static double shape(size_t t, size_t T)
{
    (void)T;
    return 1.0 / sqrt((double)t);
}

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_shape(c, shape, "eta_t = c/sqrt(t)", why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    (void)measured;
    struct inputs *in = inputs;
    const double eta = c->eta.eta[0];
    if (!lab_at_most(eta * in->G, in->D))
        return lab_fail(why, "needs eta_1 <= D/G = %.6g, but eta_1 = %.6g", in->D / in->G,
                        eta);
    in->G = in->D / eta;
    return 0;
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    return fact[0] / fact[1] * shape(t, T);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return 1.5 * in->D * in->G / sqrt((double)in->T);
}

LAB_BOUND(projected_inv_sqrt_regret) = {
    .base = {.summary = "average regret of projected SGD, steps D/(G sqrt(t))",
             .formula = "3 D G/(2 sqrt(T))",
             .reference =
                 "Hazan (2016), Introduction to Online Convex Optimization, theorem 3.1",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement = "SGD projected on a convex set of diameter D that holds x*, with eta_t "
                 "= D/(G sqrt(t)): "
                 "the average regret on every path and the average of E f(x_t) - f* stay "
                 "below the "
                 "formula.  For smaller steps c/sqrt(t) G is D/c.",
    .method = "sgd",
    .limits = {{LAB_AVG_REGRET, LAB_PATH}, {LAB_AVG_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_BOUNDED_DOMAIN,
    .check = check,
    .bind = bind,
    .prescription = {"eta_t = D/(G sqrt(t))", {"D", "G"}, prescribed},
    .rhs = rhs,
};
