/* lab/judge.c -- verdicts: a theorem's right-hand side against what was measured */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/bounds.h"
#include "lab/inputs.h"
#include "lab/stats.h"

/* Both sides are computed in double precision: equal up to this is equal. */
static const double ROUNDING = 1e-9;
/* Iterates are rounded: a squared distance cannot fall below this part of the first. */
static const double FLOOR = 1e-26;
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

/* The right-hand side per seed and row, from the R and G met on the path. */
static double *rhs_on_paths(struct lab_inputs *in, const struct lab_bound *b,
                            const struct lab_measure *m)
{
    double *rhs = lab_alloc(m->seeds * m->rows, sizeof *rhs);
    for (size_t r = 0; r < m->seeds; r++)
        for (size_t k = 0; k < m->rows; k++) {
            const size_t i = r * m->rows + k;
            if (in->R)
                *in->R = m->value[LAB_R][i];
            if (in->G)
                *in->G = m->value[LAB_G][i];
            rhs[i] = lab_inputs_rhs(in, b, m->t[k]);
        }
    return rhs;
}

/* Every seed at every row; a seed that has diverged has no finite sides to compare. */
static void judge_paths(struct lab_claim *claim, const struct lab_measure *m,
                        const double *value, const double *rhs, bool each)
{
    double worst = -INFINITY;
    size_t worst_seed = 0, worst_row = 0, broken = 0;
    for (size_t r = 0; r < m->seeds; r++) {
        bool over = false;
        for (size_t k = 0; k < m->rows; k++) {
            const double v = value[r * m->rows + k], b = rhs[each ? r * m->rows + k : k];
            if (!isfinite(b) || (!isfinite(v) && (each || b > BEYOND)))
                continue;
            over |= !isfinite(v) || v > b + ROUNDING * (fabs(b) + fabs(v));
            if (b > 0.0 && v / b > worst)
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
    free(text);
}

/* How the rows of a mean compare with a right-hand side, given a band for the mean. */
struct comparison {
    size_t violated, first; /* rows outside the band, and the step of the first one */
    size_t open;            /* rows where the band straddles the bound */
    size_t left_out;        /* rows after a seed diverged, where the bound does, too */
    double needed;          /* seeds that would decide */
};

static struct comparison compare_rows(const struct lab_claim *claim,
                                      const struct lab_measure *m, const double *rhs,
                                      const double *lower, const double *upper,
                                      bool exact)
{
    struct comparison c = {0};
    for (size_t k = 0; k < m->rows; k++) {
        const double mean = claim->empirical[k], margin = fabs(mean - rhs[k]);
        const double slack = ROUNDING * fabs(rhs[k]) + FLOOR * fabs(rhs[0]);
        const bool above = lower[k] > rhs[k] + slack, below = upper[k] < rhs[k] - slack;
        if (!isfinite(mean) && !(rhs[k] <= BEYOND)) {
            c.left_out++;
        } else if (above || (exact && below)) {
            c.first = c.violated++ ? c.first : m->t[k];
        } else if (!exact && upper[k] > rhs[k] + slack) {
            double width = (mean > rhs[k] ? mean - lower[k] : upper[k] - mean) / margin;
            c.needed = fmax(c.needed, (double)m->seeds * width * width);
            c.open++;
        } else if (exact && !isfinite(upper[k] - lower[k])) {
            c.needed = INFINITY;
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
    if (c->open && isfinite(c->needed))
        return lab_text(
            "the %g %% band straddles the bound at %zu of %zu rows; about %.0f "
            "seeds would decide",
            percent, c->open, m->rows, ceil(c->needed));
    if (c->open)
        return lab_text("the mean is too near the bound for any number of seeds");
    if (!random)
        return lab_text("agrees to %g; nothing is random", ROUNDING);
    return lab_text("%s, %g %% band over %zu seeds", exact ? "agrees" : "mean below",
                    percent, m->seeds);
}

/* One standard error band for all rows at once against the bound. */
static void judge_mean(struct lab_claim *claim, const struct lab_measure *m,
                       const double *value, const double *rhs, uint64_t seed, bool exact,
                       bool random)
{
    double *lower = lab_alloc(m->rows, sizeof *lower),
           *upper = lab_alloc(m->rows, sizeof *upper);
    if (random)
        lab_band(m->seeds, m->rows, value, FALSE_ALARM, seed, lower, upper);
    for (size_t k = 0; k < m->rows && !random; k++)
        lower[k] = upper[k] = claim->empirical[k];
    const struct comparison c = compare_rows(claim, m, rhs, lower, upper, exact);
    claim->verdict = c.violated ? LAB_VIOLATED : c.open ? LAB_UNDECIDED : LAB_HOLDS;
    char *text = describe(&c, m, exact, random);
    explain(claim, text);
    if (c.left_out)
        explain(claim, "rows after a seed diverged left out, where the bound does, too");
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
static bool deterministic(const struct lab_arm *arm)
{
    return arm->problem->facts.n == 0 && arm->problem->noise_sigma == 0.0;
}

void lab_claim_judge(struct lab_claim *claim, const struct lab_experiment *e,
                     const struct lab_arm *arm, const struct lab_measure *m)
{
    const double *value = m->value[claim->metric];
    const struct lab_bound *b = (const struct lab_bound *)claim->entry->plugin;
    if (claim->status == LAB_NOT_APPLICABLE)
        return;
    if (!value) {
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
    const bool each = in.R || in.G;
    double *rhs = each ? rhs_on_paths(&in, b, m) : lab_alloc(m->rows, sizeof *rhs);
    if (!each)
        lab_inputs_rows(&in, b, m->rows, m->t, rhs);
    lab_inputs_free(&in);

    if (each)
        explain(claim, "R and G as met on each path");
    fill_rows(claim, m, value, rhs, each);
    if (claim->limit->mode == LAB_PATH ||
        (deterministic(arm) && claim->limit->mode != LAB_EXACT))
        judge_paths(claim, m, value, rhs, each);
    else
        judge_mean(claim, m, value, rhs, e->seed, claim->limit->mode == LAB_EXACT,
                   !deterministic(arm));
    struct lab_tightness tight =
        lab_tightness(m->seeds, m->rows, value, rhs, each, e->seed);
    claim->tightness = tight.value;
    claim->lo = tight.lo;
    claim->hi = tight.hi;
    claim->worst_t = tight.worst < m->rows ? m->t[tight.worst] : 0;
    free(rhs);
}
