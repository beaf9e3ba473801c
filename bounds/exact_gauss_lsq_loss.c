/*
 * bounds/exact_gauss_lsq_loss.c -- E f(x) - f* of SGD on Gaussian least squares, exactly.
 *
 * l(x; a, e) = (<a, x - x*> - e)^2/2 on fresh a ~ N(0, H), H = diag(lam), and e independent of it,
 * E e = 0, E e^2 = noise_var.  With the error u = x - x*, g = a (<a, u> - e), coordinate i is
 *
 *     u_i <- u_i - eta (a_i <a, u> - a_i e),
 *
 * and by the fourth moments of Gaussians (Isserlis 1918), E a_i^2 <a, u>^2 = lam_i <u, H u> +
 * 2 lam_i^2 u_i^2, so that p_i = E u_i^2 follows
 *
 *     p_i <- (1 - 2 eta lam_i + 2 eta^2 lam_i^2) p_i + eta^2 lam_i (sum_j lam_j p_j + noise_var)
 *
 * from p_i = delta0_i^2: closed in the p_i alone.  E f - f* = sum_i lam_i p_i/2.  Row t, of x_t, is
 * T = t - 1.
 */
#include <stdlib.h>
#include <string.h>

#include "lab/plugin.h"

struct inputs {
    struct lab_vector lam, delta0;
    double noise_var;
    struct lab_steps eta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, lam, LAB_REQUIRED, "[0,inf)", "eigenvalues of H"),
    LAB_PARAM(struct inputs, delta0, LAB_REQUIRED, "(-inf,inf)",
              "x_1 - x* along the eigenvectors"),
    LAB_PARAM(struct inputs, noise_var, LAB_REQUIRED, "[0,inf)", "variance of e"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "eta_1, ..., eta_T"),
    LAB_PARAM_END,
};

static int same_length(const void *inputs, struct lab_error *err)
{
    const struct inputs *in = inputs;
    if (in->lam.n && in->delta0.n == in->lam.n)
        return 0;
    return lab_fail(err,
                    "lam and delta0 must be lists of the same length, not of %zu and %zu "
                    "numbers",
                    in->lam.n, in->delta0.n);
}

static int check(const struct lab_course *c, struct lab_error *why)
{
    if (strcmp(c->problem, "gauss_least_squares") != 0)
        return lab_fail(why, "is about gauss_least_squares, not %s", c->problem);
    if (c->batch != 1)
        return lab_fail(why, "needs one sample a step, not batch = %zu", c->batch);
    if (c->noise->law != LAB_NO_NOISE)
        return lab_fail(why, "needs gradients of samples alone, but noise is added");
    return 0;
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    (void)measured, (void)why;
    ((struct inputs *)inputs)->noise_var = c->facts->label2;
    return 0;
}

static double half_sum(const struct lab_vector *lam, const double *p)
{
    double sum = 0.0;
    for (size_t i = 0; i < lam->n; i++)
        sum += lam->value[i] * p[i];
    return 0.5 * sum;
}

static void sweep(const void *inputs, size_t rows, const size_t *T, double *gap)
{
    const struct inputs *in = inputs;
    double *p = lab_alloc(in->lam.n, sizeof *p);
    for (size_t i = 0; i < in->lam.n; i++)
        p[i] = in->delta0.value[i] * in->delta0.value[i];
    for (size_t k = 0, t = 0; k < rows; k++) {
        for (; t < T[k]; t++) {
            const double eta = in->eta.eta[t];
            const double error = 2.0 * half_sum(&in->lam, p) + in->noise_var;
            for (size_t i = 0; i < in->lam.n; i++) {
                const double h = eta * in->lam.value[i];
                p[i] = (1.0 - 2.0 * h + 2.0 * h * h) * p[i] + eta * h * error;
            }
        }
        gap[k] = half_sum(&in->lam, p);
    }
    free(p);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    double gap;
    sweep(inputs, 1, &in->eta.T, &gap);
    return gap;
}

LAB_BOUND(exact_gauss_lsq_loss) = {
    .base = {.summary = "E f(x_t) - f* of SGD on Gaussian least squares, an equality",
             .formula = "sum_i lam_i p_i/2 after T updates of\n"
                        "p_i <- (1 - 2 eta_t lam_i + 2 eta_t^2 lam_i^2) p_i\n"
                        "       + eta_t^2 lam_i (sum_j lam_j p_j + noise_var)",
             .reference = "derived in bounds/exact_gauss_lsq_loss.c",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD on a stream of least squares with Gaussian rows, one sample a step: the "
        "second moments of the error along the eigenvectors obey a closed recursion, so "
        "E f(x_t) - f* is known exactly, whatever the steps.  The noise grows with the "
        "error, so a step that is too large diverges.",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_EXACT}},
    .assumes = LAB_NO_PROJECTION,
    .lag = 1,
    .check = check,
    .bind = bind,
    .inputs = same_length,
    .rhs = rhs,
    .sweep = sweep,
};
