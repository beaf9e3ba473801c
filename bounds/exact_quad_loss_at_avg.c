/*
 * bounds/exact_quad_loss_at_avg.c -- E f - f* at the mean iterate of SGD on a noisy quadratic,
 * exactly.
 *
 * Along an eigenvector with eigenvalue l the error obeys e_{t+1} = a e_t - eta_t z_t, with
 * a = 1 - eta_t l, E z = 0, E z^2 = s2 (bounds/exact_quad_loss.c); its mean is m, its variance s.
 * The sum S_t = e_1 + ... + e_t has mean M, variance u and c = Cov(e_t, S_t).  z_t is independent
 * of e_t and S_t, so Cov(e_{t+1}, S_t) = a c, and
 *
 *     m <- a m,   s <- a^2 s + eta_t^2 s2,   M <- M + m,   u <- u + 2 a c + s,   c <- a c + s,
 *
 * with m and s the new ones, from m = M = delta0, s = c = u = 0.  E f(S_T/T) - f* =
 * sum_i l_i (M_i^2 + u_i)/(2 T^2).  The mean is over x_1..x_T: the last step does not enter.
 */
#include "lab/plugin.h"

struct inputs {
    struct lab_vector lam, delta0, s2;
    struct lab_steps eta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, lam, LAB_REQUIRED, "[0,inf)", "eigenvalues"),
    LAB_PARAM(struct inputs, delta0, LAB_REQUIRED, "(-inf,inf)",
              "x_1 - x* along the eigenvectors"),
    LAB_PARAM(struct inputs, s2, LAB_REQUIRED, "[0,inf)",
              "variance of the gradient noise along each"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "eta_1, ..., eta_T"),
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

/* One eigenvector at a time: its part of every row. */
static void sweep(const void *inputs, size_t rows, const size_t *T, double *gap)
{
    const struct inputs *in = inputs;
    for (size_t k = 0; k < rows; k++)
        gap[k] = 0.0;
    for (size_t i = 0; i < in->lam.n; i++) {
        const double l = in->lam.value[i], s2 = in->s2.value[i];
        double m = in->delta0.value[i], s = 0.0, M = m, c = 0.0, u = 0.0;
        for (size_t k = 0, t = 1; k < rows; k++) {
            for (; t < T[k]; t++) {
                const double eta = in->eta.eta[t - 1], a = 1.0 - eta * l;
                m *= a;
                s = a * a * s + eta * eta * s2;
                M += m;
                u += 2.0 * a * c + s;
                c = a * c + s;
            }
            gap[k] += 0.5 * l * (M * M + u) / ((double)t * (double)t);
        }
    }
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    double gap;
    sweep(inputs, 1, &in->eta.T, &gap);
    return gap;
}

LAB_BOUND(exact_quad_loss_at_avg) = {
    .base = {.summary =
                 "E f - f* at the mean iterate of SGD on a noisy quadratic, an equality",
             .formula = "sum_i lam_i (M_i^2 + u_i)/(2 T^2),  a = 1 - eta_t lam,\n"
                        "m <- a m,  s <- a^2 s + eta_t^2 s2,  M <- M + m,\n"
                        "u <- u + 2 a c + s,  c <- a c + s",
             .reference = "derived in bounds/exact_quad_loss_at_avg.c",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "On a quadratic with independent additive gradient noise E f - f* of SGD at the "
        "mean of x_1..x_T is known exactly, whatever the steps: mean and variance of the "
        "sum of the iterates obey a recursion.",
    .method = "sgd",
    .limits = {{LAB_GAP_MEAN_ITERATE, LAB_EXACT}},
    .assumes = LAB_NO_PROJECTION | LAB_ADDITIVE_NOISE,
    .inputs = same_length,
    .rhs = rhs,
    .sweep = sweep,
};
