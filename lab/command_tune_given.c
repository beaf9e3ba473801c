/* lab/command_tune_given.c -- `lab tune --bound NAME KEY=VALUE...`: no config, no problem.
 *
 * What is scaled is the input `eta`, a number or a list, or else the only list.  A list comes from
 * a schedule, whose base rate is 1 if it is not given; a number stands as it is given, or 1. */
#include <stdlib.h>
#include <string.h>

#include "lab/command_tune.h"
#include "lab/commands.h"
#include "lab/inputs.h"

struct given {
    const struct lab_entry *entry;
    const struct lab_bound *b;
    const struct lab_param *rate; /* the input that is scaled */
    void *inputs;
    struct lab_steps base; /* of a list: the schedule's; */
    double number;         /* of a number: its value at factor 1 */
    double *eta;           /* of a list: room */
};

static const struct lab_param *input(const struct lab_bound *b, const char *key)
{
    for (const struct lab_param *p = b->base.params; p && p->name; p++)
        if (strcmp(p->name, key) == 0)
            return p;
    return NULL;
}

static const struct lab_param *rate_of(const struct lab_bound *b)
{
    const struct lab_param *eta = input(b, "eta");
    for (const struct lab_param *p = b->base.params; !eta && p && p->name; p++)
        if (p->type == LAB_STEPS)
            eta = p;
    return eta && (eta->type == LAB_STEPS || eta->type == LAB_REAL) ? eta : NULL;
}

/* ---- the right-hand side ------------------------------------------------- */

static double finish(const struct given *g, struct lab_error *why)
{
    return g->b->inputs && g->b->inputs(g->inputs, why) ? NAN : g->b->rhs(g->inputs);
}

static double with_number(const struct given *g, double eta, struct lab_error *why)
{
    *(double *)(void *)((char *)g->inputs + g->rate->offset) = eta;
    if (g->rate->range && !lab_in_range(g->rate->range, eta)) {
        lab_fail(why, "%s = %.6g is not in %s", g->rate->name, eta, g->rate->range);
        return NAN;
    }
    return finish(g, why);
}

static double with_list(const struct given *g, const double *eta, struct lab_error *why)
{
    const size_t T = g->base.T;
    for (size_t t = 0; t < T; t++) {
        if (!lab_in_range(g->rate->range, eta[t]))
            return lab_fail(why, "eta_%zu = %.6g is not in %s", t + 1, eta[t],
                            g->rate->range),
                   NAN;
        if (g->b->assumes & LAB_NONINCREASING && t && eta[t] > eta[t - 1])
            return lab_fail(why,
                            "needs steps that never grow, but the schedule increases at "
                            "t = %zu (%.6g after %.6g)",
                            t + 1, eta[t], eta[t - 1]),
                   NAN;
    }
    struct lab_steps *field = (void *)((char *)g->inputs + g->rate->offset);
    const struct lab_steps kept = *field;
    struct lab_steps steps = lab_steps_new(T, eta);
    *field = steps;
    const double rhs = finish(g, why);
    *field = kept;
    lab_steps_free(&steps);
    return rhs;
}

static double at(void *context, double factor, struct lab_error *why)
{
    const struct given *g = context;
    if (g->rate->type == LAB_REAL)
        return with_number(g, factor * g->number, why);
    for (size_t t = 0; t < g->base.T; t++)
        g->eta[t] = factor * g->base.eta[t];
    return with_list(g, g->eta, why);
}

/* ---- what the theorem prescribes ------------------------------------------- */

/* From inputs that are called as facts are.  NULL: it prescribes nothing, or other than lists, or
 * of other facts. */
static double *prescribed(const struct given *g)
{
    const struct lab_prescription *p = &g->b->prescription;
    double fact[sizeof p->facts / sizeof *p->facts];
    if (!p->formula || g->rate->type != LAB_STEPS)
        return NULL;
    for (size_t k = 0; k < sizeof fact / sizeof *fact && p->facts[k]; k++) {
        const struct lab_param *q = input(g->b, p->facts[k]);
        if (!q || q->type != LAB_REAL)
            return NULL;
        fact[k] = *(const double *)(const void *)((const char *)g->inputs + q->offset);
    }
    double *eta = lab_alloc(g->base.T, sizeof *eta);
    lab_prescribe(g->b, fact, g->base.T, eta);
    return eta;
}

/* ---- from words to inputs ------------------------------------------------ */

static bool has_key(const char *argument, const char *key)
{
    const size_t length = strlen(key);
    return strncmp(argument, key, length) == 0 && argument[length] == '=';
}

/* Sorts arguments: inputs into the group, `schedule` to *schedule, the rest to `rest`; how many
 * these are. */
static size_t sort_arguments(const struct given *g, char **argument, size_t count,
                             struct lab_node *root, const char **schedule, char **rest,
                             struct lab_mistakes *mistakes)
{
    const bool list = g->rate->type == LAB_STEPS;
    size_t others = 0;
    for (size_t i = 0; i < count; i++) {
        char *key = lab_text("%.*s", (int)strcspn(argument[i], "="), argument[i]);
        const struct lab_param *p = input(g->b, key);
        if (has_key(argument[i], "schedule"))
            *schedule = argument[i] + strlen("schedule=");
        else if (p && p != g->rate)
            lab_bound_argument(root, argument[i], mistakes);
        else if (list || has_key(argument[i], "steps"))
            rest[others++] = argument[i];
        else
            lab_bound_argument(root, argument[i], mistakes);
        free(key);
    }
    return others;
}

static bool any_key(char **argument, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (has_key(argument[i], key))
            return true;
    return false;
}

/* The schedules asked for: a sweep makes several. */
static struct lab_experiment *schedules(const struct given *g, const char *name,
                                        char **argument, size_t count,
                                        struct lab_mistakes *mistakes)
{
    static char one[] = "eta=1";
    struct lab_error err = {""};
    if (!name)
        lab_mistake(mistakes, g->entry->name,
                    "%s_1..%s_T are wanted: schedule=TYPE steps=T", g->rate->name,
                    g->rate->name);
    else if (!any_key(argument, count, "steps") && !any_key(argument, count, "T"))
        lab_mistake(mistakes, g->entry->name, "steps is missing: steps=T");
    const struct lab_entry *entry =
        mistakes->count ? NULL : lab_find(LAB_KIND_schedule, name, &err);
    if (!entry) {
        if (*err.text)
            lab_mistake(mistakes, NULL, "%s", err.text);
        return NULL;
    }
    const struct lab_schedule *s = (const struct lab_schedule *)entry->plugin;
    if (s->tabulate) {
        lab_mistake(mistakes, NULL,
                    "schedule '%s' depends on a problem: it needs a CONFIG", name);
        return NULL;
    }
    char **all = lab_alloc(count + 1, sizeof *all);
    size_t n = 0;
    for (const struct lab_param *p = s->base.params; p && p->name; p++)
        if (strcmp(p->name, "eta") == 0 && p->type == LAB_REAL &&
            !any_key(argument, count, "eta"))
            all[n++] = one;
    for (size_t i = 0; i < count; i++)
        all[n++] = argument[i];
    struct lab_experiment *e = lab_rates(entry, all, n, mistakes);
    free(all);
    return e;
}

/* T of the formula, where it is a number, is that of the schedule. */
static void add_horizon(const struct given *g, struct lab_node *root, size_t T)
{
    const char *const names[] = {"T", "k", "N", g->b->horizon};
    for (size_t i = 0; i < 4 && T; i++) {
        const struct lab_param *p = names[i] ? input(g->b, names[i]) : NULL;
        if (p && p->type == LAB_COUNT && !lab_node_get(root, names[i]))
            lab_node_add(root, lab_node_integer(names[i], g->entry->name, (long long)T));
    }
}

/* Something for the field that is scaled, so that it is not missing. */
static void add_rate(const struct given *g, struct lab_node *root)
{
    const char *name = g->rate->name;
    if (lab_node_get(root, name))
        return;
    struct lab_node *one =
        lab_node_real(g->rate->type == LAB_REAL ? name : NULL, g->entry->name, 1.0);
    if (g->rate->type == LAB_REAL) {
        lab_node_add(root, one);
        return;
    }
    struct lab_node *list = lab_node_new(LAB_NODE_LIST, name, g->entry->name);
    lab_node_add(list, one);
    lab_node_add(root, list);
}

static void add_block(struct given *g, struct lab_tune_report *r, char *label,
                      const struct lab_schedule_entry *schedule)
{
    struct lab_tune_block *block = lab_tune_add(r, label);
    block->lines = 1;
    if (!schedule)
        block->rate = g->rate->name, block->base = g->number;
    else {
        lab_tune_rate(block, schedule);
        g->base = schedule->eta[0];
        g->eta = lab_alloc(g->base.T, sizeof *g->eta);
    }
    double *best = schedule ? prescribed(g) : NULL;
    if (best && isnan(block->prescribed = with_list(g, best, NULL))) {
        free(best); /* G = 0: no learning rates */
        best = NULL;
    }
    lab_tune(&(struct lab_rhs){at, g}, NAN, &block->line[0].tuned);
    free(g->eta);
    g->eta = NULL;
    free(r->table);
    r->table = best;
}

static size_t steps_of(char **argument, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (has_key(argument[i], "steps"))
            return (size_t)strtoull(argument[i] + strlen("steps="), NULL, 10);
    return 0;
}

void lab_tune_given(struct lab_tune_report *r, char **argument, size_t count,
                    bool wants_table, struct lab_mistakes *mistakes)
{
    struct given g = {.entry = r->bound, .b = (const struct lab_bound *)r->bound->plugin};
    const char *name = NULL;
    if (!(g.rate = rate_of(g.b))) {
        lab_mistake(mistakes, r->bound->name, "no input is eta: it needs a CONFIG");
        return;
    }
    struct lab_node *root = lab_node_new(LAB_NODE_GROUP, NULL, r->bound->name);
    char **rest = lab_alloc(count + 1, sizeof *rest);
    size_t others = sort_arguments(&g, argument, count, root, &name, rest, mistakes);
    const bool list = g.rate->type == LAB_STEPS;
    if (!list && name)
        lab_mistake(mistakes, r->bound->name, "eta is a number: it takes no schedule");
    struct lab_experiment *e = list ? schedules(&g, name, rest, others, mistakes) : NULL;
    r->T = e ? e->T : steps_of(rest, others);
    add_horizon(&g, root, r->T);
    add_rate(&g, root);
    lab_bound_lists(root, g.b->base.params);
    g.inputs = lab_alloc(1, g.b->base.size);
    const size_t before = mistakes->count;
    lab_param_fill(g.b->base.params, g.inputs, root, NULL, mistakes);
    if (before == mistakes->count && !list)
        g.number = *(double *)(void *)((char *)g.inputs + g.rate->offset);
    if (!mistakes->count && !list)
        add_block(&g, r, lab_text("%s", g.rate->name), NULL);
    for (size_t i = 0; !mistakes->count && list && i < e->schedules; i++)
        add_block(&g, r, lab_text("%s", e->schedule[i].label), &e->schedule[i]);
    if (!mistakes->count && wants_table && !r->table)
        lab_mistake(mistakes, r->bound->name,
                    "prescribes no eta_1..eta_T for these inputs");
    lab_param_release(g.b->base.params, g.inputs);
    lab_experiment_free(e);
    lab_node_free(root);
    free(g.inputs), free(rest);
}
