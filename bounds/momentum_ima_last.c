/*
 * bounds/momentum_ima_last.c -- the last iterate of SGD with growing momentum.
 *
 * optimizers/momentum_ima.c with a constant step: z_{t+1} = P(z_t - eta g_t), lam_t = (t - 1)/2 and
 * x_{t+1} = (lam_{t+1} x_t + z_{t+1})/(lam_{t+1} + 1), so that z_t = x_t + lam_t (x_t - x_{t-1}).
 * Every sampled loss is convex and Lmax-smooth, h_t = f(x_t) - f*.  By convexity, twice,
 *
 *     <grad f(x_t), z_t - x*> >= h_t + lam_t (h_t - h_{t-1}),
 *
 * and E‖g_t‖^2 <= 4 Lmax h_t + 2 sigma2_star as in bounds/smooth_gradient_noise_avg.c.  Hence
 *
 *     E‖z_{t+1} - x*‖^2 + 2 eta (1 + lam_t - 2 eta Lmax) h_t
 *         <= ‖z_t - x*‖^2 + 2 eta lam_t h_{t-1} + 2 eta^2 sigma2_star.
 *
 * For eta <= 1/(4 Lmax) the bracket is at least lam_t + 1/2 = lam_{t+1}: with
 * V_t = ‖z_t - x*‖^2 + 2 eta lam_t h_{t-1}, V_1 = R1^2, E V grows by 2 eta^2 sigma2_star at most.
 * After step T + 1, V >= 2 eta lam_{T+2} h_{T+1} = eta (T + 1) h_{T+1}, so
 *
 *     E f(x_{T+1}) - f* <= R1^2/(eta (T + 1)) + 2 eta sigma2_star.
 *
 * z is projected, not x, which stays in the domain as a mean of such points.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, sigma2_star, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, sigma2_star, LAB_REQUIRED, "[0,inf)", "E‖g‖^2 at x*"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)",
              "the constant step, <= 1/(4 Lmax)"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    const struct lab_fact *L_max = &c->facts->L_max;
    if (L_max->status == LAB_UNKNOWN) /* no input of the formula, so not found missing */
        return lab_fail(why, "L_max is not known: %s", L_max->source);
    return lab_step_cap(c, 0.25 / L_max->value, false, "1/(4 L_max)", why);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->R1 * in->R1 / (in->eta * (double)(in->T + 1)) +
           2.0 * in->eta * in->sigma2_star;
}

LAB_BOUND(momentum_ima_last) = {
    .base = {.summary = "last iterate of SGD with growing momentum",
             .formula = "R1^2/(eta (T + 1)) + 2 eta sigma2_star",
             .reference = "Sebbouh, Gower & Defazio (2021) [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "momentum_ima with a constant step eta <= 1/(4 Lmax), projected or not, every "
        "sampled loss convex and Lmax-smooth: E f(x_{T+1}) - f* at the last iterate, "
        "after T steps, stays below the formula.  Plain SGD has this only for averages.",
    .method = "momentum_ima",
    .limits = {{LAB_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP,
    .lag = 1,
    .check = check,
    .rhs = rhs,
};
