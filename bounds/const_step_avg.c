/*
 * bounds/const_step_avg.c -- average loss of SGD with a constant step.
 *
 * In bounds/seed_avg_regret.c with eta_t = eta the distances telescope,
 * sum (d_t^2 - d_{t+1}^2) <= d_1^2 = R1^2, so no bound on the later ones is needed:
 *
 *     (1/T) sum [l(x_t; xi_t) - l(x*; xi_t)] <= R1^2/(2 eta T) + (eta/2)(1/T) sum ‖g_t‖^2.
 *
 * On a path G is the largest ‖g_t‖ met.  In expectation E‖g‖^2 <= G^2 suffices, and by
 * Jensen's inequality f at the mean iterate is below the average of f.  The right-hand side is
 * least at eta = R1/(G sqrt(T)), where both terms are R1 G/(2 sqrt(T)).
 */
#include "lab/plugin.h"

struct inputs {
    double R1, G, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "bound on ‖g_t‖"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->R1 * in->R1 / (2.0 * in->eta * (double)in->T) +
           in->eta * in->G * in->G / 2.0;
}

/* The minimum over eta of the right-hand side. */
static double prescribed(const double *fact, size_t t, size_t T)
{
    (void)t;
    return fact[0] / (fact[1] * sqrt((double)T));
}

LAB_BOUND(const_step_avg) = {
    .base = {.summary = "average loss and mean iterate of SGD, constant step",
             .formula = "R1^2/(2 eta T) + eta G^2/2",
             .reference = "folklore; derived in bounds/const_step_avg.c",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD with a constant step, no bounded domain needed: the average regret on "
        "every path (G met on it), and in expectation the average of f(x_t) - f* "
        "and f at the mean iterate (E‖g‖^2 <= G^2), stay below the formula.",
    .method = "sgd",
    .limits = {{LAB_AVG_REGRET, LAB_PATH, .realised = true},
               {LAB_AVG_GAP, LAB_EXPECTATION},
               {LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP,
    .prescription = {"eta_t = R1/(G sqrt(T))", {"R1", "G"}, prescribed},
    .rhs = rhs,
};
