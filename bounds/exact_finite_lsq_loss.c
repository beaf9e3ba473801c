/*
 * bounds/exact_finite_lsq_loss.c -- E f(x) - f* of SGD on least squares, exactly.
 *
 * l_i(x) = (<a_i, x> - b_i)^2/2 + (l2/2) ‖x‖^2, i drawn anew of n in every step; f has the
 * Hessian H = mean a a' + l2 I.  With r_i = <a_i, x*> - b_i, y = (x - x*, 1), c_i = (a_i, r_i)
 * and D = [I x*] the gradient is linear in y, g = a_i <c_i, y> + l2 D y, with mean B y over i,
 * B = C + l2 D, C = mean a c'.  So Y = E y y' is all it takes: point i misses by
 * w_i = E <c_i, y>^2 = c_i'Y c_i, of which 2 r_i <a_i, E(x - x*)> is easily forgotten.  With the
 * mean step and the variance of what i adds to it,
 *     Y <- (I - eta B) Y (I - eta B)' + eta^2 (mean w a a' - C Y C'),
 *
 * B, C, a a' with zeros where y has its 1.  E f(x) - f* = tr(B Y)/2, as B = [H 0].  A step
 * costs about 2 n d^2 + 4 d^3 multiplications.  Row t, of x_t, is T = t - 1.
 */
#include <gsl/gsl_cblas.h>
#include <gsl/gsl_multifit.h>
#include <stdlib.h>
#include <string.h>

#include "lab/plugin.h"

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
    const size_t nd = in->A.n, n = in->b.n, d = in->w1.n;
    return d && n >= d && nd == n * d
               ? 0
               : lab_fail(err, "A, b, w1 have %zu, %zu, %zu numbers: not n d, n >= d, d",
                          nd, n, d);
}

static int check(const struct lab_course *c, struct lab_error *why)
{
    const double n = (double)c->facts->n, d = (double)c->facts->d, most = 1e10;
    const double work = (double)c->eta.T * (2.0 * n + 4.0 * d) * d * d;
    if (strcmp(c->problem, "least_squares") != 0)
        return lab_fail(why, "is about least_squares, not %s", c->problem);
    if (c->batch != 1 || strcmp(c->sampling, "iid") != 0)
        return lab_fail(why, "needs iid samples of 1, not %s, batch = %zu", c->sampling,
                        c->batch);
    if (work > most) /* some seconds */
        return lab_fail(why, "T (2 n d^2 + 4 d^3) = %.3g exceeds %.3g", work, most);
    return 0;
}

/* A run's data are where they are: read only. */
static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    const struct lab_data *set = ((const struct lab_linear *)c->oracle_self)->set;
    double norm; /* lab_linear: the first member of such problems */
    if (lab_take(&c->facts->x_star, "x_star", &norm, measured, why))
        return -1;
    if (!set->A)
        return lab_fail(why, "needs dense rows");
    in->A = (struct lab_vector){.n = set->n * set->d, .value = set->A};
    in->b = (struct lab_vector){.n = set->n, .value = set->b};
    in->w1 = (struct lab_vector){.n = set->d, .value = c->facts->x1};
    in->stride = set->stride;
    in->l2 = lab_problem_option(c, "l2");
    in->star = c->facts->minimiser;
    return 0;
}

/* x*; that of inputs by hand has l2 = 0, n >= d. */
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

/* n rows c_i; e x e, e = d + 1: C, B, Y, mean w a a' and products. */
struct work {
    int d, e;
    double *C, *B, *Y, *W, *BY, *BYB, *CY, *CYC, *v, *c;
};

/* Z = X Y or X Y', all e x e. */
static void times(int e, CBLAS_TRANSPOSE_t op, const double *X, const double *Y,
                  double *Z)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, op, e, e, e, 1.0, X, e, Y, e, 0.0, Z, e);
}

static void begin(const struct inputs *in, const struct work *k)
{
    const size_t n = in->b.n, e = (size_t)k->e, d = e - 1;
    double *x = k->v;
    in->star ? (void)memcpy(x, in->star, d * sizeof *x) : solve(in, x);
    for (size_t i = 0; i < n; i++) {
        double *c = k->c + i * e;
        memcpy(c, in->A.value + i * (in->stride ? in->stride : d), d * sizeof *c);
        c[d] = cblas_ddot((int)d, c, 1, x, 1) - in->b.value[i];
        cblas_dger(CblasRowMajor, k->d, k->e, 1.0 / (double)n, c, 1, c, 1, k->C, k->e);
    }
    memcpy(k->B, k->C, e * e * sizeof *k->B);
    for (size_t j = 0; j < d; j++)
        k->B[j * e + j] += in->l2, k->B[j * e + d] += in->l2 * x[j];
    for (size_t j = 0; j < e; j++)
        k->v[j] = j < d ? in->w1.value[j] - x[j] : 1.0;
    cblas_dger(CblasRowMajor, k->e, k->e, 1.0, k->v, 1, k->v, 1, k->Y, k->e);
}

static void update(const struct inputs *in, const struct work *k, double eta)
{
    const size_t n = in->b.n, e = (size_t)k->e;
    memset(k->W, 0, e * e * sizeof *k->W);
    for (size_t i = 0; i < n; i++) {
        const double *c = k->c + i * e;
        cblas_dsymv(CblasRowMajor, CblasLower, k->e, 1.0, k->Y, k->e, c, 1, 0.0, k->v, 1);
        const double w = cblas_ddot(k->e, c, 1, k->v, 1);
        cblas_dger(CblasRowMajor, k->d, k->d, w / (double)n, c, 1, c, 1, k->W, k->e);
    }
    times(k->e, CblasNoTrans, k->B, k->Y, k->BY);
    times(k->e, CblasTrans, k->BY, k->B, k->BYB);
    times(k->e, CblasNoTrans, k->C, k->Y, k->CY);
    times(k->e, CblasTrans, k->CY, k->C, k->CYC);
    for (size_t i = 0; i < e; i++)
        for (size_t j = 0, at = i * e; j < e; j++, at++)
            k->Y[at] += eta * eta * (k->W[at] + k->BYB[at] - k->CYC[at]) -
                        eta * (k->BY[at] + k->BY[j * e + i]);
}

static void sweep(const void *inputs, size_t rows, const size_t *T, double *gap)
{
    const struct inputs *in = inputs;
    const size_t e = in->w1.n + 1, e2 = e * e;
    double *m = lab_alloc(8 * e2 + e + in->b.n * e, sizeof *m), *v = m + 8 * e2;
    const struct work k = {(int)e - 1, (int)e,     m,          m + e2,
                           m + 2 * e2, m + 3 * e2, m + 4 * e2, m + 5 * e2,
                           m + 6 * e2, m + 7 * e2, v,          v + e};
    begin(in, &k);
    for (size_t i = 0, t = 0; i < rows; i++) {
        while (t < T[i])
            update(in, &k, in->eta.eta[t++]);
        gap[i] = 0.5 * cblas_ddot((int)e2, k.B, 1, k.Y, 1);
    }
    free(m);
}

static double rhs(const void *inputs)
{
    double gap;
    sweep(inputs, 1, &((const struct inputs *)inputs)->eta.T, &gap);
    return gap;
}

LAB_BOUND(exact_finite_lsq_loss) = {
    .base =
        {"E f(x_t) - f* of SGD on least squares, an equality",
         "tr(B Y)/2 after T updates of, y = (x - x*, 1), Y = E y y', w_i = c_i'Y c_i,\n"
         "Y <- (I - eta_t B) Y (I - eta_t B)' + eta_t^2 (mean w_i a_i a_i' - B Y B')\n"
         "c_i = (a_i, r_i),  r_i = <a_i, x*> - b_i,  B = mean a_i c_i'",
         "derived in bounds/exact_finite_lsq_loss.c", params, sizeof(struct inputs)},
    .statement = "SGD on least squares, one data point a step drawn anew: the first two "
                 "moments of the error obey a recursion that gives E f(x_t) - f*.",
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
