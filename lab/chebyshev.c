/* lab/chebyshev.c -- see chebyshev.h */
#include "lab/chebyshev.h"

#include <gsl/gsl_cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/error.h"
#include "lab/face.h"

double lab_chebyshev_residual(const struct lab_chebyshev *p, size_t i, const double *x)
{
    double sum = -p->e[i];
    for (size_t j = 0; j < p->d; j++)
        sum += p->A[i * p->d + j] * (x[j] - p->w[j]);
    return sum;
}

/* The barrier at x: u; y_i; D_i = dy_i/dr_i with u held, E_i = dy_i/du. */
struct barrier {
    double c, u, *r, *y, *D, *E, sum_D;
};

static struct barrier differentiate(const struct lab_chebyshev *p, double s,
                                    const double *x)
{
    struct barrier w = {.c = s / (2.0 * (double)p->n),
                        .r = lab_alloc(4 * p->n, sizeof s)};
    w.y = w.r + p->n, w.D = w.y + p->n, w.E = w.D + p->n;
    double most = 0.0, room = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        w.r[i] = lab_chebyshev_residual(p, i, x);
        most = fmax(most, fabs(w.r[i]));
    }
    /* room = u - max|r| in [c, s] solves sum 2 c u/(u^2 - r^2) = 1: Newton from the left on a
     * convex decreasing function never overshoots. */
    room = w.c;
    for (int step = 0; step < 200; step++) {
        double sum = -1.0, slope = 0.0;
        w.u = most + room;
        for (size_t i = 0; i < p->n; i++) {
            const double below = room + (most - fabs(w.r[i])),
                         gap = below * (w.u + fabs(w.r[i]));
            sum += 2.0 * w.c * w.u / gap;
            slope -= 2.0 * w.c * (w.u * w.u + w.r[i] * w.r[i]) / gap / gap;
        }
        if (!(fabs(sum / slope) > 1e-15 * room))
            break;
        room -= sum / slope;
    }
    w.u = most + room;
    for (size_t i = 0; i < p->n; i++) {
        const double below = room + (most - fabs(w.r[i])),
                     gap = below * (w.u + fabs(w.r[i]));
        w.y[i] = 2.0 * w.c * w.r[i] / gap;
        w.D[i] = 2.0 * w.c * (w.u * w.u + w.r[i] * w.r[i]) / gap / gap;
        w.E[i] = -4.0 * w.c * w.u * w.r[i] / gap / gap;
        w.sum_D += w.D[i];
    }
    return w;
}

/* H = A'DA - (A'E)(A'E)'/sum D, what is left of the Hessian in (x, u) without u. */
double lab_chebyshev_model(const struct lab_chebyshev *p, double smoothing,
                           const double *x, double *g, double *H)
{
    const int n = (int)p->n, d = (int)p->d;
    struct barrier w = differentiate(p, smoothing, x);
    double *rows = lab_alloc(p->n * p->d + p->d, sizeof *rows),
           *bend = rows + p->n * p->d;
    double F = w.u;
    for (size_t i = 0; i < p->n; i++) {
        F -= w.c * log((w.u - w.r[i]) * (w.u + w.r[i]));
        for (size_t j = 0; j < p->d; j++)
            rows[i * p->d + j] = sqrt(w.D[i]) * p->A[i * p->d + j];
    }
    cblas_dgemv(CblasRowMajor, CblasTrans, n, d, 1.0, p->A, d, w.y, 1, 0.0, g, 1);
    cblas_dgemv(CblasRowMajor, CblasTrans, n, d, 1.0, p->A, d, w.E, 1, 0.0, bend, 1);
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, d, d, n, 1.0, rows, d, rows, d,
                0.0, H, d);
    cblas_dger(CblasRowMajor, d, d, -1.0 / w.sum_D, bend, 1, bend, 1, H, d);
    free(rows), free(w.r);
    return F;
}

/* The least value over C of sum y_i r_i(z), y scaled until sum |y_i| <= 1.  Over R^d A'y = 0
 * but for rounding, which is taken as an error of the size it has at x. */
static double bound(const struct lab_chebyshev *p, const struct lab_domain *C,
                    const double *x, double *y, double *v)
{
    const int n = (int)p->n, d = (int)p->d;
    const double size = cblas_dasum(n, y, 1);
    double least, greatest, reach = 0.0;
    cblas_dscal(n, 1.0 / fmax(size, 1.0), y, 1);
    cblas_dgemv(CblasRowMajor, CblasTrans, n, d, 1.0, p->A, d, y, 1, 0.0, v, 1);
    const double constant = -cblas_ddot(n, y, 1, p->e, 1) - cblas_ddot(d, v, 1, p->w, 1);
    if (C->kind == LAB_NO_DOMAIN) {
        for (size_t j = 0; j < p->d; j++)
            reach += x[j] * x[j];
        const double rest = cblas_dnrm2(d, v, 1);
        return rest <= 1e-12 ? constant - rest * sqrt(reach) : -INFINITY;
    }
    lab_domain_extent(C, v, &least, &greatest);
    return constant + least;
}

/* F's y, and y corrected to first order by Newton steps too short to move x. */
double lab_chebyshev_lower(const struct lab_chebyshev *p, double smoothing,
                           const struct lab_domain *C, const double *x)
{
    enum { ROUNDS = 3 };
    const int n = (int)p->n, d = (int)p->d;
    struct barrier w = differentiate(p, smoothing, x);
    double *H = lab_alloc(p->d * (p->d + 3) + 2 * p->n, sizeof *H), *g = H + p->d * p->d,
           *step = g + p->d, *v = step + p->d, *change = v + p->d, *y = change + p->n;
    lab_chebyshev_model(p, smoothing, x, g, H);
    memcpy(y, w.y, p->n * sizeof *y);
    double best = fmax(0.0, bound(p, C, x, y, v));
    for (int round = 0; round < ROUNDS; round++) {
        lab_face_step(C, x, g, H, step);
        cblas_dgemv(CblasRowMajor, CblasNoTrans, n, d, 1.0, p->A, d, step, 1, 0.0, change,
                    1);
        const double rise = -cblas_ddot(n, w.E, 1, change, 1) / w.sum_D;
        for (size_t i = 0; i < p->n; i++)
            w.y[i] += w.D[i] * change[i] + w.E[i] * rise;
        memcpy(y, w.y, p->n * sizeof *y);
        best = fmax(best, bound(p, C, x, y, v));
        cblas_dgemv(CblasRowMajor, CblasTrans, n, d, 1.0, p->A, d, w.y, 1, 0.0, g, 1);
    }
    free(H), free(w.r);
    return best;
}
