/*
 * bounds/smooth_gradient_noise_avg.c -- SGD on smooth convex losses, any short steps.
 *
 * Every sampled loss l is convex and Lmax-smooth.  Then (Nesterov 2004, thm. 2.1.5)
 * ‖grad l(x) - grad l(x*)‖^2 <= 2 Lmax [l(x) - l(x*) - <grad l(x*), x - x*>]; in expectation, since
 * <grad f(x*), x - x*> >= 0 also where x* is a minimum over a domain only, and with
 * ‖u + v‖^2 <= 2‖u‖^2 + 2‖v‖^2,
 *
 *     E‖g‖^2 <= 4 Lmax (f(x) - f*) + 2 sigma2_star,   sigma2_star = E‖g‖^2 at x*.
 *
 * P does not increase distances to x*, so with w_t = eta_t (1 - 2 eta_t Lmax)
 *
 *     E d_{t+1}^2 <= d_t^2 - 2 eta_t (f(x_t) - f*) + eta_t^2 E‖g_t‖^2
 *                 <= d_t^2 - 2 w_t (f(x_t) - f*) + 2 eta_t^2 sigma2_star.
 *
 * Summed and divided by 2W, W = sum w_t, this bounds the w-weighted mean of E f(x_t) - f* by
 * R1^2/(2W) + sigma2_star sum eta_t^2/W, and by Jensen f at the w-weighted mean iterate.  (A loss
 * phi(<a, x>) + (l2/2)‖x‖^2 needs its curvature bounded over the domain only: on a line the
 * inequality looks no further than between its two points.)
 */
#include "lab/plugin.h"

struct inputs {
    double R1, Lmax, sigma2_star;
    struct lab_steps eta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, Lmax, LAB_REQUIRED, "[0,inf)",
              "largest smoothness of a sampled loss"),
    LAB_PARAM(struct inputs, sigma2_star, LAB_REQUIRED, "[0,inf)", "E‖g‖^2 at x*"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)",
              "eta_1, ..., eta_T, all < 1/(2 Lmax)"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_step_cap(c, 0.5 / c->facts->L_max.value, true, "1/(2 L_max)", why);
}

/* W and the weighted mean iterate. */
static size_t numbers(size_t d)
{
    return 1 + d;
}

static double weight(const struct inputs *in, double eta)
{
    return eta * (1.0 - 2.0 * eta * in->Lmax);
}

static void see(const void *inputs, const struct lab_moment *m, size_t r, double *kept)
{
    const double w = weight(inputs, m->eta), *x = m->x + r * m->d;
    double *mean = kept + 1;
    kept[0] += w;
    for (size_t j = 0; j < m->d; j++)
        mean[j] += w / kept[0] * (x[j] - mean[j]);
}

static const double *point(const void *inputs, size_t d, size_t t, const double *kept)
{
    (void)inputs, (void)d, (void)t;
    return kept + 1;
}

static int fit(const void *inputs, struct lab_error *err)
{
    const struct inputs *in = inputs;
    for (size_t t = 0; t < in->eta.T; t++)
        if (!(weight(in, in->eta.eta[t]) > 0.0))
            return lab_fail(err, "eta_%zu = %g is not below 1/(2 Lmax) = %g", t + 1,
                            in->eta.eta[t], 0.5 / in->Lmax);
    return 0;
}

/* Row after row, without starting the sum W anew. */
static void sweep(const void *inputs, size_t rows, const size_t *T, double *value)
{
    const struct inputs *in = inputs;
    double W = 0.0;
    for (size_t k = 0, t = 0; k < rows; k++) {
        for (; t < T[k]; t++)
            W += weight(in, in->eta.eta[t]);
        value[k] = (0.5 * in->R1 * in->R1 + in->sigma2_star * in->eta.sum2[T[k] - 1]) / W;
    }
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    double value;
    sweep(inputs, 1, &in->eta.T, &value);
    return value;
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    const double Lmax = fact[0], R1 = fact[1], sigma2_star = fact[2];
    (void)t;
    return fmin(0.25 / Lmax, R1 / sqrt(2.0 * sigma2_star * (double)T));
}

LAB_BOUND(smooth_gradient_noise_avg) = {
    .base = {.summary = "SGD on smooth convex losses at a weighted mean iterate",
             .formula = "(R1^2/2 + sigma2_star sum_{t<=T} eta_t^2)/W\n"
                        "W = sum_{t<=T} eta_t (1 - 2 eta_t Lmax)",
             .reference = "Garrigos & Gower (2023), SGD for convex and smooth functions "
                          "[re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD with any steps eta_t < 1/(2 Lmax), projected or not, every sampled loss "
        "convex and Lmax-smooth: E f - f* at the mean of x_1..x_T with weights "
        "eta_t (1 - 2 eta_t Lmax) stays below the formula.  The noise counts at x* only, "
        "so it may grow with ‖x‖.",
    .method = "sgd",
    .limits = {{LAB_OWN, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX,
    .check = check,
    .watch = {.quantity =
                  "f at the mean of x_1..x_t with weights eta_s (1 - 2 eta_s Lmax),"
                  " less f*",
              .numbers = numbers,
              .see = see,
              .point = point},
    .inputs = fit,
    .prescription = {"eta_t = min(1/(4 Lmax), R1/sqrt(2 sigma2_star T))",
                     {"Lmax", "R1", "sigma2_star"},
                     prescribed},
    .rhs = rhs,
    .sweep = sweep,
};
