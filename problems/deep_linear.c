/*
 * problems/deep_linear.c -- a linear model written as a product of matrices; nonconvex.
 *
 *     f(W) = (1/2n) sum_i (p_i - b_i)^2,   p_i = c w_D' W_{D-1}' ... W_1' a_i
 *     c = width^{-(D-1)/2}
 *
 * x holds W_1 (rows of the data's d times width), ..., W_{D-1}, w_D, each input after input, with
 * entries N(0, init_scale^2) at the start.  With D = 2 and n = 1 this is the model of
 * Lewkowycz et al. (2020): below eta lambda = 2, lambda the sharpness at the start,
 * gradient descent is monotone, up to 4 it is thrown to a flatter minimum, beyond it diverges.
 *
 * Every w in R^d is such a product, so f* is that of least squares.  A minimiser: W_1 =
 * t w* e_1'/s, all others t e_1 e_1', s = ‖w*‖ and c t^D = s.
 *
 * Over a domain with ‖x‖ <= X let q = X^2/D, k = c ‖a‖, w_l = ‖W_l‖_F^2, sum_l w_l <= X^2.  By
 * Maclaurin's inequality for the elementary symmetric functions of the w_l,
 *     |p| <= k q^{D/2},   ‖grad p‖^2 <= k^2 sum_l prod_{m != l} w_m <= k^2 D q^{D-1},
 *     ‖Hess p‖ <= k (sum_{l != j} prod_{m != l, j} w_m)^{1/2} <= k (D(D-1) q^{D-2})^{1/2},
 * and G <= |p - b| ‖grad p‖, L_max <= ‖grad p‖^2 + |p - b| ‖Hess p‖.
 */
#include <gsl/gsl_linalg.h>
#include <stdlib.h>

#include "lab/plugin.h"

enum { MOST_DEPTH = 16, MOST_WIDTH = 512 };

struct deep_linear {
    struct lab_data_spec spec;
    size_t depth, width, init_seed;
    double init_scale;
    const struct lab_data *set;
    size_t d;
    double c;
};

static const struct lab_param params[] = {
    LAB_DATA_PARAMS("synthetic"),
    LAB_PARAM(struct deep_linear, depth, 2, "[2,16]", "number D of matrices"),
    LAB_PARAM(struct deep_linear, width, 10, "[1,512]", "columns of W_1, ..., W_{D-1}"),
    LAB_PARAM(struct deep_linear, init_seed, 1, "[0,inf)", "seed of the start"),
    LAB_PARAM(struct deep_linear, init_scale, 1.0, "(0,inf)",
              "start: N(0, init_scale²); 0 is a saddle"),
    LAB_PARAM_END,
};

static int open_deep_linear(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct deep_linear *p = self;
    p->set = lab_data_open(&p->spec, LAB_LABELS_REAL, LAB_PLANTED_GAUSSIAN, err);
    if (!p->set)
        return -1;
    p->d = (p->set->d + (p->depth - 2) * p->width + 1) * p->width;
    p->c = pow((double)p->width, -0.5 * (double)(p->depth - 1));
    facts->d = p->d;
    facts->n = p->set->n;
    facts->cheap = p->set->n * p->d <= 4096;
    return 0;
}

static void close_deep_linear(void *self)
{
    struct deep_linear *p = self;
    if (p->set)
        lab_data_close(p->set);
    p->set = NULL;
}

/* W_1 = w, the shortest solution of least squares, by a complete orthogonal decomposition; rows of
 * zeros make a wide matrix square.  The minimum is returned. */
static double solve(const struct lab_data *set, double *w)
{
    const size_t n = set->n, d = set->d, rows = n > d ? n : d;
    gsl_matrix *A = gsl_matrix_calloc(rows, d);
    gsl_vector *b = gsl_vector_calloc(rows), *rest = gsl_vector_alloc(rows);
    gsl_vector *Q = gsl_vector_alloc(d), *Z = gsl_vector_alloc(d);
    gsl_vector *work = gsl_vector_alloc(d);
    gsl_vector_view x = gsl_vector_view_array(w, d);
    gsl_permutation *order = gsl_permutation_alloc(d);
    size_t rank;
    for (size_t i = 0; i < n; i++) {
        gsl_vector_set(b, i, set->b[i]);
        for (size_t j = 0; j < d; j++)
            gsl_matrix_set(A, i, j, set->A[i * set->stride + j]);
    }
    gsl_linalg_COD_decomp(A, Q, Z, order, &rank, work);
    gsl_linalg_COD_lssolve(A, Q, Z, order, rank, b, &x.vector, rest);
    const double miss = rank == n ? 0.0 : gsl_blas_dnrm2(rest);
    gsl_matrix_free(A), gsl_permutation_free(order), gsl_vector_free(work);
    gsl_vector_free(b), gsl_vector_free(rest), gsl_vector_free(Q), gsl_vector_free(Z);
    return 0.5 * miss * miss / (double)n;
}

static void minimise(const struct deep_linear *p, struct lab_facts *facts)
{
    const size_t d = p->set->d;
    double *w = lab_alloc(d, sizeof *w), *x = facts->minimiser;
    lab_know(&facts->f_star, LAB_COMPUTED, solve(p->set, w),
             "least squares, by an orthogonal decomposition to rounding");
    facts->f_low = facts->f_star;
    const double s = cblas_dnrm2((int)d, w, 1), D = (double)p->depth;
    const double t = pow(s / p->c, 1.0 / D);
    for (size_t j = 0; j < p->d; j++)
        x[j] = 0.0;
    for (size_t j = 0; j < d && s > 0.0; j++)
        x[j * p->width] = t * (w[j] / s);
    for (size_t l = 1; l < p->depth; l++)
        x[(d + (l - 1) * p->width) * p->width] = t;
    lab_know(&facts->x_star, LAB_COMPUTED, sqrt(D) * t,
             "one of many: balanced factors of the least squares solution");
    free(w);
}

static void bound(const void *self, const struct lab_domain *C, size_t i, double size[3])
{
    const struct deep_linear *p = self;
    const double D = (double)p->depth, X = lab_domain_farthest(C, NULL), q = X * X / D;
    const double a = cblas_dnrm2((int)p->set->d, p->set->A + i * p->set->stride, 1);
    const double k = p->c * a, miss = k * pow(q, 0.5 * D) + fabs(p->set->b[i]);
    const double slope = k * sqrt(D * pow(q, D - 1.0));
    const double bend = k * sqrt(D * (D - 1.0) * pow(q, D - 2.0));
    size[LAB_SMOOTHNESS] = slope * slope + miss * bend;
    size[LAB_NORM] = a;
    size[LAB_STEEPNESS] = miss * slope;
}

LAB_SUM_SIZES(struct deep_linear, bound, p->set->n)

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct deep_linear *p = self;
    const double n = (double)p->set->n, d = (double)p->set->d;
    lab_know(&facts->f_low, LAB_ANALYTIC, 0.0, "f is a mean of squares");
    if (n * d * d <= 1e10)
        minimise(p, facts);
    else
        lab_unknown(&facts->f_star, "least squares not solved: n d² = %g is above 1e10",
                    n * d * d);
    lab_sum_unknown(facts, "gradients and Hessian grow with ‖W‖: no bound on all of R^d");
    know_sizes(p, C, "by ‖a_i‖ and max ‖x‖ over the domain", facts);
}

static void start(const void *self, double *x)
{
    const struct deep_linear *p = self;
    lab_draw_start(p->init_seed, p->init_scale, p->d, x);
}

LAB_HOT static double one(const void *self, size_t i, double weight,
                          const double *restrict x, double *restrict g)
{
    const struct deep_linear *p = self;
    const size_t D = p->depth, m = p->width;
    _Alignas(64) double unit[MOST_DEPTH][MOST_WIDTH], slope[2][MOST_WIDTH];
    const double *a = p->set->A + i * p->set->stride, *W = x;
    for (size_t l = 0, in = p->set->d; l < D; l++, W += in * m, in = m)
        lab_layer_forward(in, l + 1 < D ? m : 1, W, l ? unit[l - 1] : a, unit[l]);
    const double miss = p->c * unit[D - 1][0] - p->set->b[i];
    slope[(D - 1) % 2][0] = weight * p->c * miss;
    W = x + p->d, g = g ? g + p->d : NULL;
    for (size_t l = D; g && l-- > 0;) {
        const size_t in = l ? m : p->set->d, out = l + 1 < D ? m : 1;
        W -= in * out, g -= in * out;
        lab_layer_outer(in, out, l ? unit[l - 1] : a, slope[l % 2], g);
        if (l)
            lab_layer_backward(in, out, W, slope[l % 2], slope[(l - 1) % 2]);
    }
    return 0.5 * miss * miss;
}

LAB_SUM(struct deep_linear, one, p->set->n, p->d)

LAB_PROBLEM(deep_linear) = {
    .base = {.summary = "linear regression by a product of matrices, nonconvex",
             .formula = "f(W) = (1/2n) sum_i (c w_D' W_{D-1}' ... W_1' a_i - b_i)^2\n"
                        "c = width^{-(D-1)/2}",
             .reference = "Baldi & Hornik (1989); Lewkowycz et al. (2020)",
             .params = params,
             .size = sizeof(struct deep_linear)},
    .group = LAB_GROUP_NONCONVEX,
    .open = open_deep_linear,
    .close = close_deep_linear,
    .constants = constants,
    .start = start,
    .gradient = gradient,
    .objective = objective,
    .components = components,
    .sizes = sizes,
};
