/*
 * lab/tune.c -- see tune.h.
 *
 * A theorem may apply to some factors only, mostly those below a cap, at times to those between
 * two, or to one.  So powers of 2 are looked through both ways from a factor that is allowed, until
 * an edge or long after the right-hand side has stopped to fall; between the neighbours of the best
 * one lies the minimum, which is right if the right-hand side falls and then rises.  There it
 * is fitted by a/s + b s + c: if that is the right-hand side, its minimum is at sqrt(a/b).
 * Otherwise GSL's Brent looks for it in log s.  Where a neighbour is not allowed the edge takes its
 * place, found by bisection.
 */
#include "lab/tune.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_min.h>
#include <stdlib.h>
#include <string.h>

#include "lab/inputs.h"

const char *const lab_tuning_text[] = {"none",     "closed form", "search", "edge",
                                       "one rate", "flat",        "endless"};

enum {
    MOST = 64,    /* powers of 2 looked at for a factor that is allowed */
    FAR = 200,    /* and for the least value */
    PATIENCE = 24 /* powers of 2 without a lower value */
};

/* NAN: not allowed. */
static double value(const struct lab_rhs *rhs, double s, struct lab_error *why)
{
    const double y = rhs->at(rhs->context, s, why);
    return isnan(y) || isfinite(y) ? y : INFINITY;
}

static bool allowed(const struct lab_rhs *rhs, double s)
{
    return !isnan(value(rhs, s, NULL));
}

/* A factor that is allowed: 1, the hint, a power of 2; NAN: none.  If a reason does not change with
 * the factor there is no point in looking for another. */
static double find_allowed(const struct lab_rhs *rhs, double hint)
{
    struct lab_error at[3] = {{""}, {""}, {""}};
    if (!isnan(value(rhs, 1.0, &at[0])))
        return 1.0;
    if (!isnan(hint) && allowed(rhs, hint))
        return hint;
    if (isnan(value(rhs, 0x1p-20, &at[1])) && isnan(value(rhs, 0x1p20, &at[2])) &&
        strcmp(at[0].text, at[1].text) == 0 && strcmp(at[0].text, at[2].text) == 0)
        return NAN;
    for (int k = 1; k <= MOST; k++)
        for (int sign = -1; sign <= 1; sign += 2)
            if (allowed(rhs, ldexp(1.0, sign * k)))
                return ldexp(1.0, sign * k);
    return NAN;
}

/* The best power of 2 times the start, and what was seen on the way. */
struct scan {
    double s, y;      /* the least value, and where */
    double low, high; /* the least and greatest factor looked at that are allowed */
    double most;      /* the greatest value */
    bool endless;
};

static void look(const struct lab_rhs *rhs, struct scan *scan, double step)
{
    double s = scan->s;
    int misses = 0;
    for (int k = 0; k < FAR && misses < PATIENCE; k++) {
        const double y = value(rhs, s *= step, NULL);
        if (isnan(y))
            return;
        scan->low = fmin(scan->low, s), scan->high = fmax(scan->high, s);
        scan->most = fmax(scan->most, y);
        misses = y < scan->y ? 0 : misses + 1;
        if (y < scan->y)
            scan->s = s, scan->y = y;
    }
    scan->endless |= misses == 0;
}

/* The last factor allowed on the way from `in`, which is, to `out`, which is not; rounding that a
 * check forgives is taken back. */
static double edge(const struct lab_rhs *rhs, double in, double out)
{
    const double start = in, forgiven = 1.0 + (in < out ? -1e-12 : 1e-12);
    for (int i = 0; i < 64; i++) {
        const double middle = sqrt(in * out);
        if (middle == in || middle == out)
            break;
        if (allowed(rhs, middle))
            in = middle;
        else
            out = middle;
    }
    if (fabs(in - start) <= 2e-12 * start)
        return start;
    return allowed(rhs, in * forgiven) ? in * forgiven : in;
}

/* Is the right-hand side a/s + b s + c around m, between p and q?  Then *s = sqrt(a/b). */
static bool is_closed(const struct lab_rhs *rhs, double p, double m, double q, double *s)
{
    const double at_p = value(rhs, p, NULL), at_m = value(rhs, m, NULL),
                 at_q = value(rhs, q, NULL), other[] = {sqrt(p * m), sqrt(m * q)};
    /* (1/p - 1/m) a + (p - m) b = at_p - at_m, and so with q */
    const double up = (m - p) / (p * m), uq = (q - m) / (m * q);
    const double dp = at_p - at_m, dq = at_q - at_m;
    const double det = up * (q - m) - uq * (m - p);
    const double a = (dp * (q - m) + dq * (m - p)) / det;
    const double b = (up * dq + uq * dp) / det, c = at_m - a / m - b * m;
    bool fits = a > 0.0 && b > 0.0 && isfinite(at_p + at_m + at_q);
    for (size_t i = 0; i < 2 && fits; i++) {
        const double y = value(rhs, other[i], NULL);
        fits = fabs(a / other[i] + b * other[i] + c - y) <= 1e-11 * y;
    }
    *s = sqrt(a / b);
    return fits && *s >= p && *s <= q;
}

/* NaN stands for what no theorem allows, which a minimiser cannot do with. */
static double of_logarithm(double log_s, void *context)
{
    const double y = value(context, exp(log_s), NULL);
    return isfinite(y) ? y : 1e300;
}

/* A minimum between p and q, m between them being lower than both. */
static double minimise(const struct lab_rhs *rhs, double p, double m, double q)
{
    gsl_function f = {of_logarithm, (void *)(uintptr_t)rhs};
    gsl_min_fminimizer *brent = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
    double s = m;
    if (!brent)
        LAB_BUG("no memory for a minimiser");
    if (gsl_min_fminimizer_set(brent, &f, log(m), log(p), log(q)) == GSL_SUCCESS)
        for (int i = 0; i < 200; i++) {
            if (gsl_min_fminimizer_iterate(brent))
                break;
            s = exp(gsl_min_fminimizer_x_minimum(brent));
            if (gsl_min_test_interval(gsl_min_fminimizer_x_lower(brent),
                                      gsl_min_fminimizer_x_upper(brent), 1e-9,
                                      0.0) == GSL_SUCCESS)
                break;
        }
    gsl_min_fminimizer_free(brent);
    return s;
}

/* Is the right-hand side least at this edge, as seen from inside? */
static bool binds(const struct lab_rhs *rhs, double at_edge, double inside)
{
    const double near = at_edge + 1e-4 * (inside - at_edge);
    return value(rhs, at_edge, NULL) < value(rhs, near, NULL) &&
           value(rhs, at_edge, NULL) <= value(rhs, inside, NULL);
}

static void keep(char to[320], const struct lab_error *why)
{
    snprintf(to, 320, "%.*s", 319, why->text);
    lab_mend_end(to);
}

/* Around the best power of 2. */
static void refine(const struct lab_rhs *rhs, const struct scan *scan,
                   struct lab_tuned *best)
{
    double side[] = {scan->s / 2.0, scan->s * 2.0}, m = scan->s;
    for (size_t i = 0; i < 2; i++) {
        const double beyond = side[i], inner = scan->s / sqrt(beyond / scan->s);
        if (allowed(rhs, beyond))
            continue;
        side[i] = edge(rhs, scan->s, beyond);
        const double inside = side[i] == m && allowed(rhs, inner) ? inner : m;
        if (binds(rhs, side[i], inside)) {
            struct lab_error why = {""};
            value(rhs, beyond, &why);
            keep(best->reason, &why);
            best->how = LAB_TUNED_EDGE;
            best->factor = side[i];
            return;
        }
        const double near = side[i] + 1e-4 * (inside - side[i]);
        if (m == side[i] || value(rhs, near, NULL) < value(rhs, m, NULL))
            m = near; /* the minimum lies before the edge */
    }
    best->how = LAB_TUNED_CLOSED;
    if (is_closed(rhs, side[0], m, side[1], &best->factor))
        return;
    best->how = LAB_TUNED_SEARCH;
    best->factor = minimise(rhs, side[0], m, side[1]);
}

void lab_tune(const struct lab_rhs *rhs, double hint, struct lab_tuned *best)
{
    struct lab_error why = {""};
    const double start = find_allowed(rhs, hint);
    *best = (struct lab_tuned){.factor = NAN, .value = NAN};
    best->given = value(rhs, 1.0, &why);
    keep(best->refused, &why);
    if (isnan(start)) {
        keep(best->reason, &why);
        return;
    }
    const double y = value(rhs, start, NULL);
    struct scan scan = {start, y, start, start, y, false};
    best->factor = start, best->value = y;
    best->how = LAB_TUNED_ONE;
    if (!allowed(rhs, start * (1.0 - 1e-6)) && !allowed(rhs, start * (1.0 + 1e-6)))
        return;
    look(rhs, &scan, 0.5);
    look(rhs, &scan, 2.0);
    if (scan.low < scan.high && scan.most - scan.y <= 1e-13 * fabs(scan.y)) {
        best->how = LAB_TUNED_FLAT;
        best->factor = NAN;
    } else if (scan.endless) {
        best->how = LAB_TUNED_ENDLESS;
        best->factor = best->value = NAN;
    } else {
        refine(rhs, &scan, best);
        best->value = value(rhs, best->factor, NULL);
    }
}

/* ---- arms -------------------------------------------------------------- */

struct arm_rhs {
    const struct lab_experiment *e;
    const struct lab_arm *arm;
    const struct lab_entry *bound;
    const struct lab_limit *limit;
    double *eta; /* room for T */
    bool estimated;
};

/* The right-hand side with these learning rates; NAN with the reason. */
static double with_steps(struct arm_rhs *a, const double *eta, struct lab_error *why)
{
    struct lab_steps steps = lab_steps_new(a->e->T, eta);
    struct lab_arm other = *a->arm;
    struct lab_claim *claim = lab_alloc(1, sizeof *claim);
    other.eta = &steps;
    lab_claim_make(claim, a->e, &other, a->bound, a->limit);
    double rhs = NAN;
    if (claim->status == LAB_NOT_APPLICABLE)
        lab_fail(why, "%s", claim->reason);
    else if (claim->takes)
        lab_fail(why, "takes %s of the run: before it there is nothing to minimise",
                 claim->takes);
    else
        rhs = isnan(claim->final) ? INFINITY : claim->final;
    a->estimated |= claim->status == LAB_ESTIMATED;
    lab_claims_free(claim, 1);
    lab_steps_free(&steps);
    return rhs;
}

static double at(void *context, double factor, struct lab_error *why)
{
    struct arm_rhs *a = context;
    const struct lab_steps *base = a->arm->eta;
    for (size_t t = 0; t < base->T; t++)
        a->eta[t] = factor * base->eta[t];
    return with_steps(a, a->eta, why);
}

double lab_tune_value(const struct lab_experiment *e, const struct lab_arm *arm,
                      const struct lab_entry *bound, const struct lab_limit *limit,
                      const double *eta, struct lab_error *why)
{
    struct arm_rhs a = {.e = e, .arm = arm, .bound = bound, .limit = limit};
    return with_steps(&a, eta, why);
}

/* The factor that makes of the arm's learning rates those that the theorem prescribes; NAN: none
 * does. */
static double prescribed_factor(const struct arm_rhs *a)
{
    const struct lab_bound *b = (const struct lab_bound *)a->bound->plugin;
    const struct lab_course c = lab_arm_course(a->e, a->arm);
    const double *own = c.eta.eta;
    struct lab_error why = {""};
    if (!b->prescription.formula || !(own[0] > 0.0) ||
        lab_prescribed(a->bound->name, &c, a->eta, &why))
        return NAN;
    const double factor = a->eta[0] / own[0];
    for (size_t t = 0; t < c.eta.T; t++)
        if (fabs(a->eta[t] - factor * own[t]) > 1e-9 * a->eta[t] && t + 1 < c.eta.T)
            return NAN;
    return factor;
}

void lab_tune_arm(const struct lab_experiment *e, const struct lab_arm *arm,
                  const struct lab_entry *bound, const struct lab_limit *limit,
                  struct lab_tuned *best)
{
    struct arm_rhs a = {.e = e, .arm = arm, .bound = bound, .limit = limit};
    a.eta = lab_alloc(e->T, sizeof *a.eta);
    lab_tune(&(struct lab_rhs){at, &a}, prescribed_factor(&a), best);
    best->estimated = a.estimated;
    free(a.eta);
}

char *lab_tune_others(const struct lab_experiment *e, const struct lab_arm *arm)
{
    char *names = lab_text("%s", "");
    for (const struct lab_entry *entry = lab_registry; entry->name; entry++) {
        const struct lab_bound *b = (const struct lab_bound *)entry->plugin;
        bool any = false;
        if (entry->kind != LAB_KIND_bound)
            continue;
        for (size_t k = 0;
             k < sizeof b->limits / sizeof *b->limits && b->limits[k].metric; k++)
            any |=
                !isnan(lab_tune_value(e, arm, entry, &b->limits[k], arm->eta->eta, NULL));
        if (!any)
            continue;
        char *longer = lab_text("%s%s%s", names, *names ? ", " : "", entry->name);
        free(names);
        names = longer;
    }
    return names;
}
