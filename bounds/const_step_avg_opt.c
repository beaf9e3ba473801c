/*
 * bounds/const_step_avg_opt.c -- average loss of SGD with the best constant step.
 *
 * bounds/const_step_avg.c has R1^2/(2 eta T) + eta G^2/2, which is least at eta = R1/(G sqrt(T)):
 * R1 G/sqrt(T).  A smaller step, eta = R1/(G' sqrt(T)) with a G' > G, is the best one for G',
 * and E‖g‖^2 <= G'^2 holds, too: the formula with G' = R1/(eta sqrt(T)).  A larger one is
 * refused.  The step is made for one T, so only row T is spoken of.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, G;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^2 <= G^2"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    (void)measured;
    struct inputs *in = inputs;
    const double eta = c->eta.eta[0], root = sqrt((double)c->eta.T);
    if (!lab_at_most(eta * in->G * root, in->R1))
        return lab_fail(why, "needs eta <= R1/(G sqrt(T)) = %.6g, but eta = %.6g",
                        in->R1 / (in->G * root), eta);
    in->G = in->R1 / (eta * root);
    return 0;
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    (void)t;
    return fact[0] / (fact[1] * sqrt((double)T));
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->R1 * in->G / sqrt((double)in->T);
}

LAB_BOUND(const_step_avg_opt) = {
    .base = {.summary = "average loss and mean iterate of SGD, the best constant step",
             .formula = "R1 G/sqrt(T)",
             .reference = "folklore; derived in bounds/const_step_avg_opt.c",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement = "SGD with the constant step R1/(G sqrt(T)): the average of E f(x_t) - "
                 "f* over t <= T "
                 "and E f at the mean iterate, minus f*, stay below the formula.  For a "
                 "smaller step G "
                 "is R1/(eta sqrt(T)).",
    .method = "sgd",
    .limits = {{LAB_AVG_GAP, LAB_EXPECTATION}, {LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP | LAB_FOR_HORIZON,
    .bind = bind,
    .prescription = {"eta_t = R1/(G sqrt(T))", {"R1", "G"}, prescribed},
    .rhs = rhs,
};
