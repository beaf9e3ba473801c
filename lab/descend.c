/*
 * lab/descend.c -- see descend.h.
 *
 * L-BFGS (Liu & Nocedal 1989; Nocedal & Wright 2006, alg. 7.4 and 7.5): O(d) memory, one
 * gradient a step.  f is strongly convex, so every step has <s, y> > 0 and can be used, and
 *
 *     f(x) - f* <= ‖grad f(x)‖^2 / (2 mu)
 *
 * proves how near it is.  Close to x* the values of f no longer tell a decrease from
 * rounding; slopes still do (Hager & Zhang 2005, the approximate Wolfe conditions).
 */
#include "lab/descend.h"

#include <float.h>
#include <gsl/gsl_cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAIRS = 12,        /* remembered */
    MOST_STEPS = 2000, /* of which the gradient must halve within */
    PATIENCE = 200,
    MOST_TRIES = 40, /* of a step's length */
};
static const double ENOUGH = 1e-4; /* of the decrease that the slope promises */

struct point {
    double f, *x, *g;
};

struct descent {
    const struct lab_solve *q;
    size_t d;
    struct point here, next, best; /* best: least ‖g‖ */
    double *p;                     /* direction */
    size_t pairs, newest;          /* of s = x' - x, y = g' - g */
    double *s, *y, product[PAIRS]; /* PAIRS x d; <s, y> */
};

static double dot(const struct descent *D, const double *u, const double *v)
{
    return cblas_ddot((int)D->d, u, 1, v, 1);
}

static void evaluate(const struct descent *D, struct point *at)
{
    D->q->n.problem->objective(D->q->n.self, 1, at->x, &at->f, at->g);
}

static double gap(const struct descent *D, const struct point *at)
{
    return dot(D, at->g, at->g) / (2.0 * D->q->facts->mu.value);
}

/* p = -H g, H the inverse Hessian that the pairs suggest; before there are any 1/L. */
static void aim(struct descent *D)
{
    const int d = (int)D->d;
    double share[PAIRS], scale = 1.0 / D->q->facts->L.value;
    memcpy(D->p, D->here.g, D->d * sizeof *D->p);
    for (size_t k = 0; k < D->pairs; k++) {
        const size_t i = (D->newest + PAIRS - k) % PAIRS;
        share[i] = dot(D, D->s + i * D->d, D->p) / D->product[i];
        cblas_daxpy(d, -share[i], D->y + i * D->d, 1, D->p, 1);
    }
    if (D->pairs) {
        const double *y = D->y + D->newest * D->d;
        scale = D->product[D->newest] / dot(D, y, y);
    }
    cblas_dscal(d, scale, D->p, 1);
    for (size_t k = D->pairs; k-- > 0;) {
        const size_t i = (D->newest + PAIRS - k) % PAIRS;
        double other = dot(D, D->y + i * D->d, D->p) / D->product[i];
        cblas_daxpy(d, share[i] - other, D->s + i * D->d, 1, D->p, 1);
    }
    cblas_dscal(d, -1.0, D->p, 1);
}

/* next = here + t p with a sufficient decrease; false if there is none. */
static bool search(struct descent *D)
{
    const double slope = dot(D, D->here.g, D->p), f = D->here.f;
    const double rounding = 8.0 * DBL_EPSILON * fabs(f);
    double t = 1.0;
    for (int tries = 0; slope < 0.0 && tries < MOST_TRIES; tries++) {
        for (size_t j = 0; j < D->d; j++)
            D->next.x[j] = D->here.x[j] + t * D->p[j];
        evaluate(D, &D->next);
        const double later = dot(D, D->next.g, D->p);
        if (D->next.f <= f + ENOUGH * t * slope ||
            (D->next.f <= f + rounding && later <= (2.0 * ENOUGH - 1.0) * slope))
            return true;
        const double secant = slope / (slope - later); /* where the slope would be 0 */
        t *= isfinite(later) ? fmin(fmax(secant, 0.1), 0.5) : 0.1;
    }
    return false;
}

/* Moves to `next`, remembering the way. */
static void move(struct descent *D)
{
    const size_t i = D->pairs ? (D->newest + 1) % PAIRS : 0;
    double *s = D->s + i * D->d, *y = D->y + i * D->d;
    for (size_t j = 0; j < D->d; j++) {
        s[j] = D->next.x[j] - D->here.x[j];
        y[j] = D->next.g[j] - D->here.g[j];
    }
    D->product[i] = dot(D, s, y);
    if (D->product[i] > 0.0) {
        D->newest = i;
        D->pairs += D->pairs < PAIRS;
    } else {
        D->pairs = 0; /* rounding has the last word: start anew */
    }
    const struct point left = D->here;
    D->here = D->next, D->next = left;
}

static void keep(struct descent *D)
{
    D->best.f = D->here.f;
    memcpy(D->best.x, D->here.x, D->d * sizeof *D->best.x);
    memcpy(D->best.g, D->here.g, D->d * sizeof *D->best.g);
}

/* Far below the tolerance if rounding lets it: x* is known no better than
 * sqrt(2 gap/mu). */
static size_t run(struct descent *D)
{
    const double margin = 1e-6;
    size_t steps = 0, halved = 0;
    evaluate(D, &D->here);
    keep(D);
    double last = gap(D, &D->best);
    for (; steps < MOST_STEPS && steps - halved < PATIENCE; steps++) {
        if (gap(D, &D->best) <= margin * lab_solve_tolerance(D->q, D->best.f))
            break;
        aim(D);
        if (search(D))
            move(D);
        else if (D->pairs)
            D->pairs = 0;
        else
            break;
        if (gap(D, &D->here) < gap(D, &D->best))
            keep(D);
        if (gap(D, &D->best) < 0.25 * last)
            last = gap(D, &D->best), halved = steps;
    }
    return steps;
}

int lab_descend(struct lab_solve *q, double *x, struct lab_minimum *minimum,
                struct lab_error *why)
{
    const size_t d = q->n.d;
    double *room = lab_alloc((7 + 2 * PAIRS) * d, sizeof *room);
    struct descent D = {.q = q, .d = d, .p = room + 6 * d, .s = room + 7 * d};
    D.here.x = room, D.here.g = room + d;
    D.next.x = room + 2 * d, D.next.g = room + 3 * d;
    D.best.x = room + 4 * d, D.best.g = room + 5 * d;
    D.y = D.s + PAIRS * d;
    memcpy(D.here.x, x, d * sizeof *x);
    const size_t steps = run(&D);

    const double f = D.best.f, left = gap(&D, &D.best),
                 size = sqrt(dot(&D, D.best.g, D.best.g));
    const double reach = sqrt(dot(&D, D.best.x, D.best.x));
    int status = 0;
    memcpy(x, D.best.x, d * sizeof *x);
    *minimum = (struct lab_minimum){
        .f = f, .gap = left + 8.0 * DBL_EPSILON * (fabs(f) + size * reach)};
    snprintf(minimum->source, sizeof minimum->source,
             "L-BFGS, %zu steps; gap <= %.1e (‖grad f‖^2/(2 mu))", steps, minimum->gap);
    if (!(left <= lab_solve_tolerance(q, f)))
        status =
            lab_fail(why,
                     "no minimum was certified: after %zu steps of L-BFGS f = %.17g, "
                     "f - f* <= %.3g",
                     steps, f, left);
    free(room);
    return status;
}
