/*
 * problems/matrix_factorization.c -- a matrix as a product of two thin ones; nonconvex.
 *
 *     f(U, V) = (1/2N) sum_{(i,j) observed} (<u_i, v_j> - M_ij)^2
 *     M = U_0 V_0' + sigma N(0, 1),  entries of U_0, V_0 ~ N(0, true_rank^{-1/2})
 *
 * x holds the rows u_i, then the rows v_j; N = round(observed rows columns), at least 1.
 * Where all is observed the best U V' is the truncated SVD (Eckart & Young 1936; Mirsky
 * 1960): f* = (sigma_{r+1}^2 + ...)/(2N) at U = P S^{1/2}, V = Q S^{1/2}.  Without noise and
 * with rank >= true_rank, f* = 0 at the planted factors whatever is observed.
 *
 * With r = <u, v> - M_ij, the sampled gradient is (r v, r u), and the sampled Hessian along
 * (p, q) is (<v,p> + <u,q>)^2 + 2 r <p,q> <= (‖u‖^2 + ‖v‖^2 + |r|)(‖p‖^2 + ‖q‖^2).  If
 * ‖x‖ <= X on the domain, ‖u‖^2 + ‖v‖^2 <= X^2 and |r| <= X^2/2 + |M_ij|.
 */
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_randist.h>
#include <stdlib.h>
#include <string.h>

#include "lab/plugin.h"

struct mf {
    size_t rows, columns, rank, true_rank, data_seed, init_seed, N, d;
    double sigma, observed, init_scale;
    uint32_t *cell;           /* N observed entries, row * columns + column */
    double *M, *left, *right; /* M whole; planted factors; one block */
};

static const struct lab_param params[] = {
    LAB_PARAM(struct mf, rows, 20, "[1,1000]", "rows of M"),
    LAB_PARAM(struct mf, columns, 15, "[1,1000]", "columns of M"),
    LAB_PARAM(struct mf, rank, 3, "[1,1000]", "columns of U and V"),
    LAB_PARAM(struct mf, true_rank, 3, "[1,1000]", "rank of the planted M"),
    LAB_PARAM(struct mf, sigma, 0.0, "[0,inf)", "standard deviation added to M"),
    LAB_PARAM(struct mf, observed, 1.0, "(0,1]", "fraction of M that is observed"),
    LAB_PARAM(struct mf, data_seed, 1, "[0,inf)", "seed of the data"),
    LAB_PARAM(struct mf, init_seed, 1, "[0,inf)", "seed of the start"),
    LAB_PARAM(struct mf, init_scale, 0.3, "(0,inf)", "start: N(0, init_scale²)"),
    LAB_PARAM_END,
};

static int open_factorization(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct mf *p = self;
    const size_t cells = p->rows * p->columns, k = p->true_rank;
    const double entry = pow((double)k, -0.25);
    (void)err;
    p->M = lab_alloc(cells + (p->rows + p->columns) * k, sizeof *p->M);
    p->left = p->M + cells, p->right = p->left + p->rows * k;
    gsl_rng *rng = lab_rng_new(p->data_seed, 0, LAB_FOR_DATA);
    lab_draw_gaussian(rng, entry, (p->rows + p->columns) * k, p->left);
    lab_draw_gaussian(rng, p->sigma, cells, p->M);
    for (size_t c = 0; c < cells; c++)
        for (size_t j = 0; j < k; j++)
            p->M[c] += p->left[c / p->columns * k + j] * p->right[c % p->columns * k + j];
    uint32_t *all = lab_alloc(cells, sizeof *all);
    for (size_t c = 0; c < cells; c++)
        all[c] = (uint32_t)c;
    p->N = (size_t)fmax(1.0, round(p->observed * (double)cells));
    p->cell = lab_alloc(p->N, sizeof *p->cell);
    gsl_ran_choose(rng, p->cell, p->N, all, cells, sizeof *all);
    free(all), gsl_rng_free(rng);
    facts->d = p->d = (p->rows + p->columns) * p->rank, facts->n = p->N;
    facts->cheap = p->N * p->rank <= 4096;
    return 0;
}

static void close_factorization(void *self)
{
    struct mf *p = self;
    free(p->M), free(p->cell);
}

/* The planted factors, with columns of zeros behind. */
static void plant(const struct mf *p, double *x)
{
    memset(x, 0, p->d * sizeof *x);
    for (size_t i = 0; i < p->rows + p->columns; i++)
        memcpy(x + i * p->rank, p->left + i * p->true_rank, p->true_rank * sizeof *x);
}

/* The balanced minimiser of the fully observed f; f* is returned.  GSL wants a tall matrix. */
static double truncate(const struct mf *p, double *x)
{
    const bool tall = p->rows >= p->columns;
    const size_t m = tall ? p->rows : p->columns, n = tall ? p->columns : p->rows;
    gsl_matrix_const_view M = gsl_matrix_const_view_array(p->M, p->rows, p->columns);
    gsl_matrix *P = gsl_matrix_alloc(m, n), *Q = gsl_matrix_alloc(n, n);
    gsl_vector *S = gsl_vector_alloc(n), *work = gsl_vector_alloc(n);
    double *of_P = x + (tall ? 0 : p->rows * p->rank), rest = 0.0;
    double *of_Q = x + (tall ? p->rows * p->rank : 0);
    (tall ? gsl_matrix_memcpy : gsl_matrix_transpose_memcpy)(P, &M.matrix);
    gsl_linalg_SV_decomp(P, Q, S, work);
    memset(x, 0, p->d * sizeof *x);
    for (size_t k = 0; k < n; k++) {
        const double s = gsl_vector_get(S, k);
        rest += k < p->rank ? 0.0 : s * s;
        for (size_t i = 0; k < p->rank && i < m; i++) {
            of_P[i * p->rank + k] = sqrt(s) * gsl_matrix_get(P, i, k);
            if (i < n)
                of_Q[i * p->rank + k] = sqrt(s) * gsl_matrix_get(Q, i, k);
        }
    }
    gsl_matrix_free(P), gsl_matrix_free(Q), gsl_vector_free(S), gsl_vector_free(work);
    return 0.5 * rest / (double)p->N;
}

static void bound(const void *self, const struct lab_domain *C, size_t i, double size[3])
{
    const struct mf *p = self;
    const double X = lab_domain_farthest(C, NULL), r = X * X / 2 + fabs(p->M[p->cell[i]]);
    size[LAB_SMOOTHNESS] = X * X + r, size[LAB_STEEPNESS] = X * r;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct mf *p = self;
    lab_know(&facts->f_low, LAB_ANALYTIC, 0.0, "f is a mean of squares");
    if (p->sigma == 0.0 && p->rank >= p->true_rank) {
        plant(p, facts->minimiser);
        lab_know(&facts->f_star, LAB_ANALYTIC, 0.0, "planted, without noise");
    } else if (p->N == p->rows * p->columns) {
        lab_know(&facts->f_star, LAB_COMPUTED, truncate(p, facts->minimiser),
                 "Eckart-Young, by an SVD to rounding");
        facts->f_low = facts->f_star;
    } else {
        lab_unknown(&facts->f_star, "not convex, and no SVD where entries are missing");
    }
    if (facts->f_star.status != LAB_UNKNOWN)
        lab_know(&facts->x_star, facts->f_star.status,
                 cblas_dnrm2((int)p->d, facts->minimiser, 1), "one of many");
    lab_sum_unknown(facts, "gradients and Hessian grow with ‖x‖: no bound on all of R^d");
    const struct lab_sum_sizes all = {p->N, bound};
    lab_sum_know(&all, p, C, "by |M_ij| and max ‖x‖ over the domain", facts);
}

static void start(const void *self, double *x)
{
    const struct mf *p = self;
    lab_draw_start(p->init_seed, p->init_scale, p->d, x);
}

static double one(const void *self, size_t i, double weight, const double *x, double *g)
{
    const struct mf *p = self;
    const size_t k = p->rank, at = p->cell[i] / p->columns * k,
                 to = (p->rows + p->cell[i] % p->columns) * k;
    double miss = -p->M[p->cell[i]];
    for (size_t j = 0; j < k; j++)
        miss += x[at + j] * x[to + j];
    for (size_t j = 0; g && j < k; j++) {
        g[at + j] += weight * miss * x[to + j];
        g[to + j] += weight * miss * x[at + j];
    }
    return 0.5 * miss * miss;
}

LAB_SUM_BUT_COMPONENTS(struct mf, one, p->N, p->d, 0.0)

/* A sampled gradient has only 2 rank entries. */
static void components(const void *self, const double *x, double *loss, double *grad2)
{
    const struct mf *p = self;
    for (size_t i = 0, k = p->rank; i < p->N; i++) {
        const double *u = x + p->cell[i] / p->columns * k;
        const double *v = x + (p->rows + p->cell[i] % p->columns) * k;
        loss[i] = one(self, i, 1.0, x, NULL);
        for (size_t j = 0; grad2 && j < k; j++)
            grad2[i] = (j ? grad2[i] : 0.0) + 2.0 * loss[i] * (u[j] * u[j] + v[j] * v[j]);
    }
}

LAB_PROBLEM(matrix_factorization) = {
    .base = {.summary = "low-rank matrix factorization and completion, nonconvex",
             .formula = "f(U, V) = (1/2N) sum over observed (i,j) (<u_i,v_j> - M_ij)^2\n"
                        "M = U_0 V_0' + sigma N(0, 1), U_0 and V_0 of true_rank columns",
             .reference = "Ge, Jin & Zheng (2017); Eckart & Young (1936)",
             .params = params,
             .size = sizeof(struct mf)},
    .group = LAB_GROUP_NONCONVEX,
    .open = open_factorization,
    .close = close_factorization,
    .constants = constants,
    .start = start,
    .gradient = gradient,
    .objective = objective,
    .components = components,
    .infima = lab_infima_zero, /* <u, v> takes every value */
};
