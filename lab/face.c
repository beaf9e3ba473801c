/* lab/face.c -- see face.h */
#include "lab/face.h"

#include <gsl/gsl_cblas.h>
#include <math.h>
#include <string.h>

#include "lab/newton.h"

const double *lab_face_restrict(struct lab_newton *N, const double *x)
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

void lab_face_step(const struct lab_domain *C, const double *x, const double *g,
                   const double *H, double *step)
{
    struct lab_newton N;
    lab_newton_new(&N, NULL, NULL, C, C->d);
    memcpy(N.x, x, C->d * sizeof *x);
    memcpy(N.g, g, C->d * sizeof *g);
    memcpy(N.H, H, C->d * C->d * sizeof *H);
    const double *normal = lab_face_restrict(&N, x);
    lab_newton_factor(&N, false);
    lab_newton_step(&N, N.g, normal, 0.0);
    memcpy(step, N.p, C->d * sizeof *step);
    lab_newton_free(&N);
}
