/*
 * lab/linear_model.c -- linear models as the solver sees them: a smooth F with its
 * Hessian, and lower bounds from duality where phi has a kink.
 *
 * phi(z; b) = m r + h |r|, r = z - b, |m| <= h, becomes m r + h psi(r) for smoothing s,
 *
 *     psi(r) = min over u > |r| of u - (s/2) log((u^2 - r^2)/s^2)
 *            = u - (s/2) log(u/s),   u = (s + sqrt(s^2 + 4 r^2))/2,   psi' = r/u,
 *
 * |r| - (s/2) log(1 + |r|/s) <= psi(r) <= |r| + s.  This is the logarithmic barrier of
 * u > |r|: far from the kink its curvature falls like s/r^2, slowly enough that Newton's
 * systems stay well-posed along the path (sqrt(r^2 + s^2), like s^2/r^3, fails on some
 * data).
 *
 * For every y_i in [m_i - h_i, m_i + h_i] and every z in C,
 *
 *     f(z) >= (1/n) sum_i y_i (<a_i, z> - b_i) + (l2/2) ‖z‖^2,
 *
 * whose least value over C has a closed form (Boyd, Vandenberghe 2004, sec. 5.7.1).  y_i
 * = F's slopes make it tight to order s, once they are exact: near a kink r_i is known to
 * 1e-16 but divided by s.  One Newton step, too short to move x, corrects them linearly.
 */
#include "lab/linear.h"

#include <gsl/gsl_cblas.h>
#include <stdlib.h>
#include <string.h>

#include "lab/newton.h"
#include "lab/parallel.h"
#include "lab/rows.h"

enum { ROWS = 256, ROUNDS = 3, PARTS = 4 };
static const double SHARED = 1e7; /* multiplications from which cores share the work */

/* Value, slope and curvature of the (smoothed) loss. */
static double soften(const struct lab_linear *p, double s, double z, double b,
                     double *slope, double *curvature)
{
    if (!p->loss.kink)
        return p->loss.smooth(p, z, b, slope, curvature);
    double middle, half, r = z - b, q = hypot(2.0 * r, s), u = 0.5 * (s + q);
    p->loss.kink(p, b, &middle, &half);
    *slope = middle + half * (r / u);
    *curvature = half * (s / q) / u;
    return middle * r + half * (u - 0.5 * s * log(u / s));
}

/* H += (1/n) sum_i curvature_i a_i a_i' over some rows, lower triangle. */
static void add_hessian(const struct lab_data *set, size_t begin, size_t end,
                        const double *curvature, double *H)
{
    const size_t n = set->n, d = set->d;
    if (lab_is_sparse(set)) {
        for (size_t i = begin; i < end; i++)
            lab_row_add_square(set, i, curvature[i] / (double)n, H);
        return;
    }
    double *scaled = lab_alloc(ROWS * d, sizeof *scaled);
    for (size_t first = begin; first < end; first += ROWS) {
        size_t rows = end - first < ROWS ? end - first : ROWS;
        for (size_t i = 0; i < rows; i++) {
            double root = sqrt(curvature[first + i] / (double)n);
            const double *a = set->A + (first + i) * set->stride;
            for (size_t j = 0; j < d; j++)
                scaled[i * d + j] = root * a[j];
        }
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, (int)d, (int)rows, 1.0, scaled,
                    (int)d, 1.0, H, (int)d);
    }
    free(scaled);
}

/* v = (1/n) sum_i y_i a_i over some rows. */
static void average_part(const struct lab_data *set, size_t begin, size_t end,
                         const double *y, double *v)
{
    if (!lab_is_sparse(set)) {
        cblas_dgemv(CblasRowMajor, CblasTrans, (int)(end - begin), (int)set->d,
                    1.0 / (double)set->n, set->A + begin * set->stride, (int)set->stride,
                    y + begin, 1, 0.0, v, 1);
        return;
    }
    memset(v, 0, set->d * sizeof *v);
    for (size_t i = begin; i < end; i++)
        lab_row_add(set, i, y[i] / (double)set->n, v);
}

/* v = A'y/n. */
static void average(const struct lab_data *set, const double *y, double *v)
{
    average_part(set, 0, set->n, y, v);
}

/* The rows in PARTS parts, each with sums of its own, so that cores can share the work and
 * the sums come out the same however many they are. */
struct differential {
    const struct lab_linear *p;
    double s;
    const double *x;
    double *slope, *curvature; /* n each */
    double *g, *H;             /* PARTS x d, PARTS x d x d */
    double sum[PARTS];
};

static void differentiate_part(void *context, size_t part)
{
    struct differential *D = context;
    const struct lab_data *set = D->p->set;
    const size_t d = set->d, begin = part * set->n / PARTS,
                 end = (part + 1) * set->n / PARTS, rows = end - begin;
    double *z = lab_alloc(rows, sizeof *z), sum = 0.0;
    lab_linear_predict_rows(D->p, begin, rows, D->x, z);
    for (size_t i = 0; i < rows; i++)
        sum += soften(D->p, D->s, z[i], set->b[begin + i], &D->slope[begin + i],
                      &D->curvature[begin + i]);
    free(z);
    D->sum[part] = sum;
    if (rows)
        average_part(set, begin, end, D->slope, D->g + part * d);
    add_hessian(set, begin, end, D->curvature, D->H + part * d * d);
}

/* F, its gradient and Hessian, with slopes and curvatures of the n losses. */
static double differentiate(const struct lab_linear *p, double s, const double *x,
                            double *slope, double *curvature, double *g, double *H)
{
    const size_t n = p->set->n, d = p->set->d;
    struct differential D = {
        .p = p, .s = s, .x = x, .slope = slope, .curvature = curvature};
    D.g = lab_alloc(PARTS * d, sizeof *D.g);
    D.H = lab_alloc(PARTS * d * d, sizeof *D.H);
    if ((double)n * (double)d * (double)d > SHARED)
        lab_parallel(PARTS, differentiate_part, &D);
    else
        for (size_t part = 0; part < PARTS; part++)
            differentiate_part(&D, part);

    double sum = 0.0;
    for (size_t j = 0; j < d; j++)
        g[j] = p->l2 * x[j];
    memset(H, 0, d * d * sizeof *H);
    for (size_t part = 0; part < PARTS; part++) {
        sum += D.sum[part];
        cblas_daxpy((int)d, 1.0, D.g + part * d, 1, g, 1);
        for (size_t i = 0; i < d * d; i++)
            H[i] += D.H[part * d * d + i];
    }
    for (size_t i = 0; i < d; i++) {
        H[i * d + i] += p->l2;
        for (size_t j = 0; j < i; j++)
            H[j * d + i] = H[i * d + j];
    }
    free(D.g), free(D.H);
    return sum / (double)n + 0.5 * p->l2 * cblas_ddot((int)d, x, 1, x, 1);
}

double lab_linear_model(const void *self, double smoothing, const double *x, double *g,
                        double *H)
{
    const struct lab_linear *p = self;
    double *slope = lab_alloc(2 * p->set->n, sizeof *slope);
    double F = differentiate(p, smoothing, x, slope, slope + p->set->n, g, H);
    free(slope);
    return F;
}

/* ---- lower bounds ----------------------------------------------------- */

/* y into its intervals: clipped; or, to keep A'y = 0, scaled, which needs intervals
 * around 0.  False if that is not so. */
static bool admit(const struct lab_linear *p, bool scale, double *y)
{
    double most = 1.0, middle, half;
    for (size_t i = 0; i < p->set->n; i++) {
        p->loss.kink(p, p->set->b[i], &middle, &half);
        if (!scale)
            y[i] = fmin(fmax(y[i], middle - half), middle + half);
        else if (middle == 0.0 || fabs(y[i] - middle) <= half)
            most = fmax(most, fabs(y[i] - middle) / half);
        else
            return false;
    }
    for (size_t i = 0; most > 1.0 && i < p->set->n; i++)
        y[i] /= most;
    return true;
}

/* The least value over C of the minorant that y defines, its l2 term linearised at x;
 * -inf if there is none.  v: d numbers of scratch. */
static double bound(const struct lab_linear *p, const struct lab_domain *C,
                    const double *x, double *y, double *v)
{
    const struct lab_data *set = p->set;
    const int n = (int)set->n, d = (int)set->d;
    const bool anywhere = C->kind == LAB_NO_DOMAIN;
    if (!admit(p, anywhere && p->l2 == 0.0, y))
        return -INFINITY;
    average(set, y, v);
    double constant = -cblas_ddot(n, y, 1, set->b, 1) / n, least, greatest;
    if (anywhere && p->l2 > 0.0)
        return constant - 0.5 * cblas_ddot(d, v, 1, v, 1) / p->l2;
    if (anywhere) {
        /* A'y = 0 but for rounding, which is taken as an error of the size it has at x.
         */
        double size = cblas_dnrm2(d, v, 1), reach = cblas_dnrm2(d, x, 1);
        return size <= 1e-12 * cblas_dnrm2(n, y, 1) ? constant - size * reach : -INFINITY;
    }
    constant -= 0.5 * p->l2 * cblas_ddot(d, x, 1, x, 1);
    cblas_daxpy(d, p->l2, x, 1, v, 1);
    lab_domain_extent(C, v, &least, &greatest);
    return constant + least;
}

/* Restricts Newton steps to the face of C that x lies on: fixed coordinates, a kept sum, or
 * the normal returned (NULL: none), to which steps are to be orthogonal. */
static const double *face(struct lab_newton *N, const double *x)
{
    const struct lab_domain *C = N->C;
    const double near = 1e-6;
    double *normal = NULL, reach = 0.0;
    for (size_t j = 0; j < N->d; j++) {
        N->b[j] = C->kind == LAB_BALL ? x[j] - C->center[j] : 0.0;
        reach += N->b[j] * N->b[j];
        if (C->kind == LAB_BOX)
            N->fixed[j] = fmin(x[j] - C->lower[j], C->upper[j] - x[j]) <=
                          near * (C->upper[j] - C->lower[j]);
        else if (C->kind == LAB_SIMPLEX)
            N->fixed[j] = x[j] <= near;
    }
    N->sum = C->kind == LAB_SIMPLEX;
    if (C->kind == LAB_BALL && sqrt(reach) >= (1.0 - near) * C->radius) {
        normal = N->b;
        N->lambda = fmax(0.0, -cblas_ddot((int)N->d, N->g, 1, normal, 1) / reach);
    }
    return normal;
}

double lab_linear_lower(const void *self, double smoothing, const struct lab_domain *C,
                        const double *x)
{
    const struct lab_linear *p = self;
    const size_t n = p->set->n, d = p->set->d;
    double *y = lab_alloc(4 * n, sizeof *y), *curvature = y + n, *step = y + 2 * n;
    double *corrected = y + 3 * n;
    struct lab_newton N;
    lab_newton_new(&N, NULL, self, C, d);

    differentiate(p, smoothing, x, y, curvature, N.g, N.H);
    const double *normal = face(&N, x);
    lab_newton_factor(&N, false);
    memcpy(corrected, y, n * sizeof *y);
    memcpy(N.x, x, d * sizeof *x);
    double best = bound(p, C, x, y, N.r);
    for (int i = 0; i < ROUNDS; i++) {
        lab_newton_step(&N, N.g, normal, 0.0);
        lab_linear_predict(p, N.p, step);
        for (size_t k = 0; k < n; k++)
            corrected[k] += curvature[k] * step[k];
        cblas_daxpy((int)d, 1.0, N.p, 1, N.x, 1);
        average(p->set, corrected, N.g);
        cblas_daxpy((int)d, p->l2, N.x, 1, N.g, 1);
        memcpy(y, corrected, n * sizeof *y);
        best = fmax(best, bound(p, C, N.x, y, N.r));
    }
    /* The losses are not negative (|m| <= h, y = 0): f >= 0. */
    best = fmax(best, 0.0);

    lab_newton_free(&N);
    free(y);
    return best;
}
