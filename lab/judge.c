/* lab/judge.c -- verdicts: a theorem's right-hand side against what was measured */
#include <float.h>
#include <gsl/gsl_cdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/bounds.h"
#include "lab/inputs.h"
#include "lab/stats.h"

/* Both sides are computed in double precision: equal up to this is equal. */
static const double ROUNDING = 1e-9;
/* An equality is not called confirmed where the band is wider than this part of it. */
static const double WIDEST = 2.5;
/* What is assumed of the means' skewness where an equality is tested: f - f* of a Gaussian
 * error is a sum of squares.  Measured on the worst case known, one squared Gaussian and two
 * rows: 2 false alarms in 3000 runs with 16 and 32 seeds. */
static const double SKEWNESS = 3.0;
/* A seed that has diverged is inf, whatever its true value: that contradicts a bound of
 * ordinary size, not one beyond this. */
static const double BEYOND = 1e140;
/* Probability that sampling error alone makes an expectation bound look violated, or an
 * exact value missed, anywhere along the rows. */
static const double FALSE_ALARM = 1e-3;

static void explain(struct lab_claim *claim, const char *text)
{
    size_t used = strlen(claim->reason);
    snprintf(claim->reason + used, sizeof claim->reason - used, "%s%s", used ? "; " : "",
             text);
}

/* The right-hand side per seed and row of the claim, from the R and G met on the path. */
static double *rhs_on_paths(struct lab_inputs *in, const struct lab_bound *b,
                            const struct lab_claim *claim, const struct lab_measure *m)
{
    double *rhs = lab_alloc(m->seeds * claim->rows, sizeof *rhs);
    for (size_t r = 0; r < m->seeds; r++)
        for (size_t k = 0, i = 0; k < claim->rows; k++) {
            while (m->t[i] != claim->t[k])
                i++;
            if (in->R)
                *in->R = m->value[LAB_R][r * m->rows + i];
            if (in->G)
                *in->G = m->value[LAB_G][r * m->rows + i];
            rhs[r * claim->rows + k] = lab_inputs_rhs(in, b, claim->t[k]);
        }
    return rhs;
}

/* Every seed at every row; a seed that has diverged has no finite sides to compare. */
static void judge_paths(struct lab_claim *claim, const struct lab_measure *m,
                        const double *value, const double *rhs, bool each,
                        const double *rounding)
{
    double worst = -INFINITY;
    size_t worst_seed = 0, worst_row = 0, broken = 0;
    bool left_out = false;
    for (size_t r = 0; r < m->seeds; r++) {
        bool over = false;
        for (size_t k = 0; k < m->rows; k++) {
            const double v = value[r * m->rows + k], b = rhs[each ? r * m->rows + k : k];
            if (!isfinite(b) || (!isfinite(v) && (each || b > BEYOND))) {
                left_out = true;
                continue;
            }
            over |= !isfinite(v) || v > b + ROUNDING * (fabs(b) + fabs(v)) + rounding[k];
            if (b > rounding[k] && v / b > worst)
                worst = v / b, worst_seed = r + 1, worst_row = k;
        }
        broken += over;
    }
    claim->verdict = broken ? LAB_VIOLATED : LAB_HOLDS;
    char *text = isfinite(worst)
                     ? lab_text("%zu of %zu seeds above the bound; closest: %.3g of it, "
                                "seed %zu at t = %zu",
                                broken, m->seeds, worst, worst_seed, m->t[worst_row])
                     : lab_text("%zu of %zu seeds above the bound", broken, m->seeds);
    explain(claim, text);
    claim->incomplete |= left_out;
    if (left_out)
        explain(claim, "rows of a seed after it diverged left out");
    free(text);
}

/* How the rows of a mean compare with a right-hand side, given a band for the mean. */
struct comparison {
    size_t violated, first; /* rows outside the band, and the step of the first one */
    size_t open;            /* rows where the band straddles the bound, or is too wide */
    size_t left_out;        /* rows after a seed diverged */
    double needed;          /* seeds that would decide */
    double width;           /* of an equality: the widest band, relative to the value */
};

/* Seeds with which a band would be no wider than `margin` on either side: n such that
 * Student's quantile of n times sd/sqrt(n) is the margin, and a little more. */
static double seeds_for(const struct lab_measure *m, double se, double margin)
{
    const double p = FALSE_ALARM / 2.0 / (double)m->rows;
    const double ratio = sqrt((double)m->seeds) * se / margin;
    double n = 1e4;
    for (int i = 0; i < 30 && n < 1e18; i++) {
        double reach = gsl_cdf_tdist_Qinv(p, fmax(n - 1.0, 7.0)) * ratio;
        n = 0.5 * (n + reach * reach);
    }
    return fmax(1.1 * n, fmax(32.0, (double)m->seeds + 1.0));
}

/* What rounding does to the mean of an equality at row k: an error of eps |e| in each
 * step leaves eps sqrt(value) sqrt(greatest value before) of e^2. */
static double recursion_rounding(const double *rhs, size_t k)
{
    const double eps = 16.0 * DBL_EPSILON;
    double most = 0.0;
    for (size_t i = 0; i <= k; i++)
        most = fmax(most, fabs(rhs[i]));
    return eps * sqrt(fabs(rhs[k])) * sqrt(most) + eps * eps * most;
}

static void compare_exact(struct comparison *c, const struct lab_measure *m, size_t k,
                          double rhs, double lower, double upper, double slack)
{
    const double half = (upper - lower) / 2.0, width = half / fabs(rhs);
    if (lower > rhs + slack || upper < rhs - slack) {
        c->first = c->violated++ ? c->first : m->t[k];
    } else if (width > WIDEST && half > slack) {
        c->needed = fmax(c->needed, isfinite(width) ? (double)m->seeds * width * width /
                                                          WIDEST / WIDEST
                                                    : INFINITY);
        c->open++;
    } else if (half > slack) {
        c->width = fmax(c->width, width);
    }
}

static struct comparison compare_rows(const struct lab_claim *claim,
                                      const struct lab_measure *m, const double *rhs,
                                      const double *lower, const double *upper,
                                      const double *rounding)
{
    const bool exact = claim->limit->mode == LAB_EXACT;
    struct comparison c = {0};
    for (size_t k = 0; k < m->rows; k++) {
        const double mean = claim->empirical[k];
        const double slack = ROUNDING * fabs(rhs[k]) + rounding[k];
        if (!isfinite(mean) && (exact || !(rhs[k] <= BEYOND))) {
            c.left_out++;
        } else if (exact) {
            compare_exact(&c, m, k, rhs[k], lower[k], upper[k],
                          slack + recursion_rounding(rhs, k));
        } else if (lower[k] > rhs[k] + slack) {
            c.first = c.violated++ ? c.first : m->t[k];
        } else if (upper[k] > rhs[k] + slack) {
            c.needed = fmax(c.needed, seeds_for(m, claim->se[k], fabs(mean - rhs[k])));
            c.open++;
        }
    }
    return c;
}

static char *describe(const struct comparison *c, const struct lab_measure *m, bool exact,
                      bool random)
{
    const double percent = 100.0 * (1.0 - FALSE_ALARM);
    if (c->violated)
        return lab_text("outside the %g %% band at %zu of %zu rows, first at t = %zu",
                        percent, c->violated, m->rows, c->first);
    if (c->open && m->seeds == 1)
        return lab_text("one seed gives no confidence band: 32 seeds would");
    if (c->open && c->needed > 1e7)
        return lab_text(
            "the mean is too near the bound: 10 million seeds would not decide");
    if (c->open)
        return lab_text(
            "the %g %% band %s at %zu of %zu rows; about %.0f seeds would decide",
            percent, exact ? "is too wide to tell" : "straddles the bound", c->open,
            m->rows, ceil(c->needed));
    if (!random)
        return lab_text("agrees to %g; nothing is random", ROUNDING);
    if (exact)
        return lab_text(
            "agrees at every row within the %g %% band over %zu seeds, at most "
            "%.2g of the value wide on either side",
            percent, m->seeds, c->width);
    return lab_text("mean below, %g %% band over %zu seeds", percent, m->seeds);
}

/* One standard error band for all rows at once against the bound. */
static void judge_mean(struct lab_claim *claim, const struct lab_measure *m,
                       const double *value, const double *rhs, uint64_t seed, bool random,
                       const double *rounding)
{
    const bool exact = claim->limit->mode == LAB_EXACT;
    double *lower = lab_alloc(m->rows, sizeof *lower),
           *upper = lab_alloc(m->rows, sizeof *upper);
    if (random)
        lab_band(m->seeds, m->rows, value, exact ? FALSE_ALARM / 4.0 : FALSE_ALARM,
                 exact ? SKEWNESS : 0.0, seed, lower, upper);
    for (size_t k = 0; k < m->rows && !random; k++)
        lower[k] = upper[k] = claim->empirical[k];
    const struct comparison c = compare_rows(claim, m, rhs, lower, upper, rounding);
    claim->verdict = c.violated ? LAB_VIOLATED : c.open ? LAB_UNDECIDED : LAB_HOLDS;
    char *text = describe(&c, m, exact, random);
    explain(claim, text);
    claim->incomplete |= c.left_out > 0;
    if (c.left_out)
        explain(claim, "rows after a seed diverged left out");
    free(text), free(lower), free(upper);
}

/* Rows of bounds.csv. */
static void fill_rows(struct lab_claim *claim, const struct lab_measure *m,
                      const double *value, const double *rhs, bool each)
{
    double *scratch = lab_alloc(m->seeds, sizeof *scratch);
    claim->bound_value = lab_alloc(m->rows, sizeof *claim->bound_value);
    claim->empirical = lab_alloc(m->rows, sizeof *claim->empirical);
    claim->se = lab_alloc(m->rows, sizeof *claim->se);
    claim->ratio = lab_alloc(m->rows, sizeof *claim->ratio);
    for (size_t k = 0; k < m->rows; k++) {
        struct lab_summary s = lab_summarise(m->seeds, value + k, m->rows, scratch);
        claim->empirical[k] = s.mean;
        claim->se[k] = s.se;
        claim->bound_value[k] =
            each ? lab_summarise(m->seeds, rhs + k, m->rows, scratch).mean : rhs[k];
        claim->ratio[k] = s.mean / claim->bound_value[k];
    }
    free(scratch);
}

/* Without noise and sampling all seeds are one run: there is no sampling error. */
static bool deterministic(const struct lab_experiment *e, const struct lab_arm *arm)
{
    const bool one_order = e->batch == 0 || lab_sampling_named(e->sampling) == LAB_CYCLIC;
    const struct lab_problem_entry *p = arm->problem;
    const bool random = p->problem->draw && !p->facts.scripted;
    return (p->facts.n <= 1 || one_order) && !random && p->noise.law == LAB_NO_NOISE &&
           !arm->optimizer->optimizer->random;
}

/* f - f* may grow like z^2: with a tail index of at most 4 its mean over seeds has no finite
 * variance, and no band could be trusted. */
static bool heavy(const struct lab_arm *arm)
{
    const struct lab_noise *z = &arm->problem->noise;
    return (z->law == LAB_STUDENT_T || z->law == LAB_PARETO) && z->index <= 4.0;
}

/* An averaged iterate is known to an ulp or so: ‖x*‖ times the slope of f that near, which G
 * does not cover where the domain is a point. */
static double slope_beside(const struct lab_problem_entry *p)
{
    const size_t d = p->facts.d;
    const double nearby = 1e-10;
    double *x = lab_alloc(d, sizeof *x), f, most = 0.0;
    for (double side = -nearby; side <= nearby; side += 2.0 * nearby) {
        for (size_t j = 0; j < d; j++)
            x[j] = p->facts.minimiser[j] * (1.0 + side);
        p->problem->objective(p->self, 1, x, &f, NULL);
        most = fmax(most, fabs(f - p->facts.f_star.value) / nearby);
    }
    free(x);
    return isfinite(most) ? most : 0.0;
}

/* Losses are subtracted from losses: how large those are, in units of rounding. */
static double rounding_of(const struct lab_arm *arm)
{
    const struct lab_problem_entry *p = arm->problem;
    const struct lab_facts *f = &p->facts;
    if (!f->minimiser)
        return 0.0;
    const double far = f->x_star.value + f->R1.value, d = (double)f->d;
    double scale = fabs(f->f_star.value), most = 0.0;
    for (size_t i = 0; p->loss_star && i < f->n; i++)
        most = fmax(most, fabs(p->loss_star[i]));
    if (f->G.status != LAB_UNKNOWN)
        scale += f->G.value * f->x_star.value;
    else if (f->L_max.status != LAB_UNKNOWN)
        scale += f->L_max.value * far * f->x_star.value;
    scale += slope_beside(p);
    const struct lab_noise *z = &p->noise; /* how large it may well get, of any law */
    scale +=
        most + (lab_noise_adds(z) ? 8.0 * (z->sigma + z->scale) * sqrt(d) * far : 0.0);
    return 64.0 * DBL_EPSILON * scale;
}

/* The rows of which the theorem speaks, and what was measured there: a measure of its own
 * that shares `m` but for t, rows and one metric. */
static struct lab_measure speaking(struct lab_claim *claim, const struct lab_inputs *in,
                                   const struct lab_measure *m, const double *all,
                                   double **value)
{
    const struct lab_bound *b = (const struct lab_bound *)claim->entry->plugin;
    struct lab_measure view = *m;
    size_t *row = lab_alloc(m->rows, sizeof *row);
    claim->t = lab_alloc(m->rows, sizeof *claim->t);
    claim->rows = 0;
    for (size_t k = 0; k < m->rows; k++)
        if (lab_inputs_horizon(in, b, m->t[k]) != SIZE_MAX)
            row[claim->rows] = k, claim->t[claim->rows++] = m->t[k];
    *value = lab_alloc(m->seeds * claim->rows, sizeof **value);
    for (size_t r = 0; r < m->seeds; r++)
        for (size_t k = 0; k < claim->rows; k++)
            (*value)[r * claim->rows + k] = all[r * m->rows + row[k]];
    free(row);
    view.t = claim->t;
    view.rows = claim->rows;
    return view;
}

/* The same choice of rows of something else. */
static double *choose_rows(const struct lab_claim *claim, const struct lab_measure *m,
                           const double *all)
{
    double *some = lab_alloc(m->seeds * claim->rows, sizeof *some);
    for (size_t r = 0; r < m->seeds; r++)
        for (size_t k = 0, i = 0; k < claim->rows; k++) {
            while (m->t[i] != claim->t[k])
                i++;
            some[r * claim->rows + k] = all[r * m->rows + i];
        }
    return some;
}

/* Below, too, is a side: -value <= -bound. */
static void negate(size_t count, double *number)
{
    for (size_t i = 0; i < count; i++)
        number[i] = -number[i];
}

/* More seeds above the bound than a share delta of them makes likely, at any row? */
static void judge_share(struct lab_claim *claim, const struct lab_measure *m,
                        const double *value, const double *rhs, double delta,
                        const double *rounding)
{
    size_t most = 0, worst = 0;
    for (size_t k = 0; k < m->rows; k++) {
        size_t over = 0;
        for (size_t r = 0; r < m->seeds; r++) {
            const double v = value[r * m->rows + k];
            over += v > rhs[k] + ROUNDING * fabs(rhs[k]) + rounding[k] ? 1 : 0;
        }
        if (over > most)
            most = over, worst = k;
    }
    const double p = FALSE_ALARM / (double)m->rows;
    const double tail =
        most ? gsl_cdf_binomial_Q((unsigned)most - 1, delta, (unsigned)m->seeds) : 1.0;
    const double share = (double)most / (double)m->seeds;
    claim->verdict = tail < p ? LAB_VIOLATED : share > delta ? LAB_UNDECIDED : LAB_HOLDS;
    char *text =
        most ? lab_text(
                   "%zu of %zu seeds above the bound at t = %zu, where a share of %g is "
                   "allowed%s",
                   most, m->seeds, m->t[worst], delta,
                   claim->verdict == LAB_UNDECIDED ? "; more seeds would decide" : "")
             : lab_text(
                   "none of %zu seeds above the bound, where a share of %g is allowed",
                   m->seeds, delta);
    explain(claim, text);
    free(text);
}

/* What rounding in the iterates themselves leaves of a last iterate whose bound is next to
 * nothing: t steps, each off by some eps of the size of x, none enlarging what was off before.
 * ‖x_t - x*‖^2 is then off by 2 ‖x_t - x*‖ off + off^2, f(x_t) - f* by the like. */
static double drift(const struct lab_claim *claim, const struct lab_facts *f, size_t t,
                    double rhs)
{
    const double scale = claim->metric == LAB_DIST2 ? 1.0
                         : claim->metric == LAB_GAP ? f->L.value
                                                    : NAN;
    const double off = 16.0 * DBL_EPSILON * (double)t * (f->x_star.value + f->R1.value);
    const double most = 2.0 * sqrt(scale * fabs(rhs)) * off + scale * off * off;
    return isfinite(most) ? most : 0.0;
}

/* How far rounding alone may put each row beyond its bound; what is exact has its own. */
static double *rounding_at(const struct lab_claim *claim, const struct lab_arm *arm,
                           const struct lab_measure *m)
{
    const struct lab_facts *f = &arm->problem->facts;
    const double always = rounding_of(arm);
    double *rounding = lab_alloc(m->rows, sizeof *rounding);
    for (size_t k = 0; claim->limit->mode != LAB_EXACT && k < m->rows; k++)
        rounding[k] = always + drift(claim, f, m->t[k], claim->bound_value[k]);
    return rounding;
}

static void judge(struct lab_claim *claim, const struct lab_experiment *e,
                  const struct lab_arm *arm, const struct lab_measure *m, double *value,
                  double *rhs, bool each, double delta)
{
    const enum lab_mode mode = claim->limit->mode;
    const size_t of_rhs = each ? m->seeds * m->rows : m->rows;
    const bool below = mode == LAB_LOWER || mode == LAB_LOWER_MEAN,
               thinned = claim->metric != claim->limit->metric, /* at random */
        sure = deterministic(e, arm) && !thinned;
    fill_rows(claim, m, value, rhs, each);
    double *rounding = rounding_at(claim, arm, m);
    if (below)
        negate(m->seeds * m->rows, value), negate(of_rhs, rhs),
            negate(m->rows, claim->empirical);
    if (mode == LAB_PROBABILITY && !sure)
        judge_share(claim, m, value, rhs, delta, rounding);
    else if (mode == LAB_PATH || mode == LAB_LOWER || (sure && mode != LAB_EXACT))
        judge_paths(claim, m, value, rhs, each, rounding);
    else if (heavy(arm)) {
        claim->verdict = LAB_UNDECIDED;
        explain(claim,
                "noise with a tail index of at most 4: the spread over seeds has no "
                "finite variance, so no number of seeds gives a band");
    } else
        judge_mean(claim, m, value, rhs, e->seed, !sure, rounding);
    if (below)
        negate(m->seeds * m->rows, value), negate(of_rhs, rhs),
            negate(m->rows, claim->empirical);
    for (size_t k = 0; k < of_rhs;
         k++) /* how tight nothing but rounding is says nothing */
        if (fabs(rhs[k]) <= rounding[k % m->rows])
            rhs[k] = NAN;
    free(rounding);
    struct lab_tightness tight =
        lab_tightness(m->seeds, m->rows, value, rhs, each, e->seed);
    claim->tightness = tight.value;
    claim->lo = tight.lo;
    claim->hi = tight.hi;
    claim->worst_t = tight.worst < m->rows ? m->t[tight.worst] : 0;
}

void lab_claim_judge(struct lab_claim *claim, const struct lab_experiment *e,
                     const struct lab_arm *arm, const struct lab_measure *m)
{
    const struct lab_bound *b = (const struct lab_bound *)claim->entry->plugin;
    const struct lab_watcher *w = claim->inputs ? &m->watcher[claim->watcher] : NULL;
    if (claim->status == LAB_NOT_APPLICABLE)
        return;
    const double *all = claim->metric == LAB_OWN ? w->own : m->value[claim->metric];
    if (!all) {
        char *text =
            lab_text("%s is not among the metrics", lab_metric_cards[claim->metric].name);
        explain(claim, text);
        free(text);
        return;
    }
    const struct lab_course c = lab_arm_course(e, arm);
    struct lab_inputs in;
    struct lab_error why = {""};
    if (lab_inputs_bind(&in, b, claim->limit, &c, &why))
        LAB_BUG("%s was applicable: %s", claim->entry->name, why.text);
    double *value;
    const struct lab_measure view = speaking(claim, &in, m, all, &value);
    for (size_t i = 0; w && b->watch.point && i < view.seeds * view.rows; i++)
        value[i] -= arm->problem->facts.f_star.value;
    const bool each = in.R || in.G || (w && w->rhs);
    if (view.rows == 0) {
        explain(claim, "no row of this run is one that the theorem speaks of");
    } else {
        double *rhs = w && w->rhs ? choose_rows(claim, m, w->rhs)
                      : each      ? rhs_on_paths(&in, b, claim, m)
                                  : lab_alloc(view.rows, sizeof *rhs);
        if (!each)
            lab_inputs_rows(&in, b, view.rows, view.t, rhs);
        if (each) {
            char *text = lab_text("%s as met on each path", claim->takes);
            explain(claim, text);
            free(text);
        }
        judge(claim, e, arm, &view, value, rhs, each, in.delta ? *in.delta : NAN);
        free(rhs);
    }
    free(value);
    lab_inputs_free(&in);
}
