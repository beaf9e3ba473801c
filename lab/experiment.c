/* lab/experiment.c -- opening, arms, rows; see experiment.h and experiment_parts.h */
#include "lab/experiment_parts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/facts.h"
#include "lab/importance.h"
#include "lab/measure.h"
#include "lab/pairing.h"

/* eta_1..eta_T, the warm-up in front; p: whose facts a schedule may look at. */
static int fill(const struct lab_experiment *e, const struct lab_schedule_entry *s,
                const struct lab_problem_entry *p, double *eta, struct lab_error *err)
{
    const size_t W = s->warmup, T = e->T;
    if (s->schedule->tabulate) {
        const struct lab_course c = {
            .facts = &p->facts,
            .domain = &p->domain,
            .composite = p->problem->prox != NULL,
            .problem = p->type,
            .sampling = e->sampling,
            .batch = e->batch,
            .noise = &p->noise,
            .streams = p->problem->draw != NULL,
            .eta.T = T - W,
        };
        if (s->schedule->tabulate(s->self, &c, eta + W, err))
            return -1;
    }
    for (size_t t = W + 1; t <= T && !s->schedule->tabulate; t++)
        eta[t - 1] = s->schedule->eta(s->self, t - W, T - W);
    for (size_t t = 1; t <= W; t++)
        eta[t - 1] = eta[W] * (double)t / (double)(W + 1);
    return 0;
}

static struct lab_steps tabulate(const struct lab_experiment *e,
                                 const struct lab_schedule_entry *s,
                                 const struct lab_problem_entry *p,
                                 struct lab_mistakes *mistakes)
{
    struct lab_error err = {""};
    double *eta = lab_alloc(e->T, sizeof *eta);
    const int failed = fill(e, s, p, eta, &err);
    if (failed)
        lab_mistake(mistakes, s->where, "schedule '%s' on %s: %s", s->label, p->label,
                    err.text);
    for (size_t t = 1; t <= e->T && !failed; t++)
        if (!isfinite(eta[t - 1]) || eta[t - 1] < 0.0) {
            lab_mistake(mistakes, s->where, "schedule %s: eta_%zu = %g", s->label, t,
                        eta[t - 1]);
            break;
        }
    struct lab_steps steps = lab_steps_new(e->T, eta);
    free(eta);
    return steps;
}

static int open_schedule(const struct lab_experiment *e, struct lab_schedule_entry *s,
                         struct lab_mistakes *mistakes)
{
    struct lab_error err = {""};
    if (s->schedule->open && s->schedule->open(s->self, e->T - s->warmup, &err)) {
        lab_mistake(mistakes, s->where, "schedule '%s': %s", s->label, err.text);
        return -1;
    }
    s->opened = true;
    return 0;
}

/* Opens what was read well; tabulates what needs no facts. */
static void open_schedules(struct lab_experiment *e, struct lab_mistakes *mistakes)
{
    for (size_t i = 0; i < e->schedules; i++) {
        struct lab_schedule_entry *s = &e->schedule[i];
        if (!s->sound || open_schedule(e, s, mistakes) || s->schedule->tabulate)
            continue;
        s->eta = lab_alloc(1, sizeof *s->eta);
        s->eta[s->tables++] = tabulate(e, s, NULL, mistakes);
    }
}

/* The other schedules, on every problem. */
static void tabulate_on_problems(struct lab_experiment *e, struct lab_mistakes *mistakes)
{
    for (size_t i = 0; i < e->schedules; i++) {
        struct lab_schedule_entry *s = &e->schedule[i];
        if (!s->opened || !s->schedule->tabulate)
            continue;
        s->eta = lab_alloc(e->problems, sizeof *s->eta);
        while (s->tables < e->problems) {
            const struct lab_problem_entry *p = &e->problem[s->tables];
            if (p->sound)
                s->eta[s->tables] = tabulate(e, s, p, mistakes);
            s->tables++;
        }
    }
}

/* A table holds eta and three running sums, and needs one more column while it is made. */
static bool tables_fit(const struct lab_experiment *e, struct lab_mistakes *mistakes)
{
    double columns = 1.0;
    for (size_t i = 0; i < e->schedules; i++)
        columns += 4.0 * (e->schedule[i].schedule->tabulate ? (double)e->problems : 1.0);
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
    if (fit)
        open_schedules(e, mistakes);
    for (size_t i = 0; i < e->problems; i++) {
        const size_t before = mistakes->count;
        lab_facts_establish(&e->problem[i], e->batch, sampling,
                            sampling == LAB_IMPORTANCE ? &how : NULL, announce, mistakes);
        e->problem[i].sound &= mistakes->count == before;
    }
    if (fit)
        tabulate_on_problems(e, mistakes);
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
    if (tables_fit(e, mistakes))
        open_schedules(e, mistakes);
}

struct lab_experiment *lab_experiment_schedules(struct lab_node *root, size_t T,
                                                struct lab_mistakes *mistakes)
{
    struct lab_experiment *e = lab_alloc(1, sizeof *e);
    e->T = T;
    lab_experiment_read_entries(e, root, LAB_KIND_schedule, mistakes);
    if (!mistakes->count && tables_fit(e, mistakes))
        open_schedules(e, mistakes);
    return e;
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
        for (size_t k = 0; k < s->tables; k++)
            lab_steps_free(&s->eta[k]);
        free(s->eta), free(s->label), free(s->where), free(s->self);
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
    const size_t problem = i / e->schedules / e->optimizers;
    struct lab_schedule_entry *s = &e->schedule[i % e->schedules];
    return (struct lab_arm){
        .number = i + 1,
        .schedule = s,
        .optimizer = &e->optimizer[i / e->schedules % e->optimizers],
        .problem = &e->problem[problem],
        .eta = s->tables ? &s->eta[s->tables > 1 ? problem : 0] : NULL,
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

static int ascending(const void *a, const void *b)
{
    const size_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

size_t lab_distinct(size_t *t, size_t count)
{
    size_t kept = 0;
    qsort(t, count, sizeof *t, ascending);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || t[i] != t[kept - 1])
            t[kept++] = t[i];
    return kept;
}

size_t lab_schedule_kinks(const struct lab_schedule_entry *s, size_t T, size_t *t)
{
    const size_t W = s->warmup;
    size_t count = 0, at;
    if (W)
        t[count++] = W, t[count++] = W + 1;
    for (size_t k = 0; s->schedule->kink && count < LAB_MOST_KINKS; k++) {
        if (!(at = s->schedule->kink(s->self, T - W, k)))
            break;
        t[count++] = W + at;
    }
    return count;
}

size_t *lab_experiment_rows(const struct lab_experiment *e, size_t *rows)
{
    const size_t T = e->T, step = e->every, spaced = step ? T / step + 2 : e->checkpoints;
    size_t *t = lab_alloc(spaced + 2 + LAB_MOST_KINKS * e->schedules, sizeof *t);
    size_t count = 0;
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
        count += lab_schedule_kinks(&e->schedule[i], T, t + count);
    *rows = lab_distinct(t, count);
    return t;
}
