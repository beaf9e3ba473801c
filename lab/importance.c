/*
 * lab/importance.c -- see importance.h
 *
 * A sampled loss is w_i l_i with probability p_i, w_i = 1/(n p_i), so E w_i grad l_i = grad f
 * and E‖w_i grad l_i‖^2 = (1/n) sum_i w_i ‖grad l_i‖^2.  With W = max w_i over points that
 * are drawn, and L_i, G_i the smoothness and the steepest slope of l_i,
 *
 *     L_max = max_i w_i L_i,     G = max_i w_i G_i,     G2 <= (1/n) sum_i w_i G_i^2
 *     sigma2 = sup (1/n) sum_i w_i ‖grad l_i‖^2 - ‖grad f‖^2 <= min(G2, s2 + (W - 1) g2)
 *
 * where s2 and g2 are sigma2 and G2 of uniform sampling: w_i <= 1 + (W - 1), and the mean of
 * ‖grad l_i‖^2 is at most g2.  Terms of x alone that all l_i share do not cancel,
 * as w_i differ: without a bound on G2 there is none on sigma2.  Where L_i or G_i are not known
 * one by one, W times what is known of uniform sampling bounds each.
 */
#include "lab/importance.h"

#include <stdlib.h>
#include <string.h>

#include "lab/facts.h"

struct lab_importance lab_importance_of(const struct lab_experiment *e)
{
    const struct lab_vector *v = &e->probabilities;
    return (struct lab_importance){
        .by = strcmp(e->importance, "norm") == 0 ? LAB_NORM : LAB_SMOOTHNESS,
        .given = v->n || !isnan(v->fill) ? v : NULL,
        .uniform = e->importance_uniform,
    };
}

/* ---- probabilities ------------------------------------------------------- */

static const char *word(enum lab_size by)
{
    return by == LAB_NORM ? "norm" : "smoothness";
}

static int sizes_of(const struct lab_problem_entry *p, enum lab_size what, double *size,
                    struct lab_error *why)
{
    if (!p->problem->sizes)
        return lab_fail(why, "it is not known for this problem");
    return p->problem->sizes(p->self, what, &p->domain, size, why);
}

/* p_i from the user. */
static int take_given(const struct lab_vector *given, size_t n, double *p,
                      struct lab_error *err)
{
    double sum = 0.0;
    if (given->n && given->n != n)
        return lab_fail(err, "probabilities has %zu numbers, but n = %zu", given->n, n);
    for (size_t i = 0; i < n; i++)
        sum += p[i] = lab_vector_at(given, i);
    if (!(fabs(sum - 1.0) <= LAB_ODDS_SLACK))
        return lab_fail(err, "the %zu probabilities sum to %.9g, not 1", n, sum);
    return 0;
}

/* Sizes that p_i is proportional to. */
static int take_sizes(const struct lab_problem_entry *e, enum lab_size by, double *p,
                      struct lab_error *err)
{
    const size_t n = e->facts.n;
    struct lab_error why = {""};
    double most = 0.0;
    int failed = sizes_of(e, by, p, &why);
    for (size_t i = 0; !failed && i < n; i++)
        most = fmax(most, p[i]);
    if (!failed && most == 0.0)
        failed = lab_fail(&why, "it is 0 for all data points");
    for (size_t i = 0; !failed && i < n; i++)
        p[i] /= most; /* so that the sum is in range */
    if (!failed)
        return 0;
    const bool norm = by != LAB_NORM && sizes_of(e, LAB_NORM, p, NULL) == 0;
    return lab_fail(err,
                    "importance = \"%s\" is not possible: %.300s (possible: %s"
                    "probabilities = [ ... ])",
                    word(by), why.text, norm ? "importance = \"norm\", " : "");
}

static void normalise(size_t n, double uniform, double *p)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += p[i];
    for (size_t i = 0; i < n; i++)
        p[i] = (1.0 - uniform) * p[i] / sum + uniform / (double)n;
}

int lab_importance_misses(const struct lab_problem_entry *p, const double *grad2,
                          struct lab_error *err)
{
    for (size_t i = 0; i < p->odds->n; i++)
        if (p->odds->p[i] == 0.0 && grad2[i] != 0.0)
            return lab_fail(err,
                            "data point %zu has probability 0, but its gradient is not 0 "
                            "everywhere (importance_uniform > 0 gives every point some)",
                            i + 1);
    return 0;
}

/* Are gradients of points that are never drawn 0 everywhere?  Where ‖a_i‖ = 0 what is left
 * are terms of x alone, which are 0 at x_1 and at a random point only if they always are. */
static int check_never_drawn(struct lab_problem_entry *p, struct lab_error *err)
{
    const size_t n = p->facts.n, d = p->facts.d;
    struct lab_odds *odds = p->odds;
    double *size = lab_alloc(2 * n + d, sizeof *size), *loss = size + n, *x = loss + n;
    int failed = 0;
    if (sizes_of(p, LAB_NORM, size, NULL) == 0)
        failed = lab_importance_misses(p, size, err);
    if (!failed) {
        lab_draw_start(1, 1.0, d, x);
        lab_domain_project(&p->domain, 1, x);
        p->problem->components(p->self, x, loss, size);
        failed = lab_importance_misses(p, size, err);
    }
    if (!failed) {
        p->problem->components(p->self, p->facts.x1, loss, size);
        failed = lab_importance_misses(p, size, err);
    }
    for (size_t i = 0; i < n; i++)
        odds->rest += odds->p[i] == 0.0 ? loss[i] / (double)n : 0.0;
    free(size);
    return failed;
}

int lab_importance_open(struct lab_problem_entry *p, const struct lab_importance *how,
                        struct lab_error *err)
{
    const size_t n = p->facts.n;
    if (n == 0)
        return lab_fail(err, "sampling = \"importance\" needs a finite sum, but this %s",
                        p->problem->draw ? "is a stream: no sample comes twice"
                                         : "has no data points");
    double *odds = lab_alloc(n, sizeof *odds);
    bool zero = false;
    int failed = how->given ? take_given(how->given, n, odds, err)
                            : take_sizes(p, how->by, odds, err);
    if (!failed) {
        normalise(n, how->uniform, odds);
        for (size_t i = 0; i < n && !failed; i++) {
            zero |= odds[i] == 0.0;
            if (odds[i] > 0.0 && !isfinite(1.0 / ((double)n * odds[i])))
                failed = lab_fail(err,
                                  "data point %zu has probability %g: its weight 1/(n p) "
                                  "is too large for a double",
                                  i + 1, odds[i]);
        }
    }
    if (!failed)
        p->odds = lab_odds_new(n, odds);
    free(odds);
    return !failed && zero ? check_never_drawn(p, err) : failed;
}

char *lab_importance_text(const struct lab_odds *odds)
{
    double least = 1.0, most = 0.0, weight = 0.0;
    for (size_t i = 0; i < odds->n; i++) {
        least = fmin(least, odds->p[i]);
        most = fmax(most, odds->p[i]);
        weight = fmax(weight, odds->weight[i]);
    }
    return lab_text("p_i from %.4g to %.4g, weights w_i = 1/(n p_i) up to %.4g", least,
                    most, weight);
}

/* ---- constants ------------------------------------------------------------- */

static const char AT_MOST[] = "at most ";

/* "at most " if that is what a fact begins with, and the rest of it. */
static const char *split(const struct lab_fact *fact, const char **prefix)
{
    const bool bound = strncmp(fact->source, AT_MOST, strlen(AT_MOST)) == 0;
    *prefix = bound ? AT_MOST : "";
    return fact->source + strlen(*prefix);
}

/* max_i w_i times what `fact` is the maximum of. */
static void weigh_most(const struct lab_problem_entry *p, struct lab_fact *fact,
                       const char *symbol, const double *size, double W)
{
    const struct lab_fact before = *fact;
    const char *prefix, *source = split(&before, &prefix);
    double most = 0.0;
    if (before.status == LAB_UNKNOWN)
        return;
    for (size_t i = 0; size && i < p->facts.n; i++)
        most = fmax(most, p->odds->weight[i] * size[i]);
    if (size)
        lab_know(fact, before.status, most,
                 "%smax w_i %s_i, w_i = 1/(n p_i); max %s_i: %s", prefix, symbol, symbol,
                 source);
    else
        lab_know(fact, before.status, W * before.value,
                 "at most max w_i times (%s), w_i = 1/(n p_i)", source);
}

static void weigh_moments(struct lab_problem_entry *p, const double *steepest, double W)
{
    struct lab_facts *f = &p->facts;
    const struct lab_fact g2 = f->G2, s2 = f->sigma2;
    const bool bounded = g2.status != LAB_UNKNOWN;
    const char *prefix;
    double mean = 0.0, spread = s2.value;
    for (size_t i = 0; steepest && i < f->n; i++)
        mean += p->odds->weight[i] * steepest[i] * steepest[i] / (double)f->n;
    if (bounded && steepest)
        lab_know(&f->G2, g2.status, mean, "at most mean w_i G_i^2, w_i = 1/(n p_i)");
    else if (bounded)
        lab_know(&f->G2, g2.status, W * g2.value, "at most max w_i times (%s)",
                 g2.source);
    if (W > 1.0)
        spread += (W - 1.0) * g2.value;
    if (s2.status != LAB_UNKNOWN && isfinite(spread))
        lab_know(&f->sigma2, s2.status, spread,
                 W > 1.0 ? "at most %s, and max w_i - 1 times G2 of uniform sampling"
                         : "at most %s",
                 split(&s2, &prefix));
    else if (s2.status != LAB_UNKNOWN)
        lab_unknown(&f->sigma2,
                    "terms that all losses share do not cancel where weights "
                    "differ, and G2 is not known: %.80s",
                    g2.source);
    if (f->G2.status != LAB_UNKNOWN && !(f->sigma2.value <= f->G2.value))
        lab_know(&f->sigma2, f->G2.status, f->G2.value, "at most G2");
}

void lab_importance_weigh(struct lab_problem_entry *p)
{
    const size_t n = p->facts.n;
    double *smooth = lab_alloc(2 * n, sizeof *smooth), *steep = smooth + n, W = 0.0;
    double least = INFINITY;
    struct lab_fact *mu_min = &p->facts.mu_min;
    for (size_t i = 0; i < n; i++) {
        W = fmax(W, p->odds->weight[i]);
        least = p->odds->p[i] > 0.0 ? fmin(least, p->odds->weight[i]) : least;
    }
    const bool bends = sizes_of(p, LAB_SMOOTHNESS, smooth, NULL) == 0;
    const bool slopes = sizes_of(p, LAB_STEEPNESS, steep, NULL) == 0;
    weigh_most(p, &p->facts.L_max, "L", bends ? smooth : NULL, W);
    weigh_most(p, &p->facts.G, "G", slopes ? steep : NULL, W);
    if (mu_min->status != LAB_UNKNOWN) {
        const struct lab_fact one = *mu_min;
        lab_know(mu_min, one.status, least * one.value,
                 "at least min w_i times (%.180s), w_i = 1/(n p_i)", one.source);
    }
    weigh_moments(p, slopes ? steep : NULL, W);
    free(smooth);
}
