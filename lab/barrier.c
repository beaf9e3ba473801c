/*
 * lab/barrier.c -- see barrier.h.
 *
 *   ball      B(x) = -log(radius^2 - ‖x - center‖^2)
 *   box       B(x) = -sum log(x_i - lower_i) - sum log(upper_i - x_i)
 *   simplex   B(x) = -sum log x_i                        (sum x = 1 is kept by the steps)
 *
 * Boyd, Vandenberghe (2004), "Convex Optimization", sec. 11.2.  Sides of a box of width 0
 * have no logarithm: their coordinates do not move.
 */
#include "lab/barrier.h"

#include <gsl/gsl_cblas.h>
#include <stdlib.h>

/* radius^2 - ‖x - c‖^2, with x - c in b. */
static double ball_slack(const struct lab_domain *C, const double *x, double *b)
{
    for (size_t i = 0; i < C->d; i++)
        b[i] = x[i] - C->center[i];
    double far = cblas_dnrm2((int)C->d, b, 1);
    return (C->radius - far) * (C->radius + far);
}

double lab_barrier(const struct lab_domain *C, const double *x, double *b)
{
    double sum = 0.0, slack;
    switch (C->kind) {
    case LAB_NO_DOMAIN: return 0.0;
    case LAB_BALL:
        slack = ball_slack(C, x, b);
        for (size_t i = 0; i < C->d; i++)
            b[i] *= 2.0 / slack;
        return slack > 0.0 ? -log(slack) : INFINITY;
    case LAB_BOX:
        for (size_t i = 0; i < C->d; i++) {
            double below = x[i] - C->lower[i], above = C->upper[i] - x[i];
            bool moves = C->upper[i] > C->lower[i];
            if (moves && !(below > 0.0 && above > 0.0))
                return INFINITY;
            b[i] = moves ? 1.0 / above - 1.0 / below : 0.0;
            sum -= moves ? log(below) + log(above) : 0.0;
        }
        return sum;
    case LAB_SIMPLEX:
        for (size_t i = 0; i < C->d; i++) {
            if (!(x[i] > 0.0))
                return INFINITY;
            b[i] = -1.0 / x[i];
            sum -= log(x[i]);
        }
    }
    return sum;
}

void lab_barrier_hessian(const struct lab_domain *C, const double *x, double tau,
                         double *K)
{
    const size_t d = C->d;
    if (C->kind == LAB_BALL) {
        double *y = lab_alloc(d, sizeof *y), slack = ball_slack(C, x, y);
        for (size_t i = 0; i < d; i++)
            K[i * d + i] += 2.0 * tau / slack;
        cblas_dger(CblasRowMajor, (int)d, (int)d, 4.0 * tau / slack / slack, y, 1, y, 1,
                   K, (int)d);
        free(y);
    }
    for (size_t i = 0; i < d; i++) {
        if (C->kind == LAB_BOX && C->upper[i] > C->lower[i]) {
            double below = x[i] - C->lower[i], above = C->upper[i] - x[i];
            K[i * d + i] += tau / below / below + tau / above / above;
        } else if (C->kind == LAB_SIMPLEX) {
            K[i * d + i] += tau / x[i] / x[i];
        }
    }
}

/* A step that ends a twentieth before the border, or earlier. */
double lab_barrier_reach(const struct lab_domain *C, const double *x, const double *p)
{
    const size_t d = C->d;
    double *ahead = lab_alloc(2 * d, sizeof *ahead), *b = ahead + d, alpha = 1.0;
    for (;; alpha *= 0.9) {
        for (size_t i = 0; i < d; i++)
            ahead[i] = x[i] + alpha / 0.95 * p[i];
        if (isfinite(lab_barrier(C, ahead, b)) || alpha < 1e-300)
            break;
    }
    free(ahead);
    return alpha;
}

double lab_barrier_parameter(const struct lab_domain *C)
{
    switch (C->kind) {
    case LAB_BOX: return 2.0 * (double)C->d;
    case LAB_SIMPLEX: return (double)C->d;
    case LAB_BALL:
    case LAB_NO_DOMAIN: break;
    }
    return 1.0;
}

void lab_barrier_middle(const struct lab_domain *C, double *x)
{
    for (size_t i = 0; i < C->d; i++)
        switch (C->kind) {
        case LAB_NO_DOMAIN: break;
        case LAB_BALL: x[i] = C->center[i]; break;
        case LAB_BOX: x[i] = C->lower[i] + 0.5 * (C->upper[i] - C->lower[i]); break;
        case LAB_SIMPLEX: x[i] = 1.0 / (double)C->d; break;
        }
}
