/* lab/experiment.c -- opening, arms, rows; see experiment.h and experiment_parts.h */
#include "lab/experiment_parts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/facts.h"
#include "lab/importance.h"
#include "lab/measure.h"
#include "lab/pairing.h"

static void tabulate(const struct lab_experiment *e, struct lab_schedule_entry *s,
                     struct lab_mistakes *mistakes)
{
    const size_t W = s->warmup, T = e->T;
    struct lab_error err = {""};
    if (s->schedule->open && s->schedule->open(s->self, T - W, &err)) {
        lab_mistake(mistakes, s->where, "schedule '%s': %s", s->label, err.text);
        return;
    }
    s->opened = true;
    double *eta = lab_alloc(T, sizeof *eta);
    const double first = s->schedule->eta(s->self, 1, T - W);
    for (size_t t = 1; t <= T; t++)
        eta[t - 1] = t <= W ? first * (double)t / (double)(W + 1)
                            : s->schedule->eta(s->self, t - W, T - W);
    for (size_t t = 1; t <= T; t++)
        if (!isfinite(eta[t - 1]) || eta[t - 1] < 0.0) {
            lab_mistake(mistakes, s->where, "schedule %s: eta_%zu = %g", s->label, t,
                        eta[t - 1]);
            break;
        }
    s->eta = lab_steps_new(T, eta);
    free(eta);
}

/* A table holds eta and three running sums, and needs one more column while it is made.
 */
static bool tables_fit(const struct lab_experiment *e, struct lab_mistakes *mistakes)
{
    const double columns = 4.0 * (double)e->schedules + 1.0;
    const double bytes = columns * (double)e->T * sizeof(double);
    const double machine =
        (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGE_SIZE);
    if (bytes <= 0.5 * machine)
        return true;
    lab_mistake(
        mistakes, NULL,
        "%zu schedule%s of %zu steps would take %.1f GB of %.1f GB of memory: fewer "
        "steps or schedules",
        e->schedules, e->schedules == 1 ? "" : "s", e->T, bytes / 1e9, machine / 1e9);
    return false;
}

void lab_experiment_open(struct lab_experiment *e, void (*announce)(const char *label),
                         struct lab_mistakes *mistakes)
{
    const bool fit = tables_fit(e, mistakes);
    const enum lab_sampling sampling = lab_sampling_named(e->sampling);
    const struct lab_importance how = lab_importance_of(e);
    for (size_t i = 0; i < e->schedules && fit; i++)
        tabulate(e, &e->schedule[i], mistakes);
    for (size_t i = 0; i < e->problems; i++)
        lab_facts_establish(&e->problem[i], e->batch, sampling,
                            sampling == LAB_IMPORTANCE ? &how : NULL, announce, mistakes);
    lab_measure_check(e, mistakes);
    lab_pairing_check(e, mistakes);
}

void lab_experiment_probe(struct lab_experiment *e, struct lab_mistakes *mistakes)
{
    for (size_t i = 0; i < e->problems; i++) {
        struct lab_problem_entry *p = &e->problem[i];
        struct lab_error err = {""};
        if (!p->sound)
            continue;
        if (lab_facts_open(p, &err))
            lab_mistake(mistakes, p->where, "problem '%s': %s", p->label, err.text);
    }
}

static void release(const struct lab_plugin *plugin, void *self)
{
    if (plugin->params)
        lab_param_release(plugin->params, self);
}

void lab_problem_entry_free(struct lab_problem_entry *p)
{
    if (p->opened && p->problem->close)
        p->problem->close(p->self);
    release(&p->problem->base, p->self);
    lab_param_release(lab_start_params, p);
    lab_domain_free(&p->domain);
    free(p->facts.x1), free(p->facts.minimiser), free(p->loss_star), free(p->loss_low);
    lab_odds_free(p->odds);
    free(p->label), free(p->where), free(p->self);
}

void lab_experiment_free(struct lab_experiment *e)
{
    if (!e)
        return;
    for (size_t i = 0; i < e->problems; i++)
        lab_problem_entry_free(&e->problem[i]);
    for (size_t i = 0; i < e->optimizers; i++) {
        struct lab_optimizer_entry *o = &e->optimizer[i];
        release(&o->optimizer->base, o->self);
        free(o->label), free(o->where), free(o->self);
    }
    for (size_t i = 0; i < e->schedules; i++) {
        struct lab_schedule_entry *s = &e->schedule[i];
        if (s->opened && s->schedule->close)
            s->schedule->close(s->self);
        release(&s->schedule->base, s->self);
        lab_steps_free(&s->eta);
        free(s->label), free(s->where), free(s->self);
    }
    lab_param_release(lab_experiment_params, e);
    lab_node_free(e->expect);
    free(e->problem), free(e->optimizer), free(e->schedule), free(e->bound),
        free(e->plot);
    free(e);
}

size_t lab_experiment_arms(const struct lab_experiment *e)
{
    return e->problems * e->optimizers * e->schedules;
}

struct lab_arm lab_experiment_arm(const struct lab_experiment *e, size_t i)
{
    return (struct lab_arm){
        .number = i + 1,
        .schedule = &e->schedule[i % e->schedules],
        .optimizer = &e->optimizer[i / e->schedules % e->optimizers],
        .problem = &e->problem[i / e->schedules / e->optimizers],
    };
}

char *lab_arm_label(const struct lab_experiment *e, const struct lab_arm *arm)
{
    const char *part[] = {arm->problem->label, arm->optimizer->label,
                          arm->schedule->label};
    const bool differ[] = {e->problems > 1, e->optimizers > 1, e->schedules > 1};
    char *label = lab_text("%s", "");
    for (size_t i = 0; i < 3; i++) {
        if (!differ[i] && lab_experiment_arms(e) > 1)
            continue;
        char *longer = lab_text("%s%s%s", label, *label ? " · " : "", part[i]);
        free(label);
        label = longer;
    }
    return label;
}

enum { MOST_KINKS = 64 }; /* of a schedule: stairs may be as many as steps */

static int ascending(const void *a, const void *b)
{
    const size_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Steps to be seen on one schedule, at most MOST_KINKS of them; their number. */
static size_t kinks_of(const struct lab_schedule_entry *s, size_t T, size_t *t)
{
    const size_t W = s->warmup;
    size_t count = 0, at;
    if (W)
        t[count++] = W, t[count++] = W + 1;
    for (size_t k = 0; s->schedule->kink && count < MOST_KINKS; k++) {
        if (!(at = s->schedule->kink(s->self, T - W, k)))
            break;
        t[count++] = W + at;
    }
    return count;
}

size_t *lab_experiment_rows(const struct lab_experiment *e, size_t *rows)
{
    const size_t T = e->T, step = e->every, spaced = step ? T / step + 2 : e->checkpoints;
    size_t *t = lab_alloc(spaced + 2 + MOST_KINKS * e->schedules, sizeof *t);
    size_t count = 0, kept = 0;
    t[count++] = 1;
    if (step)
        for (size_t s = step; s <= T; s += step)
            t[count++] = s;
    for (size_t i = 1; !step && i < spaced && t[count - 1] < T; i++) {
        double last = (double)t[count - 1], left = (double)(spaced - i);
        size_t next = (size_t)llround(last * pow((double)T / last, 1.0 / left));
        t[count] = next > t[count - 1] ? next : t[count - 1] + 1;
        count++;
    }
    t[count++] = T;
    for (size_t i = 0; i < e->schedules; i++)
        count += kinks_of(&e->schedule[i], T, t + count);
    qsort(t, count, sizeof *t, ascending);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || t[i] != t[kept - 1])
            t[kept++] = t[i];
    *rows = kept;
    return t;
}
