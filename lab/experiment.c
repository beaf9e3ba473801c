/* lab/experiment.c -- settings tree -> struct lab_experiment; see experiment.h */
#include "lab/experiment.h"

#include <stdlib.h>
#include <string.h>

#include "lab/expect.h"
#include "lab/facts.h"
#include "lab/measure.h"

enum { MOST_ARMS = 10000 };

/* clang-format off */
#define OPTION(field, fallback, range, help) \
    LAB_PARAM(struct lab_experiment, field, fallback, range, help)
#define WORD(field, text, range, help) \
    LAB_PARAM_TEXT(struct lab_experiment, field, text, range, help)
const struct lab_param lab_experiment_params[] = {
    WORD(name, NULL, NULL, "results go to DIR/name; the config's file name unless set"),
    WORD(title, NULL, NULL, "of figures and reports"),
    WORD(about, NULL, NULL, "free text: the question asked"),
    {"steps", LAB_COUNT, offsetof(struct lab_experiment, T), 10000, NULL, "[1,1e9]",
     "T, gradient evaluations of each replica"},
    OPTION(seeds, 32, "[1,1e7]", "independent replicas"),
    OPTION(seed, 1, "[0,inf)", "master seed of all randomness"),
    OPTION(batch, 1, "[1,1e6]", "samples averaged in one stochastic gradient"),
    WORD(sampling, "iid", "iid", "how data points are drawn"),
    OPTION(checkpoints, 64, "[1,1e6]", "rows, spaced evenly in log t"),
    OPTION(every, 0, "[0,inf)", "rows at every so many steps instead; 0: log-spaced"),
    OPTION(average_alpha, 0.5, "(0,1]", "share of the last iterates in gap_suffix_iterate"),
    OPTION(raw, false, "[0,1]", "write replicas.csv"),
    OPTION(raw_x, false, "[0,1]", "with raw: x itself too"),
    LAB_PARAM_END,
};
/* clang-format on */
static const char *const top_lists[] = {"problems", "optimizers", "schedules", "bounds",
                                        "metrics",  "plots",      "expect",    NULL};

struct noise {
    const char *type;
    double sigma;
};
const struct lab_param lab_noise_params[] = {
    LAB_PARAM_TEXT(struct noise, type, "gaussian", "gaussian", "law of the noise"),
    LAB_PARAM(struct noise, sigma, LAB_REQUIRED, "[0,inf)",
              "standard deviation per coordinate of one sample's noise"),
    LAB_PARAM_END,
};
const struct lab_param lab_warmup_params[] = {
    LAB_PARAM(struct lab_schedule_entry, warmup, 0, "[0,inf)",
              "steps of linear rise in front of the schedule"),
    LAB_PARAM_END,
};
struct plot_options {
    const char *metric, *x, *y;
};
static const struct lab_param start_params[] = {
    LAB_PARAM(struct lab_problem_entry, start, LAB_UNSET, "(-inf,inf)", "x_1"),
    LAB_PARAM_END,
};
static const struct lab_param plot_params[] = {
    LAB_PARAM_TEXT(struct plot_options, metric, NULL, NULL, "what to draw"),
    LAB_PARAM_TEXT(struct plot_options, x, "log", "log|linear", "axis of t"),
    LAB_PARAM_TEXT(struct plot_options, y, "log", "log|linear", "axis of the metric"),
    LAB_PARAM_END,
};

/* ---- sweeps ----------------------------------------------------------- */

static const struct lab_param *find_param(const struct lab_param *params, const char *key)
{
    for (; params && params->name; params++)
        if (strcmp(params->name, key) == 0)
            return params;
    return NULL;
}

/* The table row that says what kind of value `key` of an entry takes, wherever it is. */
static const struct lab_param *row_of(const struct lab_plugin *plugin,
                                      const struct lab_node *group, const char *key)
{
    const struct lab_param *row = NULL;
    if (group->key && strcmp(group->key, "domain") == 0)
        for (const struct lab_domain_card *c = lab_domain_cards; c->name && !row; c++)
            row = find_param(c->params, key);
    else if (group->key && strcmp(group->key, "noise") == 0)
        row = find_param(lab_noise_params, key);
    else if (!(row = find_param(plugin->params, key)))
        row = find_param(lab_warmup_params, key);
    return row;
}

/* The first list that stands where one number is meant, or NULL. */
static struct lab_node *find_sweep(const struct lab_plugin *plugin, struct lab_node *group)
{
    for (size_t i = 0; i < group->count; i++) {
        struct lab_node *child = group->child[i], *inner;
        if (child->kind == LAB_NODE_GROUP && (inner = find_sweep(plugin, child)))
            return inner;
        const struct lab_param *row = row_of(plugin, group, child->key);
        if (row && child->kind == LAB_NODE_LIST && child->count > 0 &&
            (row->type == LAB_REAL || row->type == LAB_COUNT))
            return child;
    }
    return NULL;
}

struct variants {
    struct lab_node **node;
    char **suffix; /* " eta=0.1" */
    size_t count;
};

static void replace_by(struct lab_node *list, const struct lab_node *value)
{
    struct lab_node *one = lab_node_copy(value);
    free(one->key);
    one->key = strdup(list->key);
    lab_node_add(list->parent, one); /* takes the place of the list */
}

/* Takes over `group` and `suffix`. */
static void expand(const struct lab_plugin *plugin, struct lab_node *group, char *suffix,
                   struct variants *out)
{
    struct lab_node *list = find_sweep(plugin, group);
    if (!list || out->count > MOST_ARMS) {
        out->node = lab_realloc(out->node, out->count + 1, sizeof *out->node);
        out->suffix = lab_realloc(out->suffix, out->count + 1, sizeof *out->suffix);
        out->node[out->count] = group;
        out->suffix[out->count++] = suffix;
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        struct lab_node *copy = lab_node_copy(group);
        copy->parent = group->parent; /* for paths in messages */
        struct lab_node *here = find_sweep(plugin, copy);
        char *value = lab_node_value(list->child[i], 24);
        char *longer = lab_text("%s %s=%s", suffix, list->key, value);
        replace_by(here, list->child[i]);
        free(value);
        expand(plugin, copy, longer, out);
    }
    free(suffix);
    group->parent = NULL;
    lab_node_free(group);
}

/* ---- entries ---------------------------------------------------------- */

/* "logistic breast_cancer l2=0.1": type, data set, numbers that the config names. */
static char *automatic_label(const char *type, const struct lab_node *group)
{
    char *label = lab_text("%s", type);
    for (size_t i = 0; i < group->count; i++) {
        const struct lab_node *c = group->child[i];
        bool data = c->kind == LAB_NODE_STRING && strcmp(c->key, "data") == 0;
        if (!data && !lab_node_is_number(c))
            continue;
        char *value = lab_node_value(c, 40), *longer;
        const char *slash = data ? strrchr(c->string, '/') : NULL;
        if (data)
            longer = lab_text("%s %.60s", label, slash ? slash + 1 : c->string);
        else
            longer = lab_text("%s %s=%s", label, c->key, value);
        free(value), free(label);
        label = longer;
    }
    return label;
}

/* Label of a variant: its own and what was swept, or made from its options. */
static char *label_of(const char *type, const struct lab_node *group, const char *suffix,
                      struct lab_mistakes *mistakes)
{
    const struct lab_node *label = lab_node_get(group, "label");
    if (label && label->kind != LAB_NODE_STRING) {
        char *path = lab_node_path(label);
        lab_mistake(mistakes, label->where, "%s is not a string", path);
        free(path);
        label = NULL;
    }
    return label ? lab_text("%.200s%s", label->string, suffix)
                 : automatic_label(type, group);
}

static void read_noise(struct lab_problem_entry *p, const struct lab_node *group,
                       struct lab_mistakes *mistakes)
{
    struct noise noise = {0};
    if (group && group->kind != LAB_NODE_GROUP) {
        lab_mistake(mistakes, group->where,
                    "noise is not a group like { type = \"gaussian\"; sigma = 0.3; }");
    } else if (group) {
        lab_param_fill(lab_noise_params, &noise, group, NULL, mistakes);
        p->noise_sigma = noise.sigma;
        lab_param_release(lab_noise_params, &noise);
    }
}

static void read_options(const struct lab_plugin *plugin, void *self,
                         const struct lab_node *group, const char *const *known,
                         struct lab_mistakes *mistakes)
{
    static const struct lab_param none[] = {LAB_PARAM_END};
    lab_param_fill(plugin->params ? plugin->params : none, self, group, known, mistakes);
}

/* Reads the one option of `table`; the group's other keys belong to other tables. */
static void read_one(const struct lab_param *table, void *owner,
                     const struct lab_node *group, struct lab_mistakes *mistakes)
{
    const char **others = lab_alloc(group->count + 1, sizeof *others);
    for (size_t i = 0, k = 0; i < group->count; i++)
        if (strcmp(group->child[i]->key, table->name) != 0)
            others[k++] = group->child[i]->key;
    lab_param_fill(table, owner, group, others, mistakes);
    free(others);
}

static void read_problem(struct lab_experiment *e, const struct lab_entry *entry,
                         const struct lab_node *group, const char *suffix,
                         struct lab_mistakes *mistakes)
{
    static const char *const known[] = {"type",  "label", "domain",
                                        "noise", "start", NULL};
    e->problem = lab_realloc(e->problem, e->problems + 1, sizeof *e->problem);
    struct lab_problem_entry *p = &e->problem[e->problems++];
    *p = (struct lab_problem_entry){
        .type = entry->name,
        .problem = (const struct lab_problem *)entry->plugin,
        .label = label_of(entry->name, group, suffix, mistakes),
        .where = strdup(group->where),
        .self = lab_defaults(entry->plugin),
    };
    read_options(entry->plugin, p->self, group, known, mistakes);
    read_one(start_params, p, group, mistakes);
    lab_domain_read(&p->domain, lab_node_get(group, "domain"), mistakes);
    read_noise(p, lab_node_get(group, "noise"), mistakes);
}

static void read_optimizer(struct lab_experiment *e, const struct lab_entry *entry,
                           const struct lab_node *group, const char *suffix,
                           struct lab_mistakes *mistakes)
{
    static const char *const known[] = {"type", "label", NULL};
    e->optimizer = lab_realloc(e->optimizer, e->optimizers + 1, sizeof *e->optimizer);
    struct lab_optimizer_entry *o = &e->optimizer[e->optimizers++];
    *o = (struct lab_optimizer_entry){
        .type = entry->name,
        .optimizer = (const struct lab_optimizer *)entry->plugin,
        .label = label_of(entry->name, group, suffix, mistakes),
        .self = lab_defaults(entry->plugin),
    };
    read_options(entry->plugin, o->self, group, known, mistakes);
}

static void read_schedule(struct lab_experiment *e, const struct lab_entry *entry,
                          const struct lab_node *group, const char *suffix,
                          struct lab_mistakes *mistakes)
{
    static const char *const known[] = {"type", "label", "warmup", NULL};
    e->schedule = lab_realloc(e->schedule, e->schedules + 1, sizeof *e->schedule);
    struct lab_schedule_entry *s = &e->schedule[e->schedules++];
    *s = (struct lab_schedule_entry){
        .type = entry->name,
        .schedule = (const struct lab_schedule *)entry->plugin,
        .label = label_of(entry->name, group, suffix, mistakes),
        .where = strdup(group->where),
        .self = lab_defaults(entry->plugin),
    };
    read_options(entry->plugin, s->self, group, known, mistakes);
    read_one(lab_warmup_params, s, group, mistakes);
    if (s->warmup >= e->T)
        lab_mistake(mistakes, group->where, "warmup = %zu leaves none of the steps = %zu",
                    s->warmup, e->T);
}

/* The plug-in an entry names, or NULL after a mistake. */
static const struct lab_entry *entry_of(enum lab_kind kind, const struct lab_node *group,
                                        struct lab_mistakes *mistakes)
{
    char *path = lab_node_path(group);
    const struct lab_node *type = NULL;
    const struct lab_entry *entry = NULL;
    struct lab_error err = {""};
    if (group->kind != LAB_NODE_GROUP)
        lab_mistake(mistakes, group->where, "%s is not a group like { type = \"...\"; }",
                    path);
    else if (!(type = lab_node_get(group, "type")))
        lab_mistake(mistakes, group->where, "%s.type is missing (see `lab list %s`)", path,
                    lab_kind_plural[kind]);
    else if (type->kind != LAB_NODE_STRING)
        lab_mistake(mistakes, type->where, "%s.type is not a string", path);
    else if (!(entry = lab_find(kind, type->string, &err)))
        lab_mistake(mistakes, type->where, "%s.type: %s", path, err.text);
    free(path);
    return entry;
}

static void read_entries(struct lab_experiment *e, struct lab_node *root,
                         enum lab_kind kind, struct lab_mistakes *mistakes)
{
    static void (*const read[])(struct lab_experiment *, const struct lab_entry *,
                                const struct lab_node *, const char *,
                                struct lab_mistakes *) = {read_problem, read_optimizer,
                                                          read_schedule};
    struct lab_node *list = lab_node_get(root, lab_kind_plural[kind]);
    if (!list || list->kind != LAB_NODE_LIST || list->count == 0) {
        lab_mistake(mistakes, list ? list->where : root->where,
                    "%s %s: a list like ( { type = \"...\"; } ) is needed",
                    lab_kind_plural[kind], list ? "is empty or no list" : "is missing");
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct lab_entry *entry = entry_of(kind, list->child[i], mistakes);
        if (!entry)
            continue;
        struct variants v = {0};
        struct lab_node *copy = lab_node_copy(list->child[i]);
        copy->parent = list->child[i]->parent;
        expand(entry->plugin, copy, lab_text("%s", ""), &v);
        struct lab_node *written = list->child[i];
        for (size_t k = 0; k < v.count; k++) {
            list->child[i] = v.node[k]; /* so that paths in messages are right */
            read[kind](e, entry, v.node[k], v.suffix[k], mistakes);
            v.node[k]->parent = NULL;
            lab_node_free(v.node[k]), free(v.suffix[k]);
        }
        list->child[i] = written;
        free(v.node), free(v.suffix);
    }
}

/* ---- names of bounds, metrics, plots ---------------------------------- */

/* The strings of a list option, or one string; -1 after a mistake. */
static int check_words(const struct lab_node *list, struct lab_mistakes *mistakes)
{
    if (list->kind != LAB_NODE_LIST) {
        lab_mistake(mistakes, list->where, "%s is not a list like ( \"...\" )", list->key);
        return -1;
    }
    int bad = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->child[i]->kind != LAB_NODE_STRING) {
            lab_mistake(mistakes, list->child[i]->where, "%s.[%zu] is not a string",
                        list->key, i);
            bad = -1;
        }
    return bad;
}

static void add_bound(struct lab_experiment *e, const struct lab_entry *entry)
{
    for (size_t i = 0; i < e->bounds; i++)
        if (e->bound[i] == entry)
            return;
    e->bound = lab_realloc(e->bound, e->bounds + 1, sizeof *e->bound);
    e->bound[e->bounds++] = entry;
}

static void read_bounds(struct lab_experiment *e, const struct lab_node *root,
                        struct lab_mistakes *mistakes)
{
    const struct lab_node *list = lab_node_get(root, "bounds");
    if (list && check_words(list, mistakes))
        return;
    e->bounds_all = !list;
    for (size_t i = 0; list && i < list->count; i++)
        if (strcmp(list->child[i]->string, "all") == 0)
            e->bounds_all = true;
    for (const struct lab_entry *b = lab_registry; e->bounds_all && b->name; b++)
        if (b->kind == LAB_KIND_bound)
            add_bound(e, b);
    for (size_t i = 0; list && i < list->count; i++) {
        struct lab_error err = {""};
        const char *name = list->child[i]->string;
        const struct lab_entry *b =
            strcmp(name, "all") ? lab_find(LAB_KIND_bound, name, &err) : NULL;
        if (b)
            add_bound(e, b);
        else if (err.text[0])
            lab_mistake(mistakes, list->child[i]->where, "bounds.[%zu]: %s", i, err.text);
    }
}

/* The metric of that name; LAB_NO_METRIC after a mistake. */
static enum lab_metric metric_named(const struct lab_node *node, const char *path,
                                    struct lab_mistakes *mistakes)
{
    struct lab_error err = {""};
    enum lab_metric m = lab_metric_find(node->string, &err);
    if (!m)
        lab_mistake(mistakes, node->where, "%s: %s", path, err.text);
    return m;
}

static void read_metrics(struct lab_experiment *e, const struct lab_node *root,
                         struct lab_mistakes *mistakes)
{
    const struct lab_node *list = lab_node_get(root, "metrics");
    e->metrics_given = list != NULL;
    if (!list || check_words(list, mistakes))
        return;
    for (size_t i = 0; i < list->count; i++) {
        char *path = lab_text("metrics.[%zu]", i);
        e->asked[metric_named(list->child[i], path, mistakes)] = true;
        free(path);
    }
    e->asked[LAB_NO_METRIC] = false;
}

static void read_plots(struct lab_experiment *e, const struct lab_node *root,
                       struct lab_mistakes *mistakes)
{
    const struct lab_node *list = lab_node_get(root, "plots");
    if (list && list->kind != LAB_NODE_LIST)
        lab_mistake(mistakes, list->where, "plots is not a list like ( { metric = ...; } )");
    for (size_t i = 0; list && list->kind == LAB_NODE_LIST && i < list->count; i++) {
        const struct lab_node *group = list->child[i], *metric;
        struct plot_options o = {0};
        if (group->kind != LAB_NODE_GROUP || !(metric = lab_node_get(group, "metric")) ||
            metric->kind != LAB_NODE_STRING) {
            lab_mistake(mistakes, group->where,
                        "plots.[%zu] is not a group like { metric = \"avg_regret\"; }", i);
            continue;
        }
        char *path = lab_text("plots.[%zu].metric", i);
        lab_param_fill(plot_params, &o, group, NULL, mistakes);
        e->plot = lab_realloc(e->plot, e->plots + 1, sizeof *e->plot);
        e->plot[e->plots++] = (struct lab_plot){
            .metric = metric_named(metric, path, mistakes),
            .x = o.x && strcmp(o.x, "linear") == 0 ? "linear" : "log",
            .y = o.y && strcmp(o.y, "linear") == 0 ? "linear" : "log",
        };
        lab_param_release(plot_params, &o);
        free(path);
    }
}

/* ---- the whole -------------------------------------------------------- */

/* results/<name> must stay inside its folder and be easy to type. */
static void check_name(const char *name, const char *where, struct lab_mistakes *mistakes)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789_-.";
    if (!name || !*name || strlen(name) > 100 || name[strspn(name, safe)] ||
        name[0] == '.' || name[0] == '-')
        lab_mistake(mistakes, where,
                    "name = \"%.60s\" is not a name for a folder (letters, digits, _ - . ; "
                    "not first . or -; at most 100)",
                    name ? name : "");
}

static void read_top(struct lab_experiment *e, const struct lab_node *root,
                     const char *fallback_name, struct lab_mistakes *mistakes)
{
    const struct lab_node *name = lab_node_get(root, "name");
    lab_param_fill(lab_experiment_params, e, root, top_lists, mistakes);
    if (!e->name && !name)
        e->name = strdup(fallback_name);
    check_name(e->name, name ? name->where : root->where, mistakes);
    const struct lab_node *checkpoints = lab_node_get(root, "checkpoints"),
                          *every = lab_node_get(root, "every");
    if (checkpoints && every)
        lab_mistake(mistakes, every->where,
                    "every and checkpoints exclude each other: rows are either every so many "
                    "steps or spaced in log t");
    if (e->raw_x && !e->raw)
        lab_mistake(mistakes, lab_node_get(root, "raw_x")->where,
                    "raw_x = true needs raw = true");
}

struct lab_experiment *lab_experiment_read(struct lab_node *root, const char *fallback_name,
                                           struct lab_mistakes *mistakes)
{
    struct lab_experiment *e = lab_alloc(1, sizeof *e);
    read_top(e, root, fallback_name, mistakes);
    for (enum lab_kind kind = LAB_KIND_problem; kind <= LAB_KIND_schedule; kind++)
        read_entries(e, root, kind, mistakes);
    read_bounds(e, root, mistakes);
    read_metrics(e, root, mistakes);
    read_plots(e, root, mistakes);
    if (e->problems && e->optimizers > MOST_ARMS * 10 / e->problems)
        lab_mistake(mistakes, root->where, "more than %d arms", MOST_ARMS);
    else if (lab_experiment_arms(e) > MOST_ARMS)
        lab_mistake(mistakes, root->where, "%zu arms are more than %d",
                    lab_experiment_arms(e), MOST_ARMS);
    const struct lab_node *expect = lab_node_get(root, "expect");
    if (expect) {
        lab_expect_check(expect, lab_experiment_arms(e), mistakes);
        e->expect = lab_node_copy(expect);
    }
    return e;
}

static void tabulate(const struct lab_experiment *e, struct lab_schedule_entry *s,
                     struct lab_mistakes *mistakes)
{
    double *eta = lab_alloc(e->T, sizeof *eta);
    const size_t W = s->warmup, T = e->T;
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

void lab_experiment_open(struct lab_experiment *e, struct lab_mistakes *mistakes)
{
    for (size_t i = 0; i < e->schedules; i++)
        tabulate(e, &e->schedule[i], mistakes);
    for (size_t i = 0; i < e->problems; i++)
        lab_facts_establish(&e->problem[i], e->batch, mistakes);
    lab_measure_check(e, mistakes);
}

static void release(const struct lab_plugin *plugin, void *self)
{
    if (plugin->params)
        lab_param_release(plugin->params, self);
}

void lab_experiment_free(struct lab_experiment *e)
{
    if (!e)
        return;
    for (size_t i = 0; i < e->problems; i++) {
        struct lab_problem_entry *p = &e->problem[i];
        if (p->opened && p->problem->close)
            p->problem->close(p->self);
        release(&p->problem->base, p->self);
        lab_param_release(start_params, p);
        lab_domain_free(&p->domain);
        free(p->facts.x1), free(p->facts.minimiser), free(p->loss_star);
        free(p->label), free(p->where), free(p->self);
    }
    for (size_t i = 0; i < e->optimizers; i++) {
        struct lab_optimizer_entry *o = &e->optimizer[i];
        release(&o->optimizer->base, o->self);
        free(o->label), free(o->self);
    }
    for (size_t i = 0; i < e->schedules; i++) {
        struct lab_schedule_entry *s = &e->schedule[i];
        release(&s->schedule->base, s->self);
        lab_steps_free(&s->eta);
        free(s->label), free(s->where), free(s->self);
    }
    lab_param_release(lab_experiment_params, e);
    lab_node_free(e->expect);
    free(e->problem), free(e->optimizer), free(e->schedule), free(e->bound), free(e->plot);
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
    const char *part[] = {arm->problem->label, arm->optimizer->label, arm->schedule->label};
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

size_t *lab_experiment_rows(const struct lab_experiment *e, size_t *rows)
{
    const size_t T = e->T, step = e->every, spaced = step ? T / step + 2 : e->checkpoints;
    size_t *t = lab_alloc(spaced + 2 + 2 * e->schedules, sizeof *t), count = 0, kept = 0;
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
        if (e->schedule[i].warmup) {
            t[count++] = e->schedule[i].warmup;
            t[count++] = e->schedule[i].warmup + 1;
        }
    qsort(t, count, sizeof *t, ascending);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || t[i] != t[kept - 1])
            t[kept++] = t[i];
    *rows = kept;
    return t;
}

/* ---- the effective config --------------------------------------------- */

static struct lab_node *new_entry(struct lab_node *list, const char *type, const char *label)
{
    struct lab_node *group = lab_node_add(list, lab_node_new(LAB_NODE_GROUP, NULL, NULL));
    lab_node_add(group, lab_node_string("type", NULL, type));
    lab_node_add(group, lab_node_string("label", NULL, label));
    return group;
}

static void write_problem(const struct lab_problem_entry *p, struct lab_node *list)
{
    struct lab_node *group = new_entry(list, p->type, p->label);
    if (p->problem->base.params)
        lab_param_write(p->problem->base.params, p->self, group);
    lab_param_write(start_params, p, group);
    struct lab_node *domain = lab_domain_write(&p->domain);
    if (domain)
        lab_node_add(group, domain);
    if (p->noise_sigma > 0.0) {
        struct lab_node *noise = lab_node_new(LAB_NODE_GROUP, "noise", NULL);
        lab_node_add(noise, lab_node_string("type", NULL, "gaussian"));
        lab_node_add(noise, lab_node_real("sigma", NULL, p->noise_sigma));
        lab_node_add(group, noise);
    }
}

static struct lab_node *new_list(struct lab_node *root, const char *key)
{
    return lab_node_add(root, lab_node_new(LAB_NODE_LIST, key, NULL));
}

static void write_choices(const struct lab_experiment *e, struct lab_node *root)
{
    struct lab_node *list = new_list(root, "bounds");
    if (e->bounds_all)
        lab_node_add(list, lab_node_string(NULL, NULL, "all"));
    for (size_t i = 0; i < e->bounds && !e->bounds_all; i++)
        lab_node_add(list, lab_node_string(NULL, NULL, e->bound[i]->name));
    if (e->metrics_given) {
        list = new_list(root, "metrics");
        for (enum lab_metric m = 1; m < LAB_METRICS; m++)
            if (e->asked[m])
                lab_node_add(list, lab_node_string(NULL, NULL, lab_metric_cards[m].name));
    }
    list = e->plots ? new_list(root, "plots") : NULL;
    for (size_t i = 0; i < e->plots; i++) {
        struct lab_node *group =
            lab_node_add(list, lab_node_new(LAB_NODE_GROUP, NULL, NULL));
        const char *metric = lab_metric_cards[e->plot[i].metric].name;
        lab_node_add(group, lab_node_string("metric", NULL, metric));
        lab_node_add(group, lab_node_string("x", NULL, e->plot[i].x));
        lab_node_add(group, lab_node_string("y", NULL, e->plot[i].y));
    }
    if (e->expect)
        lab_node_add(root, lab_node_copy(e->expect));
}

struct lab_node *lab_experiment_write(const struct lab_experiment *e)
{
    struct lab_node *root = lab_node_new(LAB_NODE_GROUP, NULL, "effective config");
    lab_param_write(lab_experiment_params, e, root);
    for (size_t i = 0; i < root->count; i++) { /* one of the two ways to space rows */
        struct lab_node *c = root->child[i];
        if (strcmp(c->key, e->every ? "checkpoints" : "every") == 0) {
            lab_node_free(c);
            memmove(root->child + i, root->child + i + 1,
                    (--root->count - i) * sizeof *root->child);
            i--;
        }
    }
    struct lab_node *list = new_list(root, "problems");
    for (size_t i = 0; i < e->problems; i++)
        write_problem(&e->problem[i], list);
    list = new_list(root, "optimizers");
    for (size_t i = 0; i < e->optimizers; i++) {
        const struct lab_optimizer_entry *o = &e->optimizer[i];
        struct lab_node *group = new_entry(list, o->type, o->label);
        if (o->optimizer->base.params)
            lab_param_write(o->optimizer->base.params, o->self, group);
    }
    list = new_list(root, "schedules");
    for (size_t i = 0; i < e->schedules; i++) {
        const struct lab_schedule_entry *s = &e->schedule[i];
        struct lab_node *group = new_entry(list, s->type, s->label);
        if (s->schedule->base.params)
            lab_param_write(s->schedule->base.params, s->self, group);
        lab_param_write(lab_warmup_params, s, group);
    }
    write_choices(e, root);
    return root;
}
