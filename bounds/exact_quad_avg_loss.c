/*
 * bounds/exact_quad_avg_loss.c -- average E f(x_t) - f* of SGD on a noisy quadratic, exactly.
 *
 * bounds/exact_quad_loss.c has the recursion of mean m and variance s of the error along an
 * eigenvector, and E f(x_t) - f* = sum_i l_i (m_i^2 + s_i)/2.  Here that is averaged over x_1..x_T;
 * the last step, which leads to x_{T+1}, does not enter.
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
        double m = in->delta0.value[i], s = 0.0, sum = 0.0;
        for (size_t k = 0, t = 0; k < rows; k++) {
            for (; t < T[k]; t++) {
                const double eta = in->eta.eta[t], a = 1.0 - eta * l;
                sum += m * m + s;
                m *= a;
                s = a * a * s + eta * eta * s2;
            }
            gap[k] += 0.5 * l * sum / (double)T[k];
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

LAB_BOUND(exact_quad_avg_loss) = {
    .base = {.summary = "average E f(x_t) - f* of SGD on a noisy quadratic, an equality",
             .formula = "(1/T) sum_{t<=T} sum_i lam_i (m_i^2 + s_i)/2 at x_t,\n"
                        "m <- (1 - eta_t lam) m,  s <- (1 - eta_t lam)^2 s + eta_t^2 s2",
             .reference = "derived in bounds/exact_quad_avg_loss.c",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "On a quadratic with independent additive gradient noise the average over "
        "t <= T of E f(x_t) - f* of SGD is known exactly, whatever the steps.",
    .method = "sgd",
    .limits = {{LAB_AVG_GAP, LAB_EXACT}},
    .assumes = LAB_NO_PROJECTION | LAB_ADDITIVE_NOISE,
    .inputs = same_length,
    .rhs = rhs,
    .sweep = sweep,
};
