/*
 * bounds/exact_finite_lsq_loss.c -- E f(x) - f* of SGD on least squares, exactly.
 *
 * l_i(x) = (<a_i, x> - b_i)^2/2 + (l2/2) ‖x‖^2, i drawn anew of n in every step; S = mean a a'.
 * f has Hessian S + l2 I and minimiser x*; r_i = <a_i, x*> - b_i, so mean r a = -l2 x*.  With
 * the error u = x - x*, g = a_i (<a_i, u> + r_i) + l2 (u + x*).  Let m = E u, M = E u u'.  Point i
 * misses by w_i = E (<a_i, u> + r_i)^2 = a_i'M a_i + 2 r_i <a_i, m> + r_i^2, of which the
 * middle is easily forgotten, and mean over i (<a_i, u> + r_i) a_i = S u - l2 x*.  So
 *
 *     E g g' = mean w a a' + l2 (V + V') + l2^2 E (u + x*)(u + x*)',
 *     V = E (S u - l2 x*)(u + x*)' = S M + S m x*' - l2 x* m' - l2 x* x*',
 *     M <- M - eta [(S + l2) M + M (S + l2)] + eta^2 E g g',   m <- m - eta (S + l2) m;
 *
 * terms in x* m' cancel and leave of l2: l2 (S M + M S + S m x*' + x* m'S) + l2^2 (M - x* x*').
 * E f(x) - f* = tr((S + l2) M)/2.  A step costs about 3 n d^2/2 + d^3 multiplications.
 * Row t, of x_t, is T = t - 1.
 */
#include <gsl/gsl_multifit.h>
#include <stdlib.h>
#include <string.h>

#include "lab/plugin.h"

static const double MOST_WORK = 1e10; /* multiplications, some seconds */

struct inputs {
    struct lab_vector A, b, w1;
    struct lab_steps eta;
    size_t stride;      /* of a run: row i starts at A + i stride; 0: d */
    double l2;          /* of a run */
    const double *star; /* of a run: x*; NULL: to be found */
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, A, LAB_REQUIRED, "(-inf,inf)", "n x d, row after row"),
    LAB_PARAM(struct inputs, b, LAB_REQUIRED, "(-inf,inf)", "n labels"),
    LAB_PARAM(struct inputs, w1, LAB_REQUIRED, "(-inf,inf)", "x_1, d numbers"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "eta_1, ..., eta_T"),
    LAB_PARAM_END,
};

static int fit(const void *inputs, struct lab_error *err)
{
    const struct inputs *in = inputs;
    if (in->w1.n && in->b.n >= in->w1.n && in->A.n == in->b.n * in->w1.n)
        return 0;
    return lab_fail(err, "A has %zu numbers, b %zu, w1 %zu: not n d, n, d with n >= d",
                    in->A.n, in->b.n, in->w1.n);
}

static int check(const struct lab_course *c, struct lab_error *why)
{
    const double n = (double)c->facts->n, d = (double)c->facts->d,
                 work = (double)c->eta.T * (1.5 * n * d * d + d * d * d);
    if (strcmp(c->problem, "least_squares") != 0)
        return lab_fail(why, "is about least_squares, not %s", c->problem);
    if (c->batch != 1 || strcmp(c->sampling, "iid") != 0)
        return lab_fail(why, "needs one data point a step, iid, not batch = %zu, %s",
                        c->batch, c->sampling);
    if (work > MOST_WORK)
        return lab_fail(why, "T (3 n d^2/2 + d^3) = %.3g multiplications; %.3g are made",
                        work, MOST_WORK);
    return 0;
}

/* A run's data are where they are: read only. */
static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    const struct lab_linear *linear = c->oracle_self; /* first member of such problems */
    const struct lab_data *set = linear->set;
    double norm;
    if (lab_take(&c->facts->x_star, "x_star", &norm, measured, why))
        return -1;
    if (!set->A)
        return lab_fail(why, "needs dense rows");
    in->A = (struct lab_vector){.n = set->n * set->d, .value = set->A};
    in->b = (struct lab_vector){.n = set->n, .value = set->b};
    in->w1 = (struct lab_vector){.n = set->d, .value = c->facts->x1};
    in->stride = set->stride;
    in->l2 = linear->l2;
    in->star = c->facts->minimiser;
    return 0;
}

static double dot(size_t d, const double *x, const double *y)
{
    double sum = 0.0;
    for (size_t j = 0; j < d; j++)
        sum += x[j] * y[j];
    return sum;
}

static const double *row(const struct inputs *in, size_t i)
{
    return in->A.value + i * (in->stride ? in->stride : in->w1.n);
}

/* Q = mean w_i a_i a_i'. */
static void gram(const struct inputs *in, const double *w, double *Q)
{
    const size_t d = in->w1.n, n = in->b.n;
    memset(Q, 0, d * d * sizeof *Q);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k <= j; k++)
                Q[j * d + k] += w[i] / (double)n * row(in, i)[j] * row(in, i)[k];
    for (size_t j = 0; j < d; j++)
        for (size_t k = 0; k < j; k++)
            Q[k * d + j] = Q[j * d + k];
}

/* x* of l2 = 0, n >= d. */
static void solve(const struct inputs *in, double *x)
{
    const size_t d = in->w1.n, n = in->b.n;
    double rest;
    gsl_matrix_const_view A = gsl_matrix_const_view_array(in->A.value, n, d);
    gsl_vector_const_view b = gsl_vector_const_view_array(in->b.value, n);
    gsl_vector_view to = gsl_vector_view_array(x, d);
    gsl_multifit_linear_workspace *space = gsl_multifit_linear_alloc(n, d);
    gsl_matrix *unused = gsl_matrix_alloc(d, d);
    gsl_multifit_linear(&A.matrix, &b.vector, &to.vector, unused, &rest, space);
    gsl_matrix_free(unused), gsl_multifit_linear_free(space);
}

/* x*, r, E u, E u u'; S, S M, mean w a a', S m, w. */
struct moments {
    double *x, *r, *m, *M, *S, *P, *Q, *v, *w;
};

static void update(const struct inputs *in, const struct moments *y, double eta)
{
    const size_t d = in->w1.n;
    const double l2 = in->l2, *x = y->x, *v = y->v;
    for (size_t j = 0; j < d; j++) {
        y->v[j] = dot(d, y->S + j * d, y->m);
        for (size_t k = 0; k < d; k++) /* both are symmetric */
            y->P[j * d + k] = dot(d, y->S + j * d, y->M + k * d);
    }
    for (size_t i = 0; i < in->b.n; i++) {
        const double *a = row(in, i), r = y->r[i];
        y->w[i] = r * (2.0 * dot(d, a, y->m) + r);
        for (size_t j = 0; j < d; j++)
            y->w[i] += a[j] * dot(d, y->M + j * d, a);
    }
    gram(in, y->w, y->Q);
    for (size_t j = 0; j < d; j++) {
        y->m[j] -= eta * (v[j] + l2 * y->m[j]);
        for (size_t k = 0; k < d; k++) {
            double *M = y->M + j * d + k;
            const double both = y->P[j * d + k] + y->P[k * d + j];
            const double second = y->Q[j * d + k] +
                                  l2 * (both + v[j] * x[k] + x[j] * v[k]) +
                                  l2 * l2 * (*M - x[j] * x[k]);
            *M += eta * eta * second - eta * (both + 2.0 * l2 * *M);
        }
    }
}

static void begin(const struct inputs *in, const struct moments *y)
{
    const size_t d = in->w1.n;
    if (in->star)
        memcpy(y->x, in->star, d * sizeof *y->x);
    else
        solve(in, y->x);
    for (size_t i = 0; i < in->b.n; i++) {
        y->r[i] = dot(d, row(in, i), y->x) - in->b.value[i];
        y->w[i] = 1.0;
    }
    gram(in, y->w, y->S);
    for (size_t j = 0; j < d; j++)
        y->m[j] = in->w1.value[j] - y->x[j];
    for (size_t j = 0; j < d * d; j++)
        y->M[j] = y->m[j / d] * y->m[j % d];
}

static void sweep(const void *inputs, size_t rows, const size_t *T, double *gap)
{
    const struct inputs *in = inputs;
    const size_t d = in->w1.n, n = in->b.n;
    double *at = lab_alloc(2 * n + 3 * d + 4 * d * d, sizeof *at);
    const struct moments y = {at,
                              at + d,
                              at + d + n,
                              at + 2 * d + n,
                              at + 2 * d + n + d * d,
                              at + 2 * d + n + 2 * d * d,
                              at + 2 * d + n + 3 * d * d,
                              at + 2 * d + n + 4 * d * d,
                              at + 3 * d + n + 4 * d * d};
    begin(in, &y);
    for (size_t k = 0, t = 0; k < rows; k++) {
        for (; t < T[k]; t++)
            update(in, &y, in->eta.eta[t]);
        gap[k] = 0.5 * dot(d * d, y.S, y.M);
        for (size_t j = 0; j < d; j++)
            gap[k] += 0.5 * in->l2 * y.M[j * d + j];
    }
    free(at);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    double gap;
    sweep(inputs, 1, &in->eta.T, &gap);
    return gap;
}

LAB_BOUND(exact_finite_lsq_loss) = {
    .base =
        {"E f(x_t) - f* of SGD on least squares, an equality",
         "tr(S M)/2 after T updates from m = x_1 - x*, M = m m' of\n"
         "M <- M - eta_t (S M + M S) + eta_t^2 mean w_i a_i a_i',  m <- m - eta_t S m\n"
         "w_i = a_i'M a_i + 2 r_i <a_i, m> + r_i^2,  r_i = <a_i, x*> - b_i,  S = mean a "
         "a'",
         "derived in bounds/exact_finite_lsq_loss.c", params, sizeof(struct inputs)},
    .statement = "SGD on least squares (and l2), one data point a step drawn anew: first "
                 "and second moments of the error obey a closed recursion, so E f(x_t) - "
                 "f* is known exactly, whatever the steps.",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_EXACT}},
    .assumes = LAB_NO_PROJECTION | LAB_FINITE_SUM,
    .lag = 1,
    .check = check,
    .bind = bind,
    .inputs = fit,
    .rhs = rhs,
    .sweep = sweep,
};
