/* lab/experiment_read.c -- settings tree -> struct lab_experiment; see experiment.h */
#include <stdlib.h>
#include <string.h>

#include "lab/expect.h"
#include "lab/experiment_parts.h"
#include "lab/importance.h"
#include "lab/measure.h"

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
     "T, steps of each replica"},
    OPTION(seeds, 32, "[1,1e7]", "independent replicas"),
    OPTION(seed, 1, "[0,inf)", "master seed of all randomness"),
    OPTION(batch, 1, "[1,1e6]", "samples averaged in one stochastic gradient, or \"full\": all"),
    WORD(sampling, "iid", LAB_SAMPLINGS, "how data points are drawn"),
    WORD(importance, "smoothness", "smoothness|norm",
         "of importance sampling: p_i proportional to L_i, or to ‖a_i‖"),
    OPTION(probabilities, LAB_UNSET, "[0,1]", "of importance sampling: p_1..p_n themselves"),
    OPTION(importance_uniform, 0.0, "[0,1)", "of importance sampling: s, p_i <- (1-s) p_i + s/n"),
    OPTION(checkpoints, 64, "[1,1e6]", "rows, spaced evenly in log t"),
    OPTION(every, 0, "[0,inf)", "rows at every so many steps instead; 0: log-spaced"),
    OPTION(average_alpha, 0.5, "(0,1]", "share of the last iterates in gap_suffix_iterate"),
    OPTION(average_beta, 0.99, "[0,1)", "decay of the moving average in gap_ema_iterate"),
    OPTION(raw, false, "[0,1]", "write replicas.csv"),
    OPTION(raw_x, false, "[0,1]", "with raw: x itself too"),
    OPTION(slack, false, "[0,1]", "log what every step of a proof gives away (sgd)"),
    LAB_PARAM_END,
};
/* clang-format on */
static const char *const top_lists[] = {"problems", "optimizers", "schedules", "bounds",
                                        "metrics",  "plots",      "expect",    NULL};

struct plot_options {
    const char *metric, *against, *x, *y;
};
const struct lab_param lab_plot_params[] = {
    LAB_PARAM_TEXT(struct plot_options, metric, NULL, NULL, "what to draw"),
    LAB_PARAM_TEXT(struct plot_options, against, "t", "t|evaluations", "over what"),
    LAB_PARAM_TEXT(struct plot_options, x, "log", "log|linear", "horizontal axis"),
    LAB_PARAM_TEXT(struct plot_options, y, "log", "log|linear", "axis of the metric"),
    LAB_PARAM_END,
};

/* ---- names of bounds, metrics, plots ---------------------------------- */

/* 0 for a list of strings; -1 after a mistake. */
static int check_words(const struct lab_node *list, struct lab_mistakes *mistakes)
{
    if (list->kind != LAB_NODE_LIST) {
        lab_mistake(mistakes, list->where, "%s is not a list like ( \"...\" )",
                    list->key);
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
        lab_mistake(mistakes, list->where,
                    "plots is not a list like ( { metric = ...; } )");
    for (size_t i = 0; list && list->kind == LAB_NODE_LIST && i < list->count; i++) {
        const struct lab_node *group = list->child[i], *metric;
        struct plot_options o = {0};
        if (group->kind == LAB_NODE_GROUP)
            lab_param_fill(lab_plot_params, &o, group, NULL, mistakes);
        metric = group->kind == LAB_NODE_GROUP ? lab_node_get(group, "metric") : NULL;
        if (!metric || metric->kind != LAB_NODE_STRING) {
            lab_param_release(lab_plot_params, &o);
            lab_mistake(mistakes, group->where,
                        "plots.[%zu] names no metric as in { metric = \"avg_regret\"; }",
                        i);
            continue;
        }
        char *path = lab_text("plots.[%zu].metric", i);
        e->plot = lab_realloc(e->plot, e->plots + 1, sizeof *e->plot);
        e->plot[e->plots++] = (struct lab_plot){
            .metric = metric_named(metric, path, mistakes),
            .against = o.against && strcmp(o.against, "evaluations") == 0
                           ? LAB_EVALUATIONS
                           : LAB_NO_METRIC,
            .x = o.x && strcmp(o.x, "linear") == 0 ? "linear" : "log",
            .y = o.y && strcmp(o.y, "linear") == 0 ? "linear" : "log",
        };
        lab_param_release(lab_plot_params, &o);
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
                    "name = \"%.60s\" cannot name a folder: letters, digits, _ - . are "
                    "allowed, the first no . or -, at most 100",
                    name ? name : "");
}

/* Options of importance sampling, which belong to it, and to a batch that is drawn. */
static void check_importance(const struct lab_experiment *e, const struct lab_node *root,
                             struct lab_mistakes *mistakes)
{
    static const char *const options[] = {"importance", "probabilities",
                                          "importance_uniform"};
    const bool on = lab_sampling_named(e->sampling) == LAB_IMPORTANCE;
    const struct lab_node *by = lab_node_get(root, "importance"),
                          *given = lab_node_get(root, "probabilities");
    const struct lab_node *sampling = lab_node_get(root, "sampling");
    const bool said = !sampling || (sampling->kind == LAB_NODE_STRING &&
                                    strcmp(sampling->string, e->sampling) == 0);
    for (size_t i = 0; i < 3; i++) {
        const struct lab_node *node = lab_node_get(root, options[i]);
        if (node && !on && said)
            lab_mistake(mistakes, node->where,
                        "%s needs sampling = \"importance\", but sampling is \"%s\"",
                        options[i], e->sampling);
    }
    if (on && e->batch == 0)
        lab_mistake(mistakes, sampling->where,
                    "sampling = \"importance\" and batch = \"full\" exclude each other: "
                    "the whole sum is not sampled");
    if (on && by && given)
        lab_mistake(
            mistakes, given->where,
            "probabilities and importance exclude each other: p_i are either given "
            "or made");
    double sum = 0.0;
    for (size_t i = 0; i < e->probabilities.n; i++)
        sum += e->probabilities.value[i];
    if (on && e->probabilities.n && !(fabs(sum - 1.0) <= LAB_ODDS_SLACK))
        lab_mistake(mistakes, given->where, "the %zu probabilities sum to %.9g, not 1",
                    e->probabilities.n, sum);
}

static void read_top(struct lab_experiment *e, const struct lab_node *root,
                     const char *fallback_name, struct lab_mistakes *mistakes)
{
    const struct lab_node *name = lab_node_get(root, "name");
    static const char *const with_batch[] = {"problems", "optimizers", "schedules",
                                             "bounds",   "metrics",    "plots",
                                             "expect",   "batch",      NULL};
    const struct lab_node *batch = lab_node_get(root, "batch");
    const bool full =
        batch && batch->kind == LAB_NODE_STRING && strcmp(batch->string, "full") == 0;
    lab_param_fill(lab_experiment_params, e, root, full ? with_batch : top_lists,
                   mistakes);
    e->batch = full ? 0 : e->batch;
    if (!e->name && !name)
        e->name = strdup(fallback_name);
    check_name(e->name, name ? name->where : root->where, mistakes);
    const struct lab_node *checkpoints = lab_node_get(root, "checkpoints"),
                          *every = lab_node_get(root, "every");
    if (checkpoints && every)
        lab_mistake(
            mistakes, every->where,
            "every and checkpoints exclude each other: rows are either every so many "
            "steps or spaced in log t");
    check_importance(e, root, mistakes);
    if (e->raw_x && !e->raw)
        lab_mistake(mistakes, lab_node_get(root, "raw_x")->where,
                    "raw_x = true needs raw = true");
}

struct lab_experiment *lab_experiment_read(struct lab_node *root,
                                           const char *fallback_name,
                                           struct lab_mistakes *mistakes)
{
    struct lab_experiment *e = lab_alloc(1, sizeof *e);
    read_top(e, root, fallback_name, mistakes);
    for (enum lab_kind kind = LAB_KIND_problem; kind <= LAB_KIND_schedule; kind++)
        lab_experiment_read_entries(e, root, kind, mistakes);
    read_bounds(e, root, mistakes);
    read_metrics(e, root, mistakes);
    read_plots(e, root, mistakes);
    if (e->problems && e->optimizers > LAB_MOST_ARMS * 10 / e->problems)
        lab_mistake(mistakes, root->where, "more than %d arms", LAB_MOST_ARMS);
    else if (lab_experiment_arms(e) > LAB_MOST_ARMS)
        lab_mistake(mistakes, root->where, "%zu arms are more than %d",
                    lab_experiment_arms(e), LAB_MOST_ARMS);
    const struct lab_node *expect = lab_node_get(root, "expect");
    if (expect) {
        lab_expect_check(expect, lab_experiment_arms(e), mistakes);
        e->expect = lab_node_copy(expect);
    }
    return e;
}
