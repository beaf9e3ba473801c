/*
 * bounds/heavy_ball_nonsmooth_avg.c -- average loss of the heavy ball, no smoothness.
 *
 * x_{t+1} = x_t - alpha g_t + beta (x_t - x_{t-1}), x_0 = x_1.  The points
 * z_t = x_t + (beta/(1-beta)) (x_t - x_{t-1}), z_1 = x_1, take plain steps,
 * z_{t+1} = z_t - (alpha/(1-beta)) g_t, so that with E‖g_t‖^2 <= G^2
 *
 *     sum_{t<=T} E<g_t, z_t - x*> <= (1-beta) R1^2/(2 alpha) + alpha T G^2/(2(1-beta)).
 *
 * Convexity, for x_t - x* and for x_t - x_{t-1}, bounds the left side from below by
 *
 *     sum E[f(x_t) - f*] + (beta/(1-beta)) E[f(x_T) - f(x_1)],
 *
 * and f(x_T) >= f*: the last term is at least -(beta/(1-beta)) gap1, gap1 = f(x_1) - f*.
 * Divide by T.  Projection would break the line of the z_t.  Jensen: f at the mean iterate.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, G, alpha, beta, gap1;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^2 <= G^2"),
    LAB_PARAM(struct inputs, alpha, LAB_REQUIRED, "(0,inf)", "the constant step eta"),
    LAB_PARAM(struct inputs, beta, LAB_REQUIRED, "[0,1)", "of the heavy ball"),
    LAB_PARAM(struct inputs, gap1, LAB_REQUIRED, "[0,inf)", "f(x_1) - f*"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    (void)measured, (void)why;
    in->alpha = c->eta.eta[0];
    in->beta = lab_option(c, "beta");
    return 0;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double T = (double)in->T, rest = 1.0 - in->beta;
    return in->beta * in->gap1 / (rest * T) +
           rest * in->R1 * in->R1 / (2.0 * in->alpha * T) +
           in->alpha * in->G * in->G / (2.0 * rest);
}

LAB_BOUND(heavy_ball_nonsmooth_avg) = {
    .base = {.summary = "average loss of the heavy ball on nonsmooth f, constant step",
             .formula = "beta gap1/((1-beta) T) + (1-beta) R1^2/(2 alpha T)\n"
                        "+ alpha G^2/(2 (1-beta))",
             .reference = "in the style of Yang, Lin & Li (2016) [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Polyak's heavy ball with a constant step alpha, without projection, "
        "E‖g_t‖^2 <= G^2: the average of E f(x_t) - f* over t <= T and f at the mean "
        "iterate stay below the formula; with beta = 0 it is that of SGD.",
    .method = "heavy_ball",
    .limits = {{LAB_AVG_GAP, LAB_EXPECTATION}, {LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP | LAB_NO_PROJECTION,
    .bind = bind,
    .rhs = rhs,
};
