/*
 * lab/newton.c -- see newton.h.
 *
 *     p = -K^+ grad phi(x),   K = phi''(x);   squared decrement -<grad phi, p>
 *
 * K is factored by Cholesky after scaling its diagonal to one, which barrier terms of
 * very different size do not disturb (Wright 1999, "Modified Cholesky factorizations in
 * interior-point algorithms"); where that fails or is ill-conditioned (rank-deficient
 * data), by its eigenvalues, and the step stays in the range of K: so x - x_1 does too,
 * and the minimiser found is the one nearest to x_1.
 */
#include "lab/newton.h"

#include <float.h>
#include <gsl/gsl_cblas.h>
#include <lapacke.h>
#include <stdlib.h>
#include <string.h>

#include "lab/barrier.h"

void lab_newton_new(struct lab_newton *n, const struct lab_problem *problem,
                    const void *self, const struct lab_domain *C, size_t d)
{
    *n = (struct lab_newton){.problem = problem, .self = self, .C = C, .d = d};
    n->fixed = lab_alloc(d, sizeof *n->fixed);
    n->H = lab_alloc(d * d, sizeof *n->H);
    n->K = lab_alloc(d * d, sizeof *n->K);
    double **vectors[] = {&n->x, &n->g, &n->b, &n->p,    &n->w,
                          &n->a, &n->q, &n->r, &n->from, &n->ones};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        *vectors[i] = lab_alloc(d, sizeof(double));
    for (size_t i = 0; i < d; i++)
        n->ones[i] = 1.0;
}

void lab_newton_free(struct lab_newton *n)
{
    double *owned[] = {n->H, n->K, n->x, n->g, n->b,    n->p,
                       n->w, n->a, n->q, n->r, n->from, n->ones};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free(owned[i]);
    free(n->fixed);
}

static double dot(const struct lab_newton *n, const double *u, const double *v)
{
    return cblas_ddot((int)n->d, u, 1, v, 1);
}

/* Coordinate i of x - center, in a ball. */
static double from_center(const struct lab_newton *n, size_t i)
{
    return n->x[i] - n->C->center[i];
}

bool lab_newton_evaluate(struct lab_newton *n)
{
    double barrier = n->tau > 0.0 ? lab_barrier(n->C, n->x, n->b) : 0.0;
    if (!isfinite(barrier))
        return false; /* outside: F need not be asked */
    n->F = n->problem->model(n->self, n->smoothing, n->x, n->g, n->H);
    n->value = n->F + n->tau * barrier;
    for (size_t i = 0; n->lambda > 0.0 && i < n->d; i++)
        n->value += 0.5 * n->lambda * from_center(n, i) * from_center(n, i);
    return isfinite(n->value) && isfinite(cblas_dasum((int)n->d, n->g, 1)) &&
           isfinite(cblas_dasum((int)(n->d * n->d), n->H, 1));
}

/* ---- the linear system ------------------------------------------------- */

static void assemble(struct lab_newton *n)
{
    const size_t d = n->d;
    double least = INFINITY, *K = n->K;
    memcpy(K, n->H, d * d * sizeof *K);
    if (n->tau > 0.0)
        lab_barrier_hessian(n->C, n->x, n->tau, K);
    for (size_t i = 0; i < d; i++) {
        K[i * d + i] += n->lambda;
        if (!n->fixed[i] && K[i * d + i] > 0.0)
            least = fmin(least, K[i * d + i]);
    }
    /* Along (1, ..., 1) no step is taken, so curvature may be added there, as much as the
     * flattest coordinate has: K then has no kernel that the constraint would remove. */
    double ridge = least < INFINITY ? least : 1.0;
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j < d && (n->sum || n->fixed[i]); j++)
            if (n->fixed[i] || n->fixed[j])
                K[i * d + j] = K[j * d + i] = i == j ? ridge : 0.0;
            else
                K[i * d + j] += ridge;
}

/* False if K, scaled to a unit diagonal, is singular up to rounding, or would be but for
 * that. */
static bool cholesky(struct lab_newton *n)
{
    const lapack_int d = (lapack_int)n->d;
    const bool regular = n->tau > 0.0 || n->lambda > 0.0; /* however ill-conditioned */
    double *K = n->K, rcond = 0.0;
    for (size_t i = 0; i < n->d; i++)
        if (!((n->w[i] = 1.0 / sqrt(K[i * n->d + i])) < INFINITY))
            return false;
    for (size_t i = 0; i < n->d; i++)
        for (size_t j = 0; j < n->d; j++)
            K[i * n->d + j] *= n->w[i] * n->w[j];
    double norm = LAPACKE_dlansy(LAPACK_COL_MAJOR, '1', 'L', d, K, d);
    return LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'L', d, K, d) == 0 &&
           LAPACKE_dpocon(LAPACK_COL_MAJOR, 'L', d, K, d, norm, &rcond) == 0 &&
           rcond > (regular ? 0.0 : lab_newton_rank_tolerance(n->d, 10.0));
}

void lab_newton_factor(struct lab_newton *n, bool spectral)
{
    const lapack_int d = (lapack_int)n->d;
    assemble(n);
    n->spectral = spectral || !cholesky(n);
    if (!n->spectral)
        return;
    if (!spectral)
        assemble(n);
    if (LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', d, n->K, d, n->w) != 0)
        memset(n->w, 0, n->d * sizeof *n->w); /* no step then, and no proof */
}

void lab_newton_solve(struct lab_newton *n, double *u)
{
    const int d = (int)n->d;
    if (!n->spectral) {
        for (size_t i = 0; i < n->d; i++)
            u[i] *= n->w[i];
        LAPACKE_dpotrs(LAPACK_COL_MAJOR, 'L', d, 1, n->K, d, u, d);
        for (size_t i = 0; i < n->d; i++)
            u[i] *= n->w[i];
        return;
    }
    double least = lab_newton_rank_tolerance(n->d, n->w[n->d - 1]);
    cblas_dgemv(CblasRowMajor, CblasNoTrans, d, d, 1.0, n->K, d, u, 1, 0.0, n->a, 1);
    for (size_t i = 0; i < n->d; i++)
        n->a[i] = n->w[i] > least ? n->a[i] / n->w[i] : 0.0;
    cblas_dgemv(CblasRowMajor, CblasTrans, d, d, 1.0, n->K, d, n->a, 1, 0.0, u, 1);
}

double lab_newton_step(struct lab_newton *n, const double *r, const double *normal,
                       double change)
{
    double along = 0.0, length2 = 0.0;
    if (!normal && n->sum)
        normal = n->ones;
    for (size_t i = 0; i < n->d; i++) {
        n->q[i] = normal && !n->fixed[i] ? normal[i] : 0.0;
        along += r[i] * n->q[i], length2 += n->q[i] * n->q[i];
    }
    /* What r has along the normal does not matter, but its rounding errors would. */
    along = length2 > 0.0 ? along / length2 : 0.0;
    for (size_t i = 0; i < n->d; i++)
        n->p[i] = n->fixed[i] ? 0.0 : along * n->q[i] - r[i];
    lab_newton_solve(n, n->p);
    n->multiplier = 0.0;
    if (length2 > 0.0) {
        lab_newton_solve(n, n->q);
        double excess = (dot(n, normal, n->p) - change) / dot(n, normal, n->q);
        cblas_daxpy((int)n->d, -excess, n->q, 1, n->p, 1);
        n->multiplier = excess - along;
    }
    for (size_t i = 0; i < n->d; i++)
        if (n->fixed[i])
            n->p[i] = 0.0;
    return dot(n, r, n->p);
}

/* ---- the iteration ----------------------------------------------------- */

double *lab_newton_residual(struct lab_newton *n)
{
    for (size_t i = 0; i < n->d; i++) {
        n->r[i] = n->g[i];
        if (n->tau > 0.0)
            n->r[i] += n->tau * n->b[i];
        if (n->lambda > 0.0)
            n->r[i] += n->lambda * from_center(n, i);
    }
    return n->r;
}

/* Moves to x + alpha p with phi decreased; `slope` = <grad phi, p> < 0.  The sign of the
 * slope at the far end decides first: for a convex phi it tells a decrease that rounding
 * hides in the values. */
static bool search(struct lab_newton *n, double slope)
{
    const double phi = n->value, noise = 4.0 * DBL_EPSILON * fabs(phi);
    double alpha = 1.0;
    memcpy(n->from, n->x, n->d * sizeof *n->x);
    if (n->tau > 0.0)
        alpha = lab_barrier_reach(n->C, n->x, n->p);
    for (int tries = 0; tries < 60; tries++) {
        for (size_t i = 0; i < n->d; i++)
            n->x[i] = n->from[i] + alpha * n->p[i];
        if (!lab_newton_evaluate(n)) {
            alpha *= 0.3;
            continue;
        }
        double far = dot(n, lab_newton_residual(n), n->p);
        if (far <= 0.0 || n->value <= phi + 1e-4 * alpha * slope + noise)
            return true;
        alpha *= fmin(0.5, fmax(0.1, slope / (slope - far)));
    }
    memcpy(n->x, n->from, n->d * sizeof *n->x);
    lab_newton_evaluate(n);
    return false;
}

/* The step would hardly change x. */
static bool below_rounding(const struct lab_newton *n)
{
    const int d = (int)n->d;
    double step = fabs(n->p[cblas_idamax(d, n->p, 1)]);
    return step <= 2.0 * DBL_EPSILON * fabs(n->x[cblas_idamax(d, n->x, 1)]);
}

enum lab_newton_end lab_newton_centre(struct lab_newton *n, double tolerance,
                                      size_t limit)
{
    for (size_t step = 0;; step++) {
        lab_newton_factor(n, false);
        double slope = lab_newton_step(n, lab_newton_residual(n), NULL, 0.0);
        if (!(-slope > tolerance) || below_rounding(n))
            return LAB_NEWTON_CENTRED;
        if (step == limit)
            return LAB_NEWTON_LIMIT;
        if (!search(n, slope))
            return LAB_NEWTON_STUCK;
        n->steps++;
    }
}
