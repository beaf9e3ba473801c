/*
 * bounds/heavy_ball_ergodic.c -- the mean iterate of the heavy ball, smooth convex f.
 *
 * As in bounds/heavy_ball_nonsmooth_avg.c z_t = x_t + (beta/(1-beta)) (x_t - x_{t-1}) takes
 * plain steps of length c = alpha/(1-beta).  With g = grad f(x_t) and F_t = f(x_t) - f*,
 *
 *     ‖z_t - x*‖^2 - ‖z_{t+1} - x*‖^2 = 2c <g, x_t - x*> + (2 c beta/(1-beta)) <g, x_t - x_{t-1}>
 *                                       - c^2 ‖g‖^2,
 *
 * where <g, x_t - x_{t-1}> >= F_t - F_{t-1}, and of a smooth convex f <g, x_t - x*> is at
 * least F_t + ‖g‖^2/(2L) and at least ‖g‖^2/L.  The mean of the two with weights
 * lambda and 1 - lambda makes up for c^2 ‖g‖^2 where lambda = min(1, 2 - c L) >= 0.
 * Summed over T + 1 points, F_0 <= L R1^2/2 being the only one of the second sum that
 * counts,
 *
 *     2 c lambda sum F_t <= R1^2 + (2 c beta/(1-beta)) L R1^2/2.
 *
 * lambda = 1 for alpha <= (1-beta)/L, else (2(1-beta) - alpha L)/(1-beta): the formula's
 * two cases. Jensen: f at the mean of x_0..x_T.  The formula at T has T + 1 points, so row
 * t is T = t - 1.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, L, alpha, beta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "[0,inf)", "smoothness of f"),
    LAB_PARAM(struct inputs, alpha, LAB_REQUIRED, "(0,inf)", "the constant step eta"),
    LAB_PARAM(struct inputs, beta, LAB_REQUIRED, "[0,1)", "of the heavy ball"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[0,inf)", "updates: T + 1 points"),
    LAB_PARAM_END,
};

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    (void)measured;
    in->alpha = c->eta.eta[0];
    in->beta = lab_option(c, "beta");
    if (in->alpha * in->L < 2.0 * (1.0 - in->beta))
        return 0;
    return lab_fail(why, "needs eta < 2 (1 - beta)/L = %.6g, but eta = %.6g",
                    2.0 * (1.0 - in->beta) / in->L, in->alpha);
}

static int is_stable(const void *inputs, struct lab_error *err)
{
    const struct inputs *in = inputs;
    if (in->alpha * in->L < 2.0 * (1.0 - in->beta))
        return 0;
    return lab_fail(err, "alpha = %g is not below 2 (1 - beta)/L = %g", in->alpha,
                    2.0 * (1.0 - in->beta) / in->L);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double rest = 1.0 - in->beta, c = in->alpha / rest;
    const double lambda = fmin(1.0, 2.0 - c * in->L);
    const double sum =
        in->R1 * in->R1 / (2.0 * lambda) * (1.0 / c + in->L * in->beta / rest);
    return sum / ((double)in->T + 1.0);
}

LAB_BOUND(heavy_ball_ergodic) = {
    .base = {.summary = "mean iterate of the heavy ball, smooth convex f",
             .formula = "R1^2/(2(T+1)) [L beta/(1-beta) + (1-beta)/alpha]\n"
                        "if alpha <= (1-beta)/L; if alpha < 2(1-beta)/L\n"
                        "R1^2/(2(T+1)(2(1-beta) - alpha L)) [L beta + (1-beta)^2/alpha]",
             .reference = "Ghadimi, Feyzmahdavian & Johansson (2015), theorem 1 "
                          "[re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Polyak's heavy ball with exact gradients, no domain and a constant step below "
        "2(1-beta)/L on a convex L-smooth f: f at the mean of its first T + 1 points, "
        "and the average of f(x_t) - f* over them, stay below the formula.",
    .method = "heavy_ball",
    .limits = {{LAB_GAP_MEAN_ITERATE, LAB_PATH}, {LAB_AVG_GAP, LAB_PATH}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP | LAB_EXACT_GRADIENTS | LAB_NO_PROJECTION,
    .lag = 1,
    .bind = bind,
    .inputs = is_stable,
    .rhs = rhs,
};
