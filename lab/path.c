/*
 * lab/path.c -- minimisers of models of f that tend to f on its domain, followed to their
 * end.
 *
 *     x(s, tau, lambda) = argmin F_s(x) + tau B(x) + (lambda/2) ‖x - center‖^2
 *
 * F_s is within s of f (a smooth f is its own F_s), B the barrier of the domain.
 *
 *   smooth f        tau goes to 0, in steps of ten; from every point so reached Newton's
 *                   method on the guessed active constraints (lab/polish.c) tries to jump
 *                   to the end.
 *   f with kinks    s goes to 0.  In a box or simplex tau goes with s^2: of a constraint
 *                   that is only just active, the barrier keeps x as far away as
 * sqrt(tau), and near kinks no step reaches much further than s.  In a ball, along whose
 * border only short steps stay inside, no barrier: lambda solves ‖x - center‖ = radius
 * (Hebden 1973; Moré, Sorensen 1983).
 *
 * From point to point the path is predicted along its tangent, then Newton corrects.
 */
#include <float.h>
#include <gsl/gsl_cblas.h>
#include <string.h>

#include "lab/barrier.h"
#include "lab/minimise_parts.h"
#include "lab/polish.h"

enum {
    MOST_ROUNDS = 36,
    EARLY = 12, /* rounds that may pass before a proof gets better, or take many steps */
    FEW = 8,    /* steps between looks at f */
};

static const double shrink = 0.1; /* of s, from round to round */
static const double FAR = 1e8; /* times as far out as the first steps went: no minimum */

/* The lambda at which the ball hardly matters at this s; it stands for 0. */
static double idle(const struct lab_newton *n)
{
    return 1e-2 * n->smoothing / n->C->radius / n->C->radius;
}

static bool on_border(const struct lab_newton *n)
{
    return n->lambda > 2.0 * idle(n);
}

/* How far ‖x - center‖/radius may be from 1: less than s can tell. */
static double resolution(const struct lab_solve *q)
{
    return fmax(1e-2 * fmin(q->n.smoothing / q->scale, 1.0), 1e-15);
}

/* The squared decrement at which a point counts as centred: such that the slopes of the
 * logarithms, and of the n losses, of which duality makes its bound, are right to a
 * tenth, and so is the distance to the border of a ball; or what rounding of predictions,
 * of the size of f, can do. */
static double centring(const struct lab_solve *q)
{
    const struct lab_newton *n = &q->n;
    if (q->smooth)
        return 1e-2 * n->tau;
    double slopes = n->smoothing / fmax(1.0, (double)q->facts->n), border = INFINITY;
    double rounding = DBL_EPSILON * q->scale;
    if (n->lambda > 0.0 && on_border(n))
        border = n->lambda * pow(resolution(q) * n->C->radius, 2.0);
    double logs = n->tau > 0.0 ? n->tau : INFINITY;
    return fmax(1e-2 * fmin(fmin(slopes, logs), border),
                4.0 * rounding * rounding / n->smoothing);
}

/* x - center in y; its length. */
static double from_center(const struct lab_newton *n, double *y)
{
    for (size_t i = 0; i < n->d; i++)
        y[i] = n->x[i] - n->C->center[i];
    return cblas_dnrm2((int)n->d, y, 1);
}

/* Newton at this s, at most `limit` steps.  Without a domain F_s may have no minimiser though
 * f has: a smoothed max(0, t) falls like a logarithm where f is flat.  So it ends where f is
 * as low as f* can be, or far out. */
static void settle(struct lab_solve *q, size_t limit)
{
    struct lab_newton *n = &q->n;
    double f = INFINITY, first = 0.0, far = 0.0;
    if (n->C->kind != LAB_NO_DOMAIN) {
        lab_newton_centre(n, centring(q), limit);
        return;
    }
    for (size_t taken = 0; taken < limit && f > q->low && far <= FAR * first;
         taken += FEW) {
        if (lab_newton_centre(n, centring(q), FEW) != LAB_NEWTON_LIMIT)
            return;
        n->problem->objective(n->self, 1, n->x, &f, NULL);
        far = cblas_dnrm2((int)n->d, n->x, 1);
        first = fmax(first, taken ? 0.0 : far);
    }
}

/* Centres n, in about `limit` steps at most; in a ball with the lambda that belongs to
 * its s: ‖x - center‖ = radius, or less with lambda = 0, up to the size of s.  Newton on
 * 1/‖x(lambda) - center‖, which is nearly linear, kept between bounds. */
static void centre(struct lab_solve *q, size_t limit)
{
    struct lab_newton *n = &q->n;
    const size_t last = n->steps + limit;
    double *y = q->scratch, *v = q->next, below = 0.0, above = INFINITY;
    size_t tries = 0;
    settle(q, limit);
    if (n->lambda == 0.0)
        return;
    const double radius = n->C->radius, least = idle(n);
    while (n->steps < last) {
        double excess = from_center(n, y) / radius - 1.0;
        *(excess > 0.0 ? &below : &above) = n->lambda;
        memcpy(v, y, n->d * sizeof *v);
        lab_newton_solve(n, v);
        double slope = cblas_ddot((int)n->d, y, 1, v, 1) / radius / radius;
        double next = n->lambda + excess * (1.0 + excess) * (1.0 + excess) / slope;
        next = fmax(next, least);
        if ((next == least && !on_border(n)) || above - below <= 1e-12 * below ||
            fabs(excess) <= resolution(q))
            return;
        if (!(next > below && next < above) || (above < INFINITY && ++tries % 3 == 0))
            next = above < INFINITY ? sqrt(fmax(below, least) * above) : 4.0 * n->lambda;
        cblas_daxpy((int)n->d, n->lambda - next, v, 1, n->x, 1);
        n->lambda = next;
        n->steps++;
        lab_newton_evaluate(n);
        lab_newton_centre(n, centring(q), last > n->steps ? last - n->steps : 1);
    }
}

/* q->next <- where the path is for s shrunk and this tau, on its tangent,
 *     phi'' dx = -(grad phi + dtau B' + ds d(grad F_s)/ds);
 * the system is still factored at the centred point.  In a ball dx keeps the radius,
 * which gives lambda too, or lambda shrinks as s does. */
static void predict(struct lab_solve *q, double tau)
{
    struct lab_newton *n = &q->n;
    double alpha = 1.0, far, *r = lab_newton_residual(n), *normal = NULL;
    for (size_t i = 0; n->tau > 0.0 && i < n->d; i++)
        r[i] += (tau - n->tau) * n->b[i];
    if (!q->smooth) {
        const double h = 1e-4;
        memcpy(q->scratch, n->g, n->d * sizeof *n->g);
        n->problem->model(n->self, n->smoothing * (1.0 + h), n->x, n->g, n->H);
        for (size_t i = 0; i < n->d; i++)
            r[i] += (shrink - 1.0) / h * (n->g[i] - q->scratch[i]);
    }
    double change = 0.0;
    if (n->lambda > 0.0) {
        far = from_center(n, q->scratch);
        change = 0.5 * (n->C->radius - far) * (n->C->radius + far);
        if (on_border(n))
            normal = q->scratch;
        else
            cblas_daxpy((int)n->d, (shrink - 1.0) * n->lambda, q->scratch, 1, r, 1);
    }
    lab_newton_step(n, r, normal, change);
    if (n->tau > 0.0)
        alpha = lab_barrier_reach(n->C, n->x, n->p);
    for (size_t i = 0; i < n->d; i++)
        q->next[i] = n->x[i] + alpha * n->p[i];
    if (n->lambda > 0.0)
        n->lambda = fmax(normal ? n->lambda + n->multiplier : 0.0, shrink * idle(n));
}

/* The weight of the barrier of a box or simplex at smoothing s: tau times the number of
 * logarithms is well below s, as s^2 at first, and stays above what x can resolve. */
static double weight(const struct lab_solve *q, double s)
{
    double parts = lab_barrier_parameter(q->n.C);
    return fmax(0.1 * s * fmax(s / q->scale, 1e-3), 1e-14 * q->scale) / parts;
}

/* One point of the path: centre, certify, look for its end, predict the next. */
static void round_of(struct lab_solve *q, size_t round)
{
    struct lab_newton *n = &q->n;
    double tau = 0.0;
    const size_t limit = round < EARLY ? 300 : 10, left = q->most - n->steps;
    centre(q, limit < left ? limit : left);
    lab_solve_record(q);
    if (n->tau > 0.0)
        tau = q->smooth ? shrink * n->tau : weight(q, shrink * n->smoothing);
    predict(q, tau);
    if (q->smooth && round >= 2) {
        lab_polish(n);
        lab_solve_record(q);
    }
    n->tau = tau;
    n->smoothing *= shrink;
}

/* False if f is not finite in the middle of C. */
static bool start(struct lab_solve *q)
{
    struct lab_newton *n = &q->n;
    const struct lab_domain *C = n->C;
    n->sum = C->kind == LAB_SIMPLEX;
    for (size_t i = 0; C->kind == LAB_BOX && i < n->d; i++)
        n->fixed[i] = C->lower[i] == C->upper[i];
    lab_barrier_middle(C, n->x);
    n->smoothing = q->smooth ? 0.0 : q->scale;
    if (!lab_newton_evaluate(n))
        return false;
    lab_solve_record(q);
    if (q->smooth)
        n->tau = lab_linear_gap(C, n->g, n->x) / lab_barrier_parameter(C);
    else if (C->kind == LAB_BALL)
        n->lambda = fmax(cblas_dnrm2((int)n->d, n->g, 1) / C->radius, idle(n));
    else if (C->kind != LAB_NO_DOMAIN)
        n->tau = weight(q, n->smoothing);
    return true;
}

/* A smooth f whose curvature jumps is nearly its own model once s hardly matters: Newton on
 * it sharpens x, which the path knows to sqrt(s) only. */
static void sharpen(struct lab_solve *q)
{
    struct lab_newton *n = &q->n;
    double f;
    memcpy(n->x, q->best, n->d * sizeof *n->x);
    n->tau = n->lambda = 0.0;
    n->smoothing = 1e-30 * q->scale;
    if (!lab_newton_evaluate(n))
        return;
    lab_polish(n);
    n->problem->objective(n->self, 1, n->x, &f, NULL);
    if (!(f <= q->f + 4.0 * DBL_EPSILON * fabs(q->f)))
        return;
    memcpy(q->best, n->x, n->d * sizeof *n->x);
    q->f = f;
    q->low = fmax(q->low, n->problem->lower(n->self, n->smoothing, n->C, q->best));
    q->gap = fmax(0.0, f - q->low);
}

/* A composite f: one proximal gradient step makes exact zeros of what is nearly zero. */
static void clean(struct lab_solve *q)
{
    const struct lab_newton *n = &q->n;
    const size_t d = n->d;
    double f, *g = n->g, *x = n->x;
    n->problem->objective(n->self, 1, q->best, &f, g);
    n->problem->penalty(n->self, -1.0, q->best, g);
    for (double eta = 1.0; eta > 1e-6; eta *= 0.5) {
        for (size_t i = 0; i < d; i++)
            x[i] = q->best[i] - eta * g[i];
        n->problem->prox(n->self, eta, 1, x);
        lab_domain_project(n->C, 1, x);
        n->problem->objective(n->self, 1, x, &f, NULL);
        if (f <= q->f + 4.0 * DBL_EPSILON * fabs(q->f)) {
            memcpy(q->best, x, d * sizeof *x);
            q->f = f;
            return;
        }
    }
}

int lab_solve_path(struct lab_solve *q, struct lab_error *why)
{
    struct lab_newton *n = &q->n;
    size_t stalled = 0;
    if (!start(q))
        return lab_fail(why, "f is not finite in the domain");
    for (size_t round = 0; round < (stalled < 3 ? MOST_ROUNDS : EARLY); round++) {
        double before = q->gap;
        double aim = fmax(1e-3 * lab_solve_tolerance(q, q->f), DBL_EPSILON * q->natural);
        if (q->gap <= aim || n->steps >= q->most || !lab_newton_evaluate(n))
            break;
        round_of(q, round);
        memcpy(n->x, q->next, n->d * sizeof *n->x);
        stalled = q->gap < 0.9 * before ? 0 : stalled + 1;
    }
    if (!q->smooth && q->facts->L.status >= LAB_COMPUTED)
        sharpen(q);
    if (n->problem->prox && n->problem->penalty)
        clean(q);
    return 0;
}
