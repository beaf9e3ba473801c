/*
 * bounds/amsgrad_regret.c -- average regret of AMSGrad on a box, constant beta1.
 *
 * By coordinates; b = beta1, w_t = sqrt(vhat_t)/alpha_t, alpha_t = a/sqrt(t): w_t never
 * shrinks. (1-b) g_t = m_t - b m_{t-1}, and summing by parts
 *
 *     sum g_t (x_t - x*) = sum m_t (x_t - x*)
 *                          + (b/(1-b)) [m_T (x_T - x*) + sum_{t<T} m_t (x_t - x_{t+1})].
 *
 * x_{t+1} = P(x_t - m_t/w_t).  The first sum is at most w_T Dinf^2/2 + sum m_t^2/(2 w_t),
 * the next term at most w_T Dinf^2/4 + m_T^2/w_T, and |x_t - x_{t+1}| <= |m_t|/w_t.
 * Together
 *
 *     w_T Dinf^2 (2-b)/(4(1-b)) + ((1+b)/(2(1-b))) sum m_t^2/w_t.
 *
 * By Cauchy and Schwarz with weights (b^2/beta2)^{t-s} and beta2^{t-s}, gamma = b^2/beta2 <
 * 1: m_t^2 <= (1-b)^2 v_t/((1-gamma)(1-beta2)), so |m_t|/sqrt(vhat_t) <=
 * (1-b)/sqrt((1-gamma)(1-beta2)). What is left is sum alpha_t |m_t| <= a sqrt(1 + log T)
 * ‖m‖, and ‖m‖ <= ‖g_{1:T}‖.
 *
 * It needs no bias correction, eps = 0, and vhat that never shrinks, which Adam's v may: on
 * problems/reddi_online.c Adam violates this many times over.
 */
#include <stdlib.h>

#include "lab/plugin.h"

struct inputs {
    double Dinf, alpha, beta1, beta2;
    struct lab_vector vhat_T, colnorm;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, Dinf, LAB_REQUIRED, "[0,inf)", "longest side of the box"),
    LAB_PARAM(struct inputs, alpha, LAB_REQUIRED, "(0,inf)", "a of eta_t = a/sqrt(t)"),
    LAB_PARAM(struct inputs, beta1, LAB_REQUIRED, "[0,1)", "of AMSGrad"),
    LAB_PARAM(struct inputs, beta2, LAB_REQUIRED, "[0,1)", "of AMSGrad"),
    LAB_PARAM(struct inputs, vhat_T, LAB_REQUIRED, "[0,inf)", "max_{t<=T} v_{t,i}"),
    LAB_PARAM(struct inputs, colnorm, LAB_REQUIRED, "[0,inf)",
              "sqrt(sum_{t<=T} g_{t,i}^2), one for each i"),
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
    const double beta1 = lab_option(c, "beta1"), beta2 = lab_option(c, "beta2"),
                 eps = lab_option(c, "eps");
    if (c->domain->kind != LAB_BOX && c->facts->d > 1)
        return lab_fail(why, "needs projection by coordinates: the domain must be a box");
    if (beta1 > 0.0 && !(beta1 * beta1 < beta2))
        return lab_fail(why, "needs beta1^2 < beta2, but beta1 = %g and beta2 = %g",
                        beta1, beta2);
    if (lab_option(c, "bias_correction") != 0.0)
        return lab_fail(why, "needs bias_correction = false");
    if (eps != 0.0)
        return lab_fail(why, "needs eps = 0, but eps = %g", eps);
    return lab_check_shape(c, shape, "eta_t = c/sqrt(t)", why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    const size_t d = c->facts->d;
    double *lower = lab_alloc(2 * d, sizeof *lower), *upper = lower + d;
    (void)measured, (void)why;
    in->alpha = c->eta.eta[0];
    in->beta1 = lab_option(c, "beta1");
    in->beta2 = lab_option(c, "beta2");
    in->Dinf = 0.0;
    lab_domain_box(c->domain, lower, upper);
    for (size_t i = 0; i < d; i++)
        in->Dinf = fmax(in->Dinf, upper[i] - lower[i]);
    free(lower);
    return 0;
}

static double formula(const struct inputs *in, double roots, double norms, double T)
{
    const double b = in->beta1, gamma = b > 0.0 ? b * b / in->beta2 : 0.0;
    const double far =
        in->Dinf * in->Dinf * sqrt(T) * (2.0 - b) / (4.0 * in->alpha * (1.0 - b)) * roots;
    const double long_way = (1.0 + b) * in->alpha * sqrt(1.0 + log(T)) /
                            (2.0 * sqrt((1.0 - in->beta2) * (1.0 - gamma))) * norms;
    return (far + long_way) / T;
}

/* v_i, vhat_i and sum g_i^2, d of each. */
static size_t numbers(size_t d)
{
    return 3 * d;
}

static void see(const void *inputs, const struct lab_moment *m, size_t r, double *kept)
{
    const struct inputs *in = inputs;
    double *v = kept, *most = v + m->d, *sum = most + m->d;
    for (size_t i = 0; i < m->d; i++) {
        const double g = m->g[r * m->d + i];
        v[i] = in->beta2 * v[i] + (1.0 - in->beta2) * g * g;
        most[i] = fmax(most[i], v[i]);
        sum[i] += g * g;
    }
}

static double of_path(const void *inputs, size_t d, size_t t, const double *kept)
{
    double roots = 0.0, norms = 0.0;
    for (size_t i = 0; i < d; i++)
        roots += sqrt(kept[d + i]), norms += sqrt(kept[2 * d + i]);
    return formula(inputs, roots, norms, (double)t);
}

static int fit(const void *inputs, struct lab_error *err)
{
    const struct inputs *in = inputs;
    if (in->vhat_T.n != in->colnorm.n)
        return lab_fail(err, "vhat_T has %zu numbers, colnorm %zu", in->vhat_T.n,
                        in->colnorm.n);
    if (in->beta1 > 0.0 && !(in->beta1 * in->beta1 < in->beta2))
        return lab_fail(err, "beta1^2 = %g is not below beta2 = %g",
                        in->beta1 * in->beta1, in->beta2);
    return 0;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const size_t d = in->colnorm.n ? in->colnorm.n : 1;
    double roots = 0.0, norms = 0.0;
    for (size_t i = 0; i < d; i++) {
        roots += sqrt(lab_vector_at(&in->vhat_T, i));
        norms += lab_vector_at(&in->colnorm, i);
    }
    return formula(in, roots, norms, (double)in->T);
}

LAB_BOUND(amsgrad_regret) = {
    .base = {.summary = "average regret of AMSGrad on a box, every path",
             .formula = "{Dinf^2 sqrt(T) (2-beta1)/(4a(1-beta1)) sum_i sqrt(vhat_{T,i})\n"
                        "+ (1+beta1) a sqrt(1 + log T)/(2 sqrt((1-beta2)(1-gamma)))\n"
                        "  sum_i sqrt(sum_{t<=T} g_{t,i}^2)}/T,  gamma = beta1^2/beta2",
             .reference =
                 "in the style of Alacaoglu et al. (2020); in place of Reddi, Kale "
                 "& Kumar (2018), theorem 4 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "AMSGrad with eta_t = a/sqrt(t), constant beta1 and beta2 > beta1^2, no bias "
        "correction, eps = 0, projected on a box with sides of at most Dinf that holds "
        "x*: on every path the average regret and the linearised one stay below the "
        "formula with the gradients met on it.  In expectation so do the average of "
        "f(x_t) - f* and f at the mean iterate, minus f*.",
    .method = "amsgrad",
    .limits = {{LAB_AVG_REGRET, LAB_PATH},
               {LAB_AVG_LINEAR_REGRET, LAB_PATH},
               {LAB_AVG_GAP, LAB_EXPECTATION},
               {LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_BOUNDED_DOMAIN,
    .check = check,
    .bind = bind,
    .watch = {.numbers = numbers, .see = see, .rhs = of_path},
    .inputs = fit,
    .rhs = rhs,
};
