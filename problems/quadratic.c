/*
 * problems/quadratic.c -- a convex quadratic whose every constant is known.
 *
 *     f(x) = (1/2) <x, H x>,  H = Q' diag(lam) Q,  x* = 0, f* = 0
 *
 * lam is given (`eigenvalues`) or spaced evenly in log from L down to mu.  With
 * `rotate` Q is a uniformly random rotation (QR of a Gaussian matrix, Stewart 1980),
 * else the identity.  Noise comes from the option `noise` of every problem.
 */
#include <gsl/gsl_cblas.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_statistics_double.h>
#include <stdlib.h>
#include <string.h>

#include "lab/plugin.h"

enum { MOST_ROTATED = 1000 }; /* every step costs d^2 */

struct quadratic {
    struct lab_vector eigenvalues;
    size_t d, rotation_seed;
    double L, mu;
    bool rotate;
    double *lam, *Q; /* d; d x d, rows are eigenvectors, NULL unless rotated */
};

static const struct lab_param params[] = {
    LAB_PARAM(struct quadratic, eigenvalues, LAB_UNSET, "[0,inf)",
              "of H; a list (then d, L and mu follow from it)"),
    LAB_PARAM(struct quadratic, d, 0, "[0,10000]",
              "dimension; 0: 10, or that of eigenvalues"),
    LAB_PARAM(struct quadratic, L, 1.0, "(0,inf)", "greatest eigenvalue, without a list"),
    LAB_PARAM(struct quadratic, mu, 0.01, "(0,inf)", "least eigenvalue, without a list"),
    LAB_PARAM(struct quadratic, rotate, false, "[0,1]", "rotate the axes at random"),
    LAB_PARAM(struct quadratic, rotation_seed, 1, "[0,inf)", "which rotation"),
    LAB_PARAM_END,
};

/* Rows of Q: orthonormal, uniform over rotations and reflections. */
static void make_rotation(struct quadratic *p)
{
    const size_t d = p->d;
    gsl_rng *rng = lab_rng_new(p->rotation_seed, 0, LAB_FOR_ROTATION);
    gsl_matrix *A = gsl_matrix_alloc(d, d), *Q = gsl_matrix_alloc(d, d),
               *R = gsl_matrix_alloc(d, d);
    gsl_vector *tau = gsl_vector_alloc(d);
    for (size_t i = 0; i < d; i++)
        lab_draw_gaussian(rng, 1.0, d, gsl_matrix_ptr(A, i, 0));
    gsl_linalg_QR_decomp(A, tau);
    gsl_linalg_QR_unpack(A, tau, Q, R);
    p->Q = lab_alloc(d * d, sizeof *p->Q);
    for (size_t k = 0; k < d; k++) { /* the sign makes the law uniform */
        double sign = gsl_matrix_get(R, k, k) < 0.0 ? -1.0 : 1.0;
        for (size_t j = 0; j < d; j++)
            p->Q[k * d + j] = sign * gsl_matrix_get(Q, j, k);
    }
    gsl_matrix_free(A), gsl_matrix_free(Q), gsl_matrix_free(R), gsl_vector_free(tau);
    gsl_rng_free(rng);
}

static int open_quadratic(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct quadratic *p = self;
    p->lam = lab_eigenvalues(&p->eigenvalues, &p->d, p->L, p->mu, err);
    if (!p->lam)
        return -1;
    if (p->rotate && p->d > MOST_ROTATED) {
        free(p->lam);
        return lab_fail(err, "rotate needs d <= %d, not %zu", MOST_ROTATED, p->d);
    }
    if (p->rotate)
        make_rotation(p);
    facts->d = p->d;
    facts->convex = true;
    facts->cheap = true;
    return 0;
}

static void close_quadratic(void *self)
{
    struct quadratic *p = self;
    free(p->lam), free(p->Q);
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    struct quadratic *p = self;
    double least, greatest, rho = lab_domain_farthest(C, NULL);
    gsl_stats_minmax(&least, &greatest, p->lam, 1, p->d);
    lab_know(&facts->L, LAB_ANALYTIC, greatest, "greatest eigenvalue");
    lab_know(&facts->L_max, LAB_ANALYTIC, greatest, "greatest eigenvalue");
    lab_know(&facts->mu, LAB_ANALYTIC, least, "least eigenvalue");
    for (size_t i = 0; i < p->d; i++)
        if (p->lam[i] > 0.0 && !(facts->PL.value <= p->lam[i]))
            lab_know(&facts->PL, LAB_ANALYTIC, p->lam[i], "least positive eigenvalue");
    lab_know(&facts->f_star, LAB_ANALYTIC, 0.0, "closed form");
    lab_know(&facts->x_star, LAB_ANALYTIC, 0.0, "closed form: 0");
    if (isfinite(rho)) {
        double G = greatest * rho;
        lab_know(&facts->G, LAB_ANALYTIC, G, "L max ‖x‖ over the domain");
        lab_know(&facts->G2, LAB_ANALYTIC, G * G, "L² max ‖x‖² over the domain");
    } else {
        lab_unknown(&facts->G, "grows with ‖x‖: no bound on all of R^d");
        lab_unknown(&facts->G2, "grows with ‖x‖: no bound on all of R^d");
    }
    facts->lam = p->lam;
    facts->basis = p->Q;
}

static void start(const void *self, double *x)
{
    const struct quadratic *p = self;
    for (size_t i = 0; i < p->d; i++)
        x[i] = 1.0;
}

/* f = (1/2) sum_i lam_i <q_i, x>^2 has no cancellation: near x* it is right to the last
 * digits, which <x, H x> is not. */
static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct quadratic *p = self;
    const size_t d = p->d;
    double *y = lab_alloc(d, sizeof *y);
    for (size_t k = 0; k < count; k++, x += d) {
        if (p->Q)
            cblas_dgemv(CblasRowMajor, CblasNoTrans, (int)d, (int)d, 1.0, p->Q, (int)d, x,
                        1, 0.0, y, 1);
        else
            memcpy(y, x, d * sizeof *y);
        f[k] = 0.0;
        for (size_t i = 0; i < d; i++) {
            f[k] += 0.5 * p->lam[i] * y[i] * y[i];
            y[i] *= p->lam[i];
        }
        if (g && p->Q)
            cblas_dgemv(CblasRowMajor, CblasTrans, (int)d, (int)d, 1.0, p->Q, (int)d, y,
                        1, 0.0, g + k * d, 1);
        else if (g)
            memcpy(g + k * d, y, d * sizeof *y);
    }
    free(y);
}

static double model(const void *self, double smoothing, const double *x, double *g,
                    double *H)
{
    const struct quadratic *p = self;
    const size_t d = p->d;
    double f;
    (void)smoothing;
    objective(self, 1, x, &f, g);
    memset(H, 0, d * d * sizeof *H);
    for (size_t k = 0; k < d; k++)
        if (p->Q)
            cblas_dger(CblasRowMajor, (int)d, (int)d, p->lam[k], p->Q + k * d, 1,
                       p->Q + k * d, 1, H, (int)d);
        else
            H[k * d + k] = p->lam[k];
    return f;
}

LAB_PROBLEM(quadratic) = {
    .base = {.summary = "convex quadratic with a given spectrum",
             .formula = "f(x) = <x, H x>/2,  H = Q' diag(lam) Q",
             .reference = "Bottou, Curtis & Nocedal (2018), sec. 4",
             .params = params,
             .size = sizeof(struct quadratic)},
    .group = LAB_GROUP_SMOOTH,
    .strongly = "mu > 0",
    .open = open_quadratic,
    .close = close_quadratic,
    .constants = constants,
    .start = start,
    .objective = objective,
    .model = model,
    .concordance = lab_no_concordance,
};
