/*
 * bounds/signsgd_l1_minibatch.c -- average l1 norm of the gradient of signSGD, constant
 * step.
 *
 * With p_i = (grad f(x_t))_i, bounds/signgd_l1.c loses at most 2 eta |p_i| where sign(g_i)
 * is not that of p_i: then |g_i - p_i| >= |p_i|, of probability at most E|g_i - p_i|/|p_i|
 * (Markov), and E|g_i - p_i| <= sigma_i/sqrt(B), sigma_i^2 the variance of one sample's
 * g_i, B the batch:
 *
 *     (1/T) sum E‖grad f(x_t)‖_1 <= (f(x_1) - f*)/(eta T) + eta sum_i L_i/2
 *                                   + 2 sum_i sigma_i/sqrt(B).
 *
 * The fact sigma2 >= sum_i sigma_i^2/B, so by Cauchy and Schwarz sqrt(d sigma2) is at least
 * the last sum over sqrt(B), and no more where all sigma_i are the same, as those of added
 * noise are.
 */
#include "lab/plugin.h"

struct inputs {
    double gap1, Lsum, sigma_l1;
    size_t B;
    double eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, gap1, LAB_REQUIRED, "[0,inf)", "f(x_1) - f*"),
    LAB_PARAM(struct inputs, Lsum, LAB_REQUIRED, "[0,inf)",
              "sum of the coordinates' smoothness"),
    LAB_PARAM(struct inputs, sigma_l1, LAB_REQUIRED, "[0,inf)",
              "sum of the standard deviations of one sample's g_i"),
    LAB_PARAM(struct inputs, B, LAB_REQUIRED, "[1,inf)", "batch"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    const struct lab_facts *f = c->facts;
    const double d = (double)f->d;
    double sigma2; /* of a mini-batch */
    if (lab_take(&f->L, "L", &in->Lsum, measured, why) ||
        lab_take(&f->sigma2, "sigma2", &sigma2, measured, why))
        return -1;
    in->B = c->batch ? c->batch : 1;
    in->sigma_l1 = sqrt(d * sigma2 * (double)in->B);
    in->Lsum *= d;
    if (!f->lam || f->basis)
        return 0;
    in->Lsum = 0.0;
    for (size_t i = 0; i < f->d; i++)
        in->Lsum += f->lam[i];
    return 0;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->gap1 / (in->eta * (double)in->T) + 0.5 * in->eta * in->Lsum +
           2.0 * in->sigma_l1 / sqrt((double)in->B);
}

LAB_BOUND(signsgd_l1_minibatch) = {
    .base = {.summary = "average l1 norm of the gradient, signSGD, smooth f",
             .formula =
                 "(f(x_1) - f*)/(eta T) + eta sum_i L_i/2 + 2 sum_i sigma_i/sqrt(B)",
             .reference = "Bernstein et al. (2018), theorem 1 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "signSGD without a domain, constant step, on an f, convex or not, that is "
        "L_i-smooth along coordinate i, mini-batches of B samples whose g_i have "
        "standard deviations of at most sigma_i: the average of E‖grad f(x_t)‖_1 "
        "over t <= T stays below the formula, which more noise than gradient never "
        "leaves.",
    .method = "sign_sgd",
    .limits = {{LAB_AVG_GRAD_L1, LAB_EXPECTATION}},
    .assumes = LAB_CONSTANT_STEP | LAB_NO_PROJECTION,
    .bind = bind,
    .rhs = rhs,
};
