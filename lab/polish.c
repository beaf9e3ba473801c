/*
 * lab/polish.c -- see polish.h.
 *
 * A constraint is taken for active if a Newton step along its coordinate alone (in the
 * ball: along the radius) would cross it.  Active coordinates go to their bounds and
 * stay; the others take a Newton step on what remains: for the ball, on the equations
 *
 *     g(x) + lambda (x - c) = 0,   ‖x - c‖ = radius
 *
 * with lambda by least squares.  A wrong guess costs a step, no more: the caller keeps
 * the better of the two points.
 */
#include "lab/polish.h"

#include <gsl/gsl_cblas.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_STEPS = 10 };

double lab_linear_gap(const struct lab_domain *C, const double *g, const double *x)
{
    if (C->kind == LAB_NO_DOMAIN)
        return INFINITY;
    double *s = lab_alloc(C->d, sizeof *s), gap = 0.0;
    lab_domain_minimise_linear(C, g, s);
    for (size_t i = 0; i < C->d; i++)
        gap += g[i] * (x[i] - s[i]);
    free(s);
    return fmax(gap, 0.0);
}

static double measure(const struct lab_newton *n)
{
    return n->C->kind == LAB_NO_DOMAIN ? cblas_dnrm2((int)n->d, n->g, 1)
                                       : lab_linear_gap(n->C, n->g, n->x);
}

/* One step on the sphere, or inside. */
static void step_ball(struct lab_newton *n, double *y)
{
    const int d = (int)n->d;
    const double radius = n->C->radius;
    for (size_t i = 0; i < n->d; i++)
        y[i] = n->x[i] - n->C->center[i];
    double far = cblas_dnrm2(d, y, 1),
           multiplier = -cblas_ddot(d, n->g, 1, y, 1) / far / far;
    cblas_dgemv(CblasRowMajor, CblasNoTrans, d, d, 1.0, n->H, d, y, 1, 0.0, n->q, 1);
    double curvature = cblas_ddot(d, n->q, 1, y, 1) / far / far;
    bool active = multiplier > 0.0 && curvature * (radius - far) <= multiplier * far;
    n->lambda = active ? multiplier : 0.0;
    for (size_t i = 0; i < n->d; i++)
        n->r[i] = n->g[i] + n->lambda * y[i];
    lab_newton_factor(n, false);
    lab_newton_step(n, n->r, active ? y : NULL, 0.5 * (radius - far) * (radius + far));
    n->lambda = 0.0;
}

/* One step on the face of a box or simplex.  `shift` brings active coordinates there. */
static void step_face(struct lab_newton *n, double *shift)
{
    const struct lab_domain *C = n->C;
    const int d = (int)n->d;
    double sum = 0.0, level = n->sum ? cblas_ddot(d, n->g, 1, n->x, 1) : 0.0;
    for (size_t i = 0; i < n->d; i++) {
        double slope = n->g[i] - level, curvature = n->H[i * n->d + i];
        double below = n->x[i] - (n->sum ? 0.0 : C->lower[i]);
        double above = n->sum ? INFINITY : C->upper[i] - n->x[i];
        bool low = slope > 0.0 && slope >= curvature * below;
        bool high = slope < 0.0 && -slope >= curvature * above;
        n->fixed[i] = low || high || (!n->sum && C->lower[i] == C->upper[i]);
        shift[i] = low ? -below : high ? above : 0.0;
        n->x[i] = low && n->sum ? 0.0 : low ? C->lower[i] : high ? C->upper[i] : n->x[i];
        n->r[i] = slope;
        sum += n->x[i];
    }
    cblas_dgemv(CblasRowMajor, CblasNoTrans, d, d, 1.0, n->H, d, shift, 1, 1.0, n->r, 1);
    lab_newton_factor(n, false);
    lab_newton_step(n, n->r, NULL, 1.0 - sum);
}

void lab_polish(struct lab_newton *n)
{
    const size_t bytes = n->d * sizeof *n->x;
    double *start = lab_alloc(2 * n->d, sizeof *start), *scratch = start + n->d, least;
    bool *fixed = lab_alloc(n->d, sizeof *fixed);
    memcpy(fixed, n->fixed, n->d * sizeof *fixed);
    n->tau = 0.0;
    least = measure(n);
    for (int i = 0; i < MOST_STEPS && least > 0.0; i++) {
        memcpy(start, n->x, bytes);
        switch (n->C->kind) {
        case LAB_NO_DOMAIN:
            lab_newton_factor(n, false);
            lab_newton_step(n, n->g, NULL, 0.0);
            break;
        case LAB_BALL: step_ball(n, scratch); break;
        case LAB_BOX:
        case LAB_SIMPLEX: step_face(n, scratch); break;
        }
        for (size_t j = 0; j < n->d; j++)
            n->x[j] += n->p[j];
        lab_domain_project(n->C, 1, n->x);
        n->steps++;
        double before = least;
        least = lab_newton_evaluate(n) ? measure(n) : INFINITY;
        if (!(least < before)) {
            memcpy(n->x, start, bytes);
            lab_newton_evaluate(n);
        }
        if (!(least < 0.5 * before))
            break;
    }
    memcpy(n->fixed, fixed, n->d * sizeof *fixed);
    free(fixed);
    free(start);
}
