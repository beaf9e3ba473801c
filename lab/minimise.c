/*
 * lab/minimise.c -- see minimise.h.
 *
 * Smooth f, no domain: Newton; where d is too large for that and f strongly convex,
 * gradients alone (lab/descend.c).  On a domain, or where f has kinks: Newton along a path
 * that ends at a minimiser (lab/path.c).
 *
 * How far f(x) can be above the minimum is proved, whatever way x was found:
 *
 *   linearisation     f(x) - f* <= <g, x> - min over C of <g, s>             C bounded
 *   strong convexity  f(x) - f* <= ‖g‖^2 / (2 mu)
 *   self-concordance  f(x) - f* <= <g, H^+ g>, if rho ‖g‖ <= lmin+(H)/2
 *   dual bound        f(x) - f* <= f(x) - problem->lower()                   f with kinks
 *
 * The third, for |f'''| <= rho f'' along unit vectors v in the range of H (Bach 2010,
 * "Self-concordant analysis for logistic regression", prop. 1), where h = ‖x - y‖ rho:
 *
 *   f(y) >= f(x) + <g, y-x> + <y-x, H(y-x)> c(h),   c(h) = (e^-h + h - 1)/h^2.
 *
 * With u = rho ‖g‖/lmin+ <= 1/2 the right-hand side exceeds f(x) from h = 1.594 on, where
 * c(h) h = 1/2; so a minimiser exists, and c >= 0.3137 on the way there; the minimum of
 * the right-hand side is then at least f(x) - <g, H^+ g>/(4 * 0.3137).
 */
#include "lab/minimise.h"

#include <float.h>
#include <gsl/gsl_cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/barrier.h"
#include "lab/descend.h"
#include "lab/minimise_parts.h"
#include "lab/polish.h"

enum { MOST_STEPS = 200, MOST_DIMENSIONS = 4000 /* d^3 work, d^2 memory */ };
/* Multiplications of all steps along a path: minutes.  Not a time, so that what is known of a
 * problem does not depend on the machine. */
static const double MOST_WORK = 4e12;

double lab_model_work(const struct lab_facts *facts)
{
    const double d = (double)facts->d, rows = fmax((double)facts->n, d);
    return fmax(facts->work, rows * d * d);
}

static double norm(const struct lab_solve *q, const double *v)
{
    return cblas_dnrm2((int)q->n.d, v, 1);
}

/* Where f* = 0 nothing is relative to it.  Then a smooth f falls with the square of the
 * distance to x*, one with kinks with the distance. */
double lab_solve_tolerance(const struct lab_solve *q, double f)
{
    const double f1 = fabs(q->f1), zero = q->smooth ? 1e-26 : 1e-14;
    const double nothing = fabs(f) <= zero * f1 || q->smooth ? zero * f1 : 0.0;
    return fmax(fmax(1e-10 * fabs(f), nothing), 1e-14 * q->natural);
}

/* ---- certificates ------------------------------------------------------ */

static bool known(const struct lab_fact *fact)
{
    return (fact->status == LAB_ANALYTIC || fact->status == LAB_COMPUTED) &&
           isfinite(fact->value);
}

/* The rank of H at x; its eigenvalues are then in n->w, ascending. */
static size_t rank_at(struct lab_newton *n)
{
    lab_newton_factor(n, true);
    size_t rank = 0;
    const double least = lab_newton_rank_tolerance(n->d, n->w[n->d - 1]);
    while (rank < n->d && n->w[n->d - 1 - rank] > least)
        rank++;
    return rank;
}

/* The rank that H has everywhere, seen at `best`, where H is factored afterwards.
 *
 * Of a self-concordant f the kernel of H is the same at every point.  Where it looks larger
 * than at 0, f has become flat to rounding and falls on and on (quasi-separable data): such
 * directions must not pass for the kernel, and q->flat is set. */
static size_t common_rank(struct lab_solve *q)
{
    struct lab_newton *n = &q->n;
    size_t rank = rank_at(n), elsewhere = rank;
    if (rank == n->d)
        return rank;
    memset(n->x, 0, n->d * sizeof *n->x);
    if (lab_newton_evaluate(n))
        elsewhere = rank_at(n);
    memcpy(n->x, q->best, n->d * sizeof *n->x);
    if (!lab_newton_evaluate(n))
        return 0;
    rank = rank_at(n);
    q->flat = rank < elsewhere;
    return rank;
}

/* What sampled gradients are like near x*: ‖g‖^2 <= 2 L_max (l - inf l), or with the
 * curvature met there. */
static double gradient_size(const struct lab_solve *q)
{
    double curvature = 0.0;
    for (size_t i = 0; i < q->n.d; i++)
        curvature += fmax(q->n.w[i], 0.0);
    if (known(&q->facts->L_max))
        curvature = q->facts->L_max.value;
    return sqrt(2.0 * curvature * fmax(fabs(q->n.F), q->natural));
}

/* From gradient and Hessian at `best`; INFINITY if it proves nothing. */
static double curvature_gap(struct lab_solve *q)
{
    struct lab_newton *n = &q->n;
    const struct lab_facts *facts = q->facts;
    memcpy(n->x, q->best, n->d * sizeof *n->x);
    if (!lab_newton_evaluate(n))
        return INFINITY;
    double size = norm(q, n->g);
    q->proof = "grad f = 0";
    if (size == 0.0)
        return 0.0;
    q->proof = "‖grad f‖^2/(2 mu)";
    if (known(&facts->mu) && facts->mu.value > 0.0)
        return size * size / (2.0 * facts->mu.value);

    q->proof = "self-concordance";
    if (!n->problem->concordance)
        return INFINITY;
    const size_t rank = common_rank(q);
    if (q->flat)
        return INFINITY;
    if (rank < n->d)
        q->proof = "self-concordance, rank to rounding";
    double gap = -lab_newton_step(n, n->g, NULL, 0.0);
    double least = rank ? n->w[n->d - rank] : 0.0;
    /* g lies in the range of H: what sticks out must be rounding, not a direction lost. */
    memcpy(q->scratch, n->g, n->d * sizeof *n->g);
    cblas_dgemv(CblasRowMajor, CblasNoTrans, (int)n->d, (int)n->d, 1.0, n->H, (int)n->d,
                n->p, 1, 1.0, q->scratch, 1);
    if (norm(q, q->scratch) > 32.0 * DBL_EPSILON * gradient_size(q))
        return INFINITY;
    const double rho = n->problem->concordance(n->self);
    return size == 0.0 || rho * size <= 0.5 * least ? gap : INFINITY;
}

void lab_solve_record(struct lab_solve *q)
{
    struct lab_newton *n = &q->n;
    double f = n->F, gap;
    memcpy(q->scratch, n->x, n->d * sizeof *n->x);
    if (q->smooth) {
        gap = lab_linear_gap(n->C, n->g, n->x);
    } else {
        lab_domain_project(n->C, 1, q->scratch);
        n->problem->objective(n->self, 1, q->scratch, &f, NULL);
        q->low = fmax(q->low, n->problem->lower(n->self, n->smoothing, n->C, q->scratch));
        gap = fmax(0.0, fmin(f, q->f) - q->low);
    }
    if (q->smooth ? gap < q->gap : f < q->f)
        memcpy(q->best, q->scratch, n->d * sizeof *n->x), q->f = f;
    q->gap = fmin(q->gap, gap);
}

/* The best point, moved into C, and the proof at that very point. */
static int finish(struct lab_solve *q, double *x, struct lab_minimum *minimum,
                  struct lab_error *why)
{
    static const char *const over[] = {"R^d", "the ball", "the box", "the simplex"};
    struct lab_newton *n = &q->n;
    char linearisation[48];
    double f, gap;
    lab_domain_project(n->C, 1, q->best);
    n->problem->objective(n->self, 1, q->best, &f, n->g);
    double rounding = 8.0 * DBL_EPSILON * (fabs(f) + norm(q, n->g) * norm(q, q->best));
    snprintf(linearisation, sizeof linearisation, "linearisation over %s",
             over[n->C->kind]);
    const bool balanced = n->C->kind == LAB_NO_DOMAIN && !(q->facts->mu.value > 0.0);
    q->proof = q->smooth                   ? linearisation
               : f == 0.0 && q->low == 0.0 ? "f >= 0"
               : balanced                  ? "dual bound, A'y = 0 to rounding"
                                           : "dual bound";
    gap = q->smooth ? lab_linear_gap(n->C, n->g, q->best) : fmax(0.0, f - q->low);
    if (q->smooth && !(gap <= 1e-13 * fabs(f))) {
        const char *proof = q->proof;
        double other = curvature_gap(q);
        if (gap <= other)
            q->proof = proof;
        gap = fmin(gap, other);
    }
    memcpy(x, q->best, n->d * sizeof *x);
    *minimum = (struct lab_minimum){.f = f, .gap = gap + rounding};
    snprintf(minimum->source, sizeof minimum->source,
             "Newton, %zu steps; gap <= %.1e (%s)", n->steps, minimum->gap, q->proof);
    if (gap <= lab_solve_tolerance(q, f))
        return 0;
    if (q->flat)
        return lab_fail(
            why,
            "no minimiser was certified: after %zu Newton steps ‖x‖ = %.3g and "
            "f has no curvature left in some direction, as where the data is "
            "quasi-separable and there is no minimiser",
            n->steps, norm(q, x));
    if (n->C->kind == LAB_NO_DOMAIN && q->smooth)
        return lab_fail(why,
                        "no minimiser was certified: after %zu Newton steps ‖x‖ = %.3g, "
                        "‖grad f‖ = %.3g",
                        n->steps, norm(q, x), norm(q, n->g));
    return lab_fail(why,
                    "no minimum was certified: after %zu Newton steps%s f = %.17g, "
                    "f - f* <= %.3g",
                    n->steps, n->steps >= q->most ? ", all that size allows," : "", f,
                    gap);
}

/* ---- smooth f, no domain ----------------------------------------------- */

/* Newton from n->x, at most `reach` away; `best` is where it ends.  -1 if x runs away. */
static int descend(struct lab_solve *q, double reach, struct lab_error *why)
{
    struct lab_newton *n = &q->n;
    double *start = q->next, first = 0.0;
    memcpy(start, n->x, n->d * sizeof *start);
    if (!lab_newton_evaluate(n))
        return lab_fail(why, "f is not finite at the start");
    for (enum lab_newton_end end = LAB_NEWTON_LIMIT; end == LAB_NEWTON_LIMIT;) {
        end = lab_newton_centre(n, 1e-3 * lab_solve_tolerance(q, n->F),
                                first > 0.0 ? 4 : 1);
        if (n->problem->escapes && n->problem->escapes(n->self, n->x, why) != 0)
            return -1;
        for (size_t i = 0; i < n->d; i++)
            q->scratch[i] = n->x[i] - start[i];
        double far = norm(q, q->scratch);
        if (first == 0.0)
            first = far;
        if (far > fmin(reach, 1e8 * first) || n->steps >= MOST_STEPS)
            break;
    }
    lab_polish(n);
    memcpy(q->best, n->x, n->d * sizeof *n->x);
    return 0;
}

/* ---- all together ------------------------------------------------------ */

static int solve(struct lab_solve *q, const double *x1, struct lab_error *why)
{
    struct lab_newton *n = &q->n;
    const struct lab_domain *C = n->C;
    memcpy(n->x, x1, n->d * sizeof *x1);
    if (C->kind == LAB_NO_DOMAIN && n->problem->attain &&
        n->problem->attain(n->self, q->best)) {
        q->f = q->low = q->gap = 0.0;
        return 0;
    }
    if (C->kind == LAB_NO_DOMAIN && q->smooth)
        return descend(q, INFINITY, why);
    if (q->smooth && C->kind != LAB_SIMPLEX) {
        /* Often the minimiser over R^d lies in C; of several the one nearest to the
         * center, so that one in the ball is found if there is any. */
        lab_barrier_middle(C, n->x);
        if (descend(q, 2.0 * lab_domain_diameter(C), NULL) == 0 &&
            lab_domain_contains(C, q->best, 0.0) &&
            curvature_gap(q) <= lab_solve_tolerance(q, n->F))
            return 0;
    }
    return lab_solve_path(q, why);
}

int lab_minimise(const struct lab_problem *problem, const void *self,
                 const struct lab_domain *C, const struct lab_facts *facts, double *x,
                 struct lab_minimum *minimum, struct lab_error *why)
{
    const size_t d = facts->d;
    if (!facts->convex)
        return lab_fail(why, "the solver needs a convex problem");
    if (!problem->model)
        return lab_fail(why, "the solver needs a convex problem with a `model`");
    const bool large = d > MOST_DIMENSIONS;
    if (large && !(C->kind == LAB_NO_DOMAIN && known(&facts->L) && known(&facts->mu) &&
                   facts->mu.value > 0.0))
        return lab_fail(why,
                        "d = %zu is beyond the %d that the solver takes where f is not "
                        "smooth and strongly convex (mu > 0) on R^d",
                        d, MOST_DIMENSIONS);

    struct lab_solve q = {
        .facts = facts, .smooth = large || !problem->lower, .gap = INFINITY};
    q.f = INFINITY, q.low = -INFINITY;
    q.best = lab_alloc(3 * d, sizeof *q.best);
    q.next = q.best + d, q.scratch = q.next + d;
    problem->objective(self, 1, x, &q.f1, NULL);
    problem->objective(self, 1, q.scratch, &q.natural, NULL);
    q.f1 = fabs(q.f1);
    q.natural = fmin(q.f1, fabs(q.natural));
    q.scale = q.natural > 0.0 ? q.natural : q.f1 > 0.0 ? q.f1 : 1.0;
    if (large) {
        q.n.problem = problem, q.n.self = self, q.n.C = C, q.n.d = d;
        int status = lab_descend(&q, x, minimum, why);
        free(q.best);
        return status;
    }

    lab_newton_new(&q.n, problem, self, C, d);
    q.most = (size_t)fmax(20.0, MOST_WORK / lab_model_work(facts));
    int failed =
        isnan(problem->model(self, q.scale, x, q.n.g, q.n.H))
            ? lab_fail(why, "f has no value at x_1, or is too long for its Hessian")
            : solve(&q, x, why);
    if (!failed) {
        q.n.tau = q.n.lambda = 0.0;
        q.n.sum = false;
        memset(q.n.fixed, 0, d * sizeof *q.n.fixed);
        failed = finish(&q, x, minimum, why);
    }
    lab_newton_free(&q.n);
    free(q.best);
    return failed;
}
