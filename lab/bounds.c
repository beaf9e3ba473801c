/* lab/bounds.c -- see bounds.h: applicability and right-hand sides; verdicts in judge.c */
#include "lab/bounds.h"

#include <stdlib.h>
#include <string.h>

#include "lab/facts.h"
#include "lab/inputs.h"
#include "lab/pairing.h"

const char *const lab_standing_text[] = {"certified", "estimated", "not_applicable"};
const char *const lab_verdict_text[] = {"-", "holds", "violated", "undecided"};

struct lab_course lab_arm_course(const struct lab_experiment *e,
                                 const struct lab_arm *arm)
{
    return (struct lab_course){
        .facts = &arm->problem->facts,
        .domain = &arm->problem->domain,
        .oracle = arm->problem->problem,
        .oracle_self = arm->problem->self,
        .method = arm->optimizer->optimizer,
        .method_self = arm->optimizer->self,
        .average_alpha = e->average_alpha,
        .composite = arm->problem->problem->prox != NULL,
        .problem = arm->problem->type,
        .optimizer = arm->optimizer->type,
        .sampling = e->sampling,
        .batch = e->batch,
        .noise = &arm->problem->noise,
        .streams = arm->problem->problem->draw != NULL,
        .eta = arm->eta ? *arm->eta : (struct lab_steps){0},
        .loss_low = lab_loss_low(e, arm->problem, arm->optimizer),
    };
}

/* ---- assumptions ------------------------------------------------------- */

static int check_steps(unsigned assumes, const struct lab_steps *eta,
                       struct lab_error *why)
{
    const size_t last = assumes & LAB_BEFORE_LAST ? eta->T - 1 : eta->T;
    for (size_t t = 1; t <= last; t++)
        if (!(eta->eta[t - 1] > 0.0))
            return lab_fail(why, "needs eta_t > 0, but eta_%zu = %g", t, eta->eta[t - 1]);
    for (size_t t = 2; t <= eta->T; t++) {
        double before = eta->eta[t - 2], now = eta->eta[t - 1];
        if (assumes & LAB_CONSTANT_STEP && now != before)
            return lab_fail(
                why, "needs a constant step, but eta_%zu = %.6g and eta_%zu = %.6g",
                t - 1, before, t, now);
        if (assumes & LAB_NONINCREASING && now > before)
            return lab_fail(why,
                            "needs steps that never grow, but the schedule increases at "
                            "t = %zu (%.6g after %.6g)",
                            t, now, before);
    }
    return 0;
}

static int check_gradients(unsigned assumes, const struct lab_course *c,
                           struct lab_error *why)
{
    const bool noisy = c->noise->law != LAB_NO_NOISE;
    const bool sampled = c->streams || (c->facts->n > 1 && c->batch);
    if (assumes & LAB_FINITE_SUM && c->facts->n == 0)
        return lab_fail(why, "needs a finite sum, but %s has no data points", c->problem);
    if (assumes & LAB_FINITE_SUM && noisy)
        return lab_fail(why, "needs gradients of data points alone, but noise is added");
    if (assumes & LAB_ADDITIVE_NOISE && (sampled || c->noise->law == LAB_MULTIPLICATIVE))
        return lab_fail(why, "needs additive noise to be all that is random, but %s",
                        sampled ? "samples are drawn" : "the noise is multiplicative");
    return 0;
}

static int check_cap(const struct lab_course *c, double factor, const struct lab_fact *L,
                     const char *name, struct lab_error *why)
{
    if (L->status == LAB_UNKNOWN)
        return lab_fail(why, "%s is not known: %s", name, L->source);
    for (size_t t = 1; t <= c->eta.T; t++)
        if (!lab_at_most(c->eta.eta[t - 1] * L->value, factor))
            return lab_fail(why, "eta_%zu = %.6g exceeds %g/%s = %.6g", t,
                            c->eta.eta[t - 1], factor, name, factor / L->value);
    return 0;
}

int lab_check_cap(const struct lab_course *c, double factor, struct lab_error *why)
{
    return check_cap(c, factor, &c->facts->L, "L", why);
}

int lab_check_cap_max(const struct lab_course *c, double factor, struct lab_error *why)
{
    return check_cap(c, factor, &c->facts->L_max, "L_max", why);
}

int lab_check_ones(const struct lab_course *c, struct lab_error *why)
{
    for (size_t t = 1; t <= c->eta.T; t++)
        if (c->eta.eta[t - 1] != 1.0)
            return lab_fail(why, "needs eta_t = 1, but eta_%zu = %.6g", t,
                            c->eta.eta[t - 1]);
    return 0;
}

int lab_check_shape(const struct lab_course *c, double (*shape)(size_t t, size_t T),
                    const char *text, struct lab_error *why)
{
    const size_t T = c->eta.T;
    const double base = c->eta.eta[0] / shape(1, T);
    for (size_t t = 2; t <= T; t++) {
        const double needed = base * shape(t, T), eta = c->eta.eta[t - 1];
        if (needed > 0.0 && !(lab_at_most(eta, needed) && lab_at_most(needed, eta)))
            return lab_fail(why,
                            "needs %s, which after eta_1 = %.6g makes eta_%zu = %.6g, "
                            "not %.6g",
                            text, c->eta.eta[0], t, needed, eta);
    }
    return 0;
}

/* What is assumed of f. */
static int check_problem(unsigned assumes, const struct lab_course *c,
                         struct lab_error *why)
{
    const struct lab_fact *mu = &c->facts->mu, *sigma2 = &c->facts->sigma2,
                          *mu_min = &c->facts->mu_min;
    if (assumes & LAB_CONVEX && !c->facts->convex)
        return lab_fail(why, "needs convex sampled losses, but %s is not convex",
                        c->problem);
    if (assumes & LAB_STRONGLY_CONVEX && mu->status == LAB_UNKNOWN)
        return lab_fail(why, "mu is not known: %s", mu->source);
    if (assumes & LAB_STRONGLY_CONVEX && !(mu->value > 0.0))
        return lab_fail(why, "needs a strongly convex f, but mu = %g", mu->value);
    if (assumes & LAB_STRONG_LOSSES && mu_min->status == LAB_UNKNOWN)
        return lab_fail(why, "mu_min is not known: %s", mu_min->source);
    if (assumes & LAB_STRONG_LOSSES && !(mu_min->value > 0.0))
        return lab_fail(why,
                        "needs every sampled loss strongly convex, but mu_min = %g (%s)",
                        mu_min->value, mu_min->source);
    if (assumes & LAB_EXACT_GRADIENTS && sigma2->status == LAB_UNKNOWN)
        return lab_fail(why, "needs exact gradients, but sigma2 is not known: %s",
                        sigma2->source);
    if (assumes & LAB_EXACT_GRADIENTS && sigma2->value != 0.0)
        return lab_fail(why, "needs exact gradients, but sigma2 = %.6g%s", sigma2->value,
                        c->facts->n && c->batch ? " (is batch \"full\"?)" : "");
    return 0;
}

/* Which data points are looked at, and in what order. */
static int check_order(unsigned assumes, const struct lab_course *c,
                       struct lab_error *why)
{
    const enum lab_sampling sampling = lab_sampling_named(c->sampling);
    const bool sampled = c->facts->n > 1 && c->batch;
    if (assumes & LAB_UNIFORM && sampled && sampling == LAB_IMPORTANCE)
        return lab_fail(why, "needs all data points alike, but sampling is importance");
    if (!(assumes & LAB_RESHUFFLED))
        return 0;
    if (sampling != LAB_RESHUFFLE && sampling != LAB_SHUFFLE_ONCE)
        return lab_fail(why,
                        "needs random permutations (sampling = \"reshuffle\" or "
                        "\"shuffle_once\"), but sampling is %s",
                        c->sampling);
    if (c->batch == 0)
        return lab_fail(why, "needs batch = 1, but here it is \"full\"");
    return c->batch == 1 ? 0
                         : lab_fail(why, "needs batch = 1, but here it is %zu", c->batch);
}

static int check_assumptions(const struct lab_bound *b, const struct lab_course *c,
                             struct lab_error *why)
{
    if (b->method && !lab_is_among(b->method, c->optimizer))
        return lab_fail(why, "is about %s, not %s", b->method, c->optimizer);
    if (check_problem(b->assumes, c, why) || check_gradients(b->assumes, c, why) ||
        check_order(b->assumes, c, why))
        return -1;
    if (b->assumes & LAB_BOUNDED_DOMAIN && !isfinite(lab_domain_diameter(c->domain)))
        return lab_fail(why, "needs projection on a bounded domain, but there is none");
    if (b->assumes & LAB_NO_PROJECTION && c->domain->kind != LAB_NO_DOMAIN)
        return lab_fail(why, "needs unprojected steps, but there is a domain");
    if (check_steps(b->assumes, &c->eta, why))
        return -1;
    return b->check ? b->check(c, why) : 0;
}

/* What is said of expectations needs a gradient with mean grad f at every step, whatever came
 * before; but what is about permutations. */
static int check_unbiased(const struct lab_bound *b, const struct lab_limit *limit,
                          const struct lab_course *c, struct lab_error *why)
{
    const enum lab_sampling sampling = lab_sampling_named(c->sampling);
    if (limit->mode == LAB_PATH || b->assumes & LAB_RESHUFFLED)
        return 0;
    if (c->facts->n > 1 && c->batch && sampling != LAB_IID &&
        sampling != LAB_WITHOUT_REPLACEMENT && sampling != LAB_IMPORTANCE)
        return lab_fail(
            why,
            "sampling is %s, but what holds in expectation needs iid: given the "
            "past, a sample is not uniform",
            c->sampling);
    if (!c->facts->scripted)
        return 0;
    return lab_fail(
        why,
        "needs gradients with mean grad f at every step, but the losses of %s "
        "follow a script",
        c->problem);
}

/* ---- claims ------------------------------------------------------------ */

/* The metric in which the limit can be tested here; LAB_NO_METRIC with the reason.  What is
 * thinned out at random has the right mean, but is not what a path has. */
static enum lab_metric testable(const struct lab_experiment *e, const struct lab_arm *arm,
                                const struct lab_limit *limit, struct lab_error *why)
{
    const enum lab_metric metric = limit->metric;
    const char *refused = lab_metric_refused(e, arm->problem, metric);
    const enum lab_metric thin = metric == LAB_AVG_GAP     ? LAB_AVG_GAP_THINNED
                                 : metric == LAB_AVG_GRAD2 ? LAB_AVG_GRAD2_THINNED
                                                           : LAB_NO_METRIC;
    if (metric == LAB_OWN || !refused)
        return metric;
    if (thin && lab_of_mean(limit->mode) && !lab_metric_refused(e, arm->problem, thin))
        return thin;
    lab_fail(why, "%s is not known: %s", lab_metric_cards[metric].name, refused);
    return LAB_NO_METRIC;
}

/* A metric that speaks of an x* nobody has proved. */
static bool is_declared(enum lab_metric metric, const struct lab_facts *f)
{
    return lab_metric_cards[metric].needs_minimum && f->x_star.status == LAB_MEASURED;
}

/* A theorem that looks at f at every step needs it to be cheap. */
static int check_watch(const struct lab_experiment *e, const struct lab_arm *arm,
                       const struct lab_bound *b, struct lab_error *why)
{
    if (!b->watch.objective || arm->problem->facts.cheap || e->every == 1)
        return 0;
    return lab_fail(why, "f at every step is dear here; use every = 1");
}

/* A watching theorem keeps its inputs for the run. */
static void keep_inputs(struct lab_claim *claim, struct lab_inputs *inputs)
{
    claim->inputs = lab_alloc(1, sizeof *claim->inputs);
    *claim->inputs = *inputs;
    *inputs = (struct lab_inputs){0};
}

/* The last row of which the theorem speaks; 0: there is none. */
static size_t last_row(const struct lab_claim *claim, const struct lab_inputs *inputs,
                       const struct lab_bound *b, size_t T)
{
    const size_t period = claim->period;
    size_t last = period ? 1 + (T - 1) / period * period : T;
    while (b->speaks && last && lab_inputs_horizon(inputs, b, last) == SIZE_MAX)
        last--;
    return last && lab_inputs_horizon(inputs, b, last) != SIZE_MAX ? last : 0;
}

static void refuse_short(size_t period, const struct lab_bound *b, size_t T,
                         struct lab_error *why)
{
    if (period)
        lab_fail(why, "speaks of x_t at t = 1 + %zu k, k >= 1, but T = %zu", period, T);
    else
        lab_fail(why, "needs at least %zu steps: it speaks of x_{T+1}, row t of x_t",
                 b->lag + 1);
}

void lab_claim_make(struct lab_claim *claim, const struct lab_experiment *e,
                    const struct lab_arm *arm, const struct lab_entry *entry,
                    const struct lab_limit *limit)
{
    const struct lab_bound *b = (const struct lab_bound *)entry->plugin;
    const struct lab_course c = lab_arm_course(e, arm);
    struct lab_error why = {""};
    *claim = (struct lab_claim){.arm = arm->number,
                                .entry = entry,
                                .limit = limit,
                                .metric = limit->metric,
                                .status = LAB_NOT_APPLICABLE,
                                .tightness = NAN,
                                .lo = NAN,
                                .hi = NAN,
                                .final = NAN};
    struct lab_inputs inputs = {0};
    enum lab_metric metric;
    if (!check_assumptions(b, &c, &why) && !check_unbiased(b, limit, &c, &why) &&
        !check_watch(e, arm, b, &why) && !lab_inputs_bind(&inputs, b, limit, &c, &why) &&
        (metric = testable(e, arm, limit, &why))) {
        claim->metric = metric;
        claim->status =
            inputs.measured || metric != limit->metric || is_declared(metric, c.facts)
                ? LAB_ESTIMATED
                : LAB_CERTIFIED;
        claim->takes = b->watch.rhs           ? "constants"
                       : inputs.R && inputs.G ? "R and G"
                       : inputs.R             ? "R"
                       : inputs.G             ? "G"
                                              : NULL;
        claim->period = b->period ? b->period(inputs.self) : 0;
        const size_t last = last_row(claim, &inputs, b, c.eta.T);
        if (!last) {
            claim->status = LAB_NOT_APPLICABLE;
            refuse_short(claim->period, b, c.eta.T, &why);
        } else if (!claim->takes) {
            claim->final = lab_inputs_rhs(&inputs, b, last);
        }
        if (last && b->watch.see)
            keep_inputs(claim, &inputs);
    }
    lab_inputs_free(&inputs);
    snprintf(claim->reason, sizeof claim->reason, "%.*s", (int)sizeof claim->reason - 1,
             why.text);
    lab_mend_end(claim->reason);
}

struct lab_claim *lab_claims(const struct lab_experiment *e, const struct lab_arm *arm,
                             size_t *count)
{
    const size_t most = sizeof((struct lab_bound *)0)->limits / sizeof(struct lab_limit);
    struct lab_claim *claims = lab_alloc(e->bounds * most, sizeof *claims);
    *count = 0;
    for (size_t i = 0; i < e->bounds; i++) {
        const struct lab_bound *b = (const struct lab_bound *)e->bound[i]->plugin;
        size_t before = *count;
        for (size_t k = 0; k < most && b->limits[k].metric; k++) {
            struct lab_claim *claim = &claims[*count];
            lab_claim_make(claim, e, arm, e->bound[i], &b->limits[k]);
            /* one line is enough where every limit fails for the same reason */
            if (*count == before || strcmp(claim->reason, claims[before].reason) != 0 ||
                claim->status != LAB_NOT_APPLICABLE)
                ++*count;
        }
    }
    return claims;
}

struct lab_watcher *lab_claims_watchers(struct lab_claim *claims, size_t count,
                                        size_t seeds, size_t rows, size_t *watchers)
{
    struct lab_watcher *watcher = lab_alloc(count, sizeof *watcher);
    *watchers = 0;
    for (size_t i = 0; i < count; i++) {
        struct lab_claim *claim = &claims[i];
        if (!claim->inputs)
            continue;
        const struct lab_bound *b = (const struct lab_bound *)claim->entry->plugin;
        double *rhs = b->watch.rhs ? lab_alloc(seeds * rows, sizeof *rhs) : NULL;
        double *own =
            b->watch.own || b->watch.point ? lab_alloc(seeds * rows, sizeof *own) : NULL;
        claim->watcher = *watchers;
        watcher[(*watchers)++] = (struct lab_watcher){
            .bound = b, .inputs = claim->inputs->self, .rhs = rhs, .own = own};
    }
    return watcher;
}

void lab_claims_free(struct lab_claim *claims, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (claims[i].inputs)
            lab_inputs_free(claims[i].inputs);
        free(claims[i].inputs), free(claims[i].t);
        free(claims[i].bound_value), free(claims[i].empirical);
        free(claims[i].se), free(claims[i].ratio);
    }
    free(claims);
}

void lab_claims_want(const struct lab_experiment *e, const struct lab_arm *arm,
                     const struct lab_claim *claims, size_t count, bool want[LAB_METRICS])
{
    bool any = false;
    for (enum lab_metric m = 0; m < LAB_METRICS; m++)
        want[m] = m && e->asked[m] && !lab_metric_refused(e, arm->problem, m);
    for (enum lab_metric m = LAB_SLACK_CONVEXITY; m <= LAB_LAST_SLACK_SUFFIX; m++)
        want[m] = (want[m] || (e->slack && !lab_metric_refused(e, arm->problem, m))) &&
                  arm->optimizer->optimizer->plain;
    want[LAB_AVG_REGRET] |=
        e->slack && want[LAB_SLACK_CONVEXITY]; /* what they add up with */
    want[LAB_GAP] |= e->slack && want[LAB_LAST_SLACK_SUFFIX];
    for (size_t i = 0; i < e->plots; i++)
        if (!lab_metric_refused(e, arm->problem, e->plot[i].metric))
            want[e->plot[i].metric] = want[e->plot[i].against] = true;
    want[LAB_NO_METRIC] = false;
    for (size_t i = 0; i < count; i++)
        if (claims[i].status != LAB_NOT_APPLICABLE && claims[i].metric != LAB_OWN &&
            (!e->metrics_given || !e->bounds_all))
            want[claims[i].metric] = true;
    for (size_t i = 0; i < count;
         i++) /* the constants that path bounds take from the run */
        if (claims[i].status != LAB_NOT_APPLICABLE &&
            (claims[i].metric == LAB_OWN || want[claims[i].metric]) &&
            claims[i].limit->realised)
            want[LAB_R] = want[LAB_G] = true;
    for (enum lab_metric m = 1; m < LAB_METRICS; m++)
        any |= want[m];
    if (!any) /* nothing asked for, nothing bounded: the loss is what one looks at */
        want[arm->problem->facts.minimiser ? LAB_GAP : LAB_LOSS] = true;
}
