/*
 * bounds/exact_quad_heavy_ball.c -- E f(x) - f* of heavy ball on a noisy quadratic, exactly.
 *
 * x_{t+1} = x_t - alpha g_t + beta (x_t - x_{t-1}), x_0 = x_1; torch's momentum with a constant
 * step moves the same.  Along an eigenvector with eigenvalue l
 *
 *     e_{t+1} = k e_t - beta e_{t-1} - alpha z_t,   k = 1 - alpha l + beta,
 *
 * E z = 0, E z^2 = s2, z_t independent of the past.  So p = E e_t^2, q = E e_t e_{t-1} and
 * r = E e_{t-1}^2 follow
 *
 *     p <- k^2 p - 2 k beta q + beta^2 r + alpha^2 s2,   q <- k p - beta q,   r <- p,
 *
 * from p = q = r = delta0^2, and E f - f* = sum_i l_i p_i/2.  Row t, of x_t, is T = t - 1.
 */
#include "lab/plugin.h"

struct inputs {
    struct lab_vector lam, delta0, s2;
    double alpha, beta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, lam, LAB_REQUIRED, "[0,inf)", "eigenvalues"),
    LAB_PARAM(struct inputs, delta0, LAB_REQUIRED, "(-inf,inf)",
              "x_1 - x* along the eigenvectors"),
    LAB_PARAM(struct inputs, s2, LAB_REQUIRED, "[0,inf)",
              "variance of the gradient noise along each"),
    LAB_PARAM(struct inputs, alpha, LAB_REQUIRED, "(0,inf)", "the constant step"),
    LAB_PARAM(struct inputs, beta, LAB_REQUIRED, "[0,1)", "momentum"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[0,inf)", "updates"),
    LAB_PARAM_END,
};

static int same_length(const void *inputs, struct lab_error *err)
{
    const struct inputs *in = inputs;
    if (in->lam.n && in->delta0.n == in->lam.n && in->s2.n == in->lam.n)
        return 0;
    return lab_fail(err,
                    "lam, delta0 and s2 must be lists of the same length, not of %zu, "
                    "%zu and %zu numbers",
                    in->lam.n, in->delta0.n, in->s2.n);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    (void)measured, (void)why;
    in->alpha = c->eta.eta[0];
    in->beta = lab_option(c, "beta");
    return 0;
}

/* One eigenvector at a time: its part of every row. */
static void sweep(const void *inputs, size_t rows, const size_t *T, double *gap)
{
    const struct inputs *in = inputs;
    const double alpha = in->alpha, beta = in->beta;
    for (size_t k = 0; k < rows; k++)
        gap[k] = 0.0;
    for (size_t i = 0; i < in->lam.n; i++) {
        const double l = in->lam.value[i], s2 = in->s2.value[i],
                     keep = 1.0 - alpha * l + beta;
        double p = in->delta0.value[i] * in->delta0.value[i], q = p, r = p;
        for (size_t k = 0, t = 0; k < rows; k++) {
            for (; t < T[k]; t++) {
                const double old = p;
                p = keep * keep * p - 2.0 * keep * beta * q + beta * beta * r +
                    alpha * alpha * s2;
                q = keep * old - beta * q;
                r = old;
            }
            gap[k] += 0.5 * l * p;
        }
    }
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    double gap;
    sweep(inputs, 1, &in->T, &gap);
    return gap;
}

LAB_BOUND(exact_quad_heavy_ball) = {
    .base = {.summary = "E f(x_t) - f* of heavy ball on a noisy quadratic, an equality",
             .formula =
                 "sum_i lam_i p_i/2 after T updates of, k = 1 - alpha lam + beta,\n"
                 "p <- k^2 p - 2 k beta q + beta^2 r + alpha^2 s2,  q <- k p - beta q,  "
                 "r <- p",
             .reference = "derived in bounds/exact_quad_heavy_ball.c",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "On a quadratic with independent additive gradient noise the second moments of "
        "two successive errors of heavy ball, constant step alpha, obey a recursion "
        "along each eigenvector: E f(x_t) - f* is known exactly.",
    .method = "heavy_ball|momentum",
    .limits = {{LAB_GAP, LAB_EXACT}},
    .assumes = LAB_CONSTANT_STEP | LAB_NO_PROJECTION | LAB_ADDITIVE_NOISE,
    .lag = 1,
    .bind = bind,
    .inputs = same_length,
    .rhs = rhs,
    .sweep = sweep,
};
