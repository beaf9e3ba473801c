/*
 * problems/log_sum_exp.c -- the smooth maximum of affine functions.
 *
 *     f(x) = s log sum_{i<=n} exp((<a_i, x> - b_i)/s) + (l2/2) ‖x‖^2,   s = temperature,
 *
 * a_i ~ N(0, I), b_i ~ N(0, 1).  With weights w_i = softmax, grad f = sum w_i a_i + l2 x and
 * the Hessian is Cov_w(a)/s + l2 I.  The variance of numbers in [p, q] is at most
 * (q - p)^2/4 (Popoviciu) and their third central moment at most (q - p) times it, so with
 * A = max ‖a_i - a_j‖:  L <= A^2/(4s) + l2,  |f'''| <= (A/s) f''.
 * ‖grad f‖ <= max ‖a_i‖ + l2 ‖x‖.  Without l2 there is a minimiser if and only if 0 lies
 * inside the convex hull of the a_i.
 */
#include <gsl/gsl_cblas.h>
#include <stdlib.h>
#include <string.h>

#include "lab/plugin.h"

struct log_sum_exp {
    size_t n, d, data_seed;
    double temperature, l2;
    double *A, *b; /* n x d, n */
    double apart;  /* max ‖a_i - a_j‖ */
};

static const struct lab_param params[] = {
    LAB_PARAM(struct log_sum_exp, n, 50, "[1,10000]", "affine functions"),
    LAB_PARAM(struct log_sum_exp, d, 10, "[1,2000]", "dimension"),
    LAB_PARAM(struct log_sum_exp, temperature, 1.0, "(0,inf)", "of the soft maximum"),
    LAB_PARAM(struct log_sum_exp, l2, 0.0, "[0,inf)", "weight of (l2/2)‖x‖^2"),
    LAB_PARAM(struct log_sum_exp, data_seed, 1, "[0,inf)", "seed of the a_i and b_i"),
    LAB_PARAM_END,
};

static int open_log_sum_exp(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct log_sum_exp *p = self;
    (void)err;
    gsl_rng *rng = lab_rng_new(p->data_seed, 0, LAB_FOR_DATA);
    p->A = lab_alloc(p->n * p->d, sizeof *p->A);
    p->b = lab_alloc(p->n, sizeof *p->b);
    lab_draw_gaussian(rng, 1.0, p->n * p->d, p->A);
    lab_draw_gaussian(rng, 1.0, p->n, p->b);
    gsl_rng_free(rng);
    facts->d = p->d;
    facts->convex = true;
    facts->cheap = p->n * p->d <= 4096;
    return 0;
}

static void close_log_sum_exp(void *self)
{
    struct log_sum_exp *p = self;
    free(p->A), free(p->b);
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    struct log_sum_exp *p = self;
    double most2 = 0.0, apart2 = 0.0;
    const bool many = (double)p->n * (double)p->n * (double)p->d > 1e9;
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = many ? i : 0; k <= i; k++) {
            const double *a = p->A + i * p->d, *c = p->A + k * p->d;
            double sum = 0.0, norm2 = 0.0;
            for (size_t j = 0; j < p->d; j++) {
                sum += (a[j] - c[j]) * (a[j] - c[j]);
                norm2 += a[j] * a[j];
            }
            apart2 = fmax(apart2, sum), most2 = fmax(most2, norm2);
        }
    apart2 = many ? 4.0 * most2 : apart2; /* the pairs would take too long */
    p->apart = sqrt(apart2);
    facts->work = (double)p->n * (double)p->d * (double)p->d;
    const double L = apart2 / (4.0 * p->temperature) + p->l2;
    lab_know(&facts->L, LAB_ANALYTIC, L, "at most max ‖a_i - a_j‖²/(4 temperature) + l2");
    lab_know(&facts->L_max, LAB_ANALYTIC, L, "as L: there are no samples");
    lab_know(&facts->mu, LAB_ANALYTIC, p->l2, "at least l2");
    const double pull = p->l2 > 0.0 ? p->l2 * lab_domain_farthest(C, NULL) : 0.0;
    if (isfinite(pull)) {
        const double G = sqrt(most2) + pull;
        lab_know(&facts->G, LAB_ANALYTIC, G, "at most max ‖a_i‖ + l2 max ‖x‖");
        lab_know(&facts->G2, LAB_ANALYTIC, G * G, "at most G²");
    } else {
        lab_unknown(&facts->G, "l2 ‖x‖ grows: no bound on all of R^d");
        lab_unknown(&facts->G2, "l2 ‖x‖ grows: no bound on all of R^d");
    }
}

/* f(x) and the weights w. */
static double weigh(const struct log_sum_exp *p, const double *x, double *w)
{
    double top = -INFINITY, sum = 0.0, norm2 = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        double z = -p->b[i];
        for (size_t j = 0; j < p->d; j++)
            z += p->A[i * p->d + j] * x[j];
        w[i] = z / p->temperature;
        top = w[i] > top ? w[i] : top;
    }
    for (size_t i = 0; i < p->n; i++)
        sum += w[i] = exp(w[i] - top);
    for (size_t i = 0; i < p->n; i++)
        w[i] /= sum;
    for (size_t j = 0; j < p->d; j++)
        norm2 += x[j] * x[j];
    return p->temperature * (top + log(sum)) + 0.5 * p->l2 * norm2;
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct log_sum_exp *p = self;
    const size_t d = p->d;
    double *w = lab_alloc(p->n, sizeof *w);
    for (size_t k = 0; k < count; k++, x += d) {
        f[k] = weigh(p, x, w);
        for (size_t j = 0; g && j < d; j++)
            g[k * d + j] = p->l2 * x[j];
        for (size_t i = 0; g && i < p->n; i++)
            for (size_t j = 0; j < d; j++)
                g[k * d + j] += w[i] * p->A[i * d + j];
    }
    free(w);
}

static double model(const void *self, double smoothing, const double *x, double *g,
                    double *H)
{
    const struct log_sum_exp *p = self;
    const int n = (int)p->n, d = (int)p->d;
    double *w = lab_alloc(p->n + p->d + p->n * p->d, sizeof *w), *mean = w + p->n,
           *rows = mean + p->d;
    const double f = weigh(p, x, w);
    (void)smoothing;
    cblas_dgemv(CblasRowMajor, CblasTrans, n, d, 1.0, p->A, d, w, 1, 0.0, mean, 1);
    for (size_t i = 0; i < p->n; i++)
        for (size_t j = 0; j < p->d; j++)
            rows[i * p->d + j] =
                sqrt(w[i] / p->temperature) * (p->A[i * p->d + j] - mean[j]);
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, d, d, n, 1.0, rows, d, rows, d,
                0.0, H, d);
    for (size_t j = 0; j < p->d; j++) {
        H[j * p->d + j] += p->l2;
        g[j] = mean[j] + p->l2 * x[j];
    }
    free(w);
    return f;
}

/* f falls for ever along an x with <a_i, x> < 0 for all i. */
static int escapes(const void *self, const double *x, struct lab_error *why)
{
    const struct log_sum_exp *p = self;
    for (size_t i = 0; i < p->n || p->l2 > 0.0; i++)
        if (p->l2 > 0.0 || cblas_ddot((int)p->d, p->A + i * p->d, 1, x, 1) >= 0.0)
            return 0;
    return lab_fail(why, "0 is not inside the convex hull of the a_i: no minimiser");
}

static double concordance(const void *self)
{
    const struct log_sum_exp *p = self;
    return p->apart / p->temperature;
}

LAB_PROBLEM(log_sum_exp) = {
    .base = {.summary = "smooth maximum of random affine functions",
             .formula = "f(x) = s log sum_i exp((<a_i,x> - b_i)/s) + (l2/2) ‖x‖^2",
             .reference =
                 "Nesterov (2005), sec. 4; Boyd & Vandenberghe (2004), sec. 3.1.5",
             .params = params,
             .size = sizeof(struct log_sum_exp)},
    .group = LAB_GROUP_SMOOTH,
    .strongly = "l2 > 0",
    .open = open_log_sum_exp,
    .close = close_log_sum_exp,
    .constants = constants,
    .objective = objective,
    .model = model,
    .escapes = escapes,
    .concordance = concordance,
};
