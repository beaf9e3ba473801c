/*
 * bounds/lms_const_step_avg.c -- averaged constant-step SGD on a stream of least squares.
 *
 * l(x; a, e) = (<a, x - x*> - e)^2/2 with independent (a, e), H = E a a', E e a = 0,
 *
 *     E‖a‖^2 a a' <= Rx2 H,   E e^2 a a' <= sigma2 H,   gamma < 1/Rx2.
 *
 * Bach and Moulines: f at the mean of w_0..w_{n-1}, here x_1..x_n, is off f* in the mean by at most
 * the formula: O(1/n) with a step that does not shrink, and no strong convexity.  sigma2 is the
 * variance of the labels here, no sup E‖g - grad f‖^2, of which there is none.  Of Gaussian rows
 * E‖a‖^2 a a' = tr(H) H + 2 H^2 by the moments of Isserlis, so Rx2 = tr H + 2 lmax(H).
 *
 * The constants are recalled from the paper, their theorem 1; a run has no batch, noise or domain.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, Rx2, sigma2, gamma;
    size_t d, n;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, Rx2, LAB_REQUIRED, "(0,inf)", "E‖a‖^2 a a' <= Rx2 E a a'"),
    LAB_PARAM(struct inputs, sigma2, LAB_REQUIRED, "[0,inf)",
              "E e^2 a a' <= sigma2 E a a', e the error of a label"),
    LAB_PARAM(struct inputs, gamma, LAB_REQUIRED, "(0,inf)",
              "the constant step, < 1/Rx2"),
    LAB_PARAM(struct inputs, d, LAB_REQUIRED, "[1,inf)", "dimension"),
    LAB_PARAM(struct inputs, n, LAB_REQUIRED, "[1,inf)", "iterates in the mean"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    if (!(c->facts->row2 > 0.0))
        return lab_fail(why, "is about a stream of least squares, which %s is not",
                        c->problem);
    if (c->batch != 1)
        return lab_fail(why, "needs one sample a step, not batch = %zu", c->batch);
    if (c->noise->law != LAB_NO_NOISE)
        return lab_fail(why, "needs gradients of samples alone, but noise is added");
    return lab_step_cap(c, 1.0 / c->facts->row2, true, "1/Rx2", why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    (void)measured, (void)why;
    in->Rx2 = c->facts->row2;
    in->sigma2 = c->facts->label2;
    in->gamma = c->eta.eta[0];
    return 0;
}

static int fit(const void *inputs, struct lab_error *err)
{
    const struct inputs *in = inputs;
    return in->gamma * in->Rx2 < 1.0
               ? 0
               : lab_fail(err, "gamma = %g is not less than 1/Rx2 = %g", in->gamma,
                          1.0 / in->Rx2);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double noise =
        sqrt(in->sigma2 * (double)in->d) / (1.0 - sqrt(in->gamma * in->Rx2));
    const double start = in->R1 / sqrt(in->gamma);
    return (noise + start) * (noise + start) / (2.0 * (double)in->n);
}

LAB_BOUND(lms_const_step_avg) = {
    .base = {.summary = "averaged constant-step SGD on a stream of least squares",
             .formula = "[sqrt(sigma2 d)/(1 - sqrt(gamma Rx2)) + R1/sqrt(gamma)]^2/(2n)",
             .reference = "Bach & Moulines (2013), theorem 1 (constants recalled)",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD without projection on fresh samples (<a, x - x*> - e)^2/2, constant step "
        "gamma < 1/Rx2: E f - f* at the mean of x_1..x_n stays below the formula, "
        "O(1/n) whatever the smallest eigenvalue.",
    .method = "sgd",
    .limits = {{LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP | LAB_NO_PROJECTION,
    .check = check,
    .horizon = "n",
    .binds = "sigma2",
    .bind = bind,
    .inputs = fit,
    .rhs = rhs,
};
