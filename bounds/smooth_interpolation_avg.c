/*
 * bounds/smooth_interpolation_avg.c -- SGD where one x* minimises every sampled loss.
 *
 * As bounds/smooth_gradient_noise_avg.c, but all sampled gradients vanish at x*, so that
 * E‖g‖^2 = E‖g - g at x*‖^2 <= 2 Lmax (f(x) - f*) without a factor 2 lost.  Hence
 *
 *     E d_{t+1}^2 <= d_t^2 - 2 eta (1 - eta Lmax)(f(x_t) - f*)
 *
 * and the sum over t <= T is at most R1^2.  Jensen's inequality for the mean iterate.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, Lmax, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, Lmax, LAB_REQUIRED, "[0,inf)",
              "largest smoothness of a sampled loss"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step, < 1/Lmax"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_step_cap(c, 1.0 / c->facts->L_max.value, true, "1/L_max", why)
               ? -1
               : lab_needs_interpolation(c, why);
}

static int fit(const void *inputs, struct lab_error *err)
{
    const struct inputs *in = inputs;
    return in->eta * in->Lmax < 1.0 ? 0
                                    : lab_fail(err, "eta = %g is not below 1/Lmax = %g",
                                               in->eta, 1.0 / in->Lmax);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double left = 1.0 - in->eta * in->Lmax;
    return in->R1 * in->R1 / (2.0 * in->eta * left * (double)in->T);
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    (void)t, (void)T;
    return 0.5 / fact[0];
}

LAB_BOUND(smooth_interpolation_avg) = {
    .base = {.summary = "SGD where every sampled loss is least at x*: average loss",
             .formula = "R1^2/(2 eta (1 - eta Lmax) T)",
             .reference = "derived in bounds/smooth_interpolation_avg.c [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD with a constant step eta < 1/Lmax, projected or not, every sampled loss "
        "convex and Lmax-smooth with zero gradient at x* (interpolation): the average "
        "of E f(x_t) - f* and f at the mean iterate stay below the formula, which falls "
        "like 1/T although the step does not.",
    .method = "sgd",
    .limits = {{LAB_AVG_GAP, LAB_EXPECTATION}, {LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP,
    .check = check,
    .inputs = fit,
    .prescription = {"eta_t = 1/(2 Lmax)", {"Lmax"}, prescribed},
    .rhs = rhs,
};
