/*
 * bounds/smooth_bounded_variance_avg.c -- SGD on a smooth convex f, at the points after a step.
 *
 * Let g = grad f(x) + z, E z = 0, E‖z‖^2 <= sigma2, x+ = P(x - eta g) with P the projection on a
 * closed convex C that holds x* (or none), d = ‖x - x*‖, h = ‖x+ - x‖ and a = eta L <= 1.  P gives
 * <g, x+ - x*> <= (d^2 - d+^2 - h^2)/(2 eta); with smoothness, grad f = g - z and convexity
 *
 *     E f(x+) <= f* + E[(d^2 - d+^2)/(2 eta) - <z, x+ - x> - (1 - a) h^2/(2 eta)].
 *
 * Of -<z, x+ - x> take 1 - a parts with the square: -<z, u> - ‖u‖^2/(2 eta) <= eta ‖z‖^2/2.  For
 * the other a parts let y = P(x - eta grad f(x)), which knows nothing of z: ‖x+ - y‖ <= eta ‖z‖, so
 * -E<z, x+ - x> = -E<z, x+ - y> <= eta sigma2.  Together (1 + a) eta sigma2/2; summed over T steps
 *
 *     (1/T) sum_{t=2}^{T+1} E f(x_t) - f* <= R1^2/(2 eta T) + (eta sigma2/2)(1 + eta L).
 */
#include "lab/plugin.h"

struct inputs {
    double R1, L, sigma2, eta;
    size_t T;
    double f_star; /* for own() alone */
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "[0,inf)", "smoothness of f"),
    LAB_PARAM(struct inputs, sigma2, LAB_REQUIRED, "[0,inf)", "sup E‖g - grad f‖^2"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step, <= 1/L"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_cap(c, 1.0, why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    return lab_take(&c->facts->f_star, "f_star", &in->f_star, measured, why);
}

static size_t numbers(size_t d)
{
    (void)d;
    return 1;
}

static void see(const void *inputs, const struct lab_moment *m, size_t r, double *kept)
{
    const struct inputs *in = inputs;
    if (m->t > 1)
        kept[0] += m->f[r] - in->f_star;
}

static double own(const void *inputs, size_t d, size_t t, const double *kept)
{
    (void)inputs, (void)d;
    return t > 1 ? kept[0] / (double)(t - 1) : NAN;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->R1 * in->R1 / (2.0 * in->eta * (double)in->T) +
           0.5 * in->eta * in->sigma2 * (1.0 + in->eta * in->L);
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    const double L = fact[0], R1 = fact[1], sigma2 = fact[2];
    (void)t;
    return fmin(1.0 / L, R1 / sqrt(sigma2 * (double)T));
}

LAB_BOUND(smooth_bounded_variance_avg) = {
    .base = {.summary = "SGD on smooth convex f, noise of bounded variance: average loss",
             .formula = "R1^2/(2 eta T) + (eta sigma2/2)(1 + eta L)",
             .reference = "Lan (2012) and Bubeck (2015, sec. 6.3) in spirit [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD with a constant step eta <= 1/L, projected or not, f convex and L-smooth, "
        "E‖g - grad f‖^2 <= sigma2 wherever iterates may come: the average of "
        "E f(x_t) - f* over t = 2..T+1, the points after each step, stays below the "
        "formula.",
    .method = "sgd",
    .limits = {{LAB_OWN, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP,
    .lag = 1,
    .check = check,
    .bind = bind,
    .watch = {.quantity = "(1/(t-1)) sum_{s=2}^t f(x_s) - f*, in row t",
              .objective = true,
              .numbers = numbers,
              .see = see,
              .own = own},
    .prescription = {"eta_t = min(1/L, R1/sqrt(sigma2 T))",
                     {"L", "R1", "sigma2"},
                     prescribed},
    .rhs = rhs,
};
