/*
 * bounds/exact_quad_loss.c -- E f(x) - f* of SGD on a noisy quadratic, exactly.
 *
 * Along the eigenvector with eigenvalue l the error e_t = <q, x_t - x*> obeys
 * e_{t+1} = (1 - eta_t l) e_t - eta_t z_t with independent noise, E z = 0, E z^2 = s2.
 * So its mean m and variance s follow
 *
 *     m <- (1 - eta l) m,    s <- (1 - eta l)^2 s + eta^2 s2,
 *
 * from m = delta0, s = 0, and E f - f* = sum_i l_i (m_i^2 + s_i)/2.  The formula takes the
 * T updates eta_1..eta_T, so row t of `gap`, which speaks of x_t, is T = t - 1.
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
        double m = in->delta0.value[i], s = 0.0;
        for (size_t k = 0, t = 0; k < rows; k++) {
            for (; t < T[k]; t++) {
                const double eta = in->eta.eta[t], a = 1.0 - eta * l;
                m *= a;
                s = a * a * s + eta * eta * s2;
            }
            gap[k] += 0.5 * l * (m * m + s);
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

LAB_BOUND(exact_quad_loss) = {
    .base = {.summary = "E f(x_t) - f* of SGD on a noisy quadratic, an equality",
             .formula = "sum_i lam_i (m_i^2 + s_i)/2 after T updates of\n"
                        "m <- (1 - eta_t lam) m,  s <- (1 - eta_t lam)^2 s + eta_t^2 s2",
             .reference = "derived in bounds/exact_quad_loss.c",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "On a quadratic with independent additive gradient noise the mean and the "
        "variance of the error obey a recursion along each eigenvector, so "
        "E f(x_t) - f* is known exactly: the run must agree from both sides.",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_EXACT}},
    .assumes = LAB_NO_PROJECTION,
    .lag = 1,
    .inputs = same_length,
    .rhs = rhs,
    .sweep = sweep,
};
