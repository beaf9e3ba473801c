/* lab/experiment_entries.c -- problems, optimizers, schedules of a config; see
 * experiment.h
 */
#include <stdlib.h>
#include <string.h>

#include "lab/experiment_parts.h"

const struct lab_param lab_warmup_params[] = {
    LAB_PARAM(struct lab_schedule_entry, warmup, 0, "[0,inf)",
              "steps of linear rise in front of the schedule"),
    LAB_PARAM_END,
};
const struct lab_param lab_start_params[] = {
    LAB_PARAM(struct lab_problem_entry, start, LAB_UNSET, "(-inf,inf)", "x_1"),
    LAB_PARAM_END,
};

/* "1,0.5,0.1" of a list of numbers, as far as there is room.  free() it. */
static char *list_value(const struct lab_node *list)
{
    enum { ROOM = 24 };
    char *text = lab_text("%s", "");
    bool fits = true;
    for (size_t i = 0; i < list->count && fits; i++) {
        fits = strlen(text) < ROOM && lab_node_is_number(list->child[i]);
        char *one = fits ? lab_number_text(list->child[i]) : lab_text("…");
        char *longer = lab_text("%s%s%s", text, i ? "," : "", one);
        free(one), free(text);
        text = longer;
    }
    return text;
}

/* The value of an option in a label; NULL: too much for one.  free() it. */
static char *label_value(const struct lab_node *c, bool lists)
{
    if (c->kind == LAB_NODE_LIST && lists)
        return list_value(c);
    if (lab_node_is_number(c))
        return lab_number_text(c);
    if (c->kind == LAB_NODE_FLAG)
        return lab_text("%s", c->integer ? "true" : "false");
    if (c->kind != LAB_NODE_STRING)
        return NULL;
    const char *slash = strcmp(c->key, "data") == 0 ? strrchr(c->string, '/') : NULL;
    char *value = lab_text("%.60s", slash ? slash + 1 : c->string);
    lab_mend_end(value);
    return value;
}

/* "logistic breast_cancer l2=0.1": type, data set, options that the config names; of schedules
 * lists as well, those of problems are long. */
static char *automatic_label(enum lab_kind kind, const char *type,
                             const struct lab_node *group)
{
    char *label = lab_text("%s", type);
    for (size_t i = 0; i < group->count; i++) {
        const struct lab_node *c = group->child[i];
        char *value = strcmp(c->key, "type") == 0
                          ? NULL
                          : label_value(c, kind == LAB_KIND_schedule);
        if (!value)
            continue;
        const bool data = strcmp(c->key, "data") == 0;
        char *longer =
            lab_text("%s %s%s%s", label, data ? "" : c->key, data ? "" : "=", value);
        free(value), free(label);
        label = longer;
    }
    return label;
}

/* Label of a variant: its own and what was swept, or made from its options. */
static char *label_of(enum lab_kind kind, const char *type, const struct lab_node *group,
                      const struct lab_suffix *suffix, struct lab_mistakes *mistakes)
{
    const struct lab_node *label = lab_node_get(group, "label");
    if (label && label->kind != LAB_NODE_STRING) {
        char *path = lab_node_path(label);
        lab_mistake(mistakes, label->where, "%s is not a string", path);
        free(path);
        label = NULL;
    }
    if (label)
        return lab_text("%s%s", label->string, suffix->swept);
    char *automatic = automatic_label(kind, type, group);
    char *whole = lab_text("%s%s", automatic, suffix->nested);
    free(automatic);
    return whole;
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
                         const struct lab_node *group, const struct lab_suffix *suffix,
                         struct lab_mistakes *mistakes)
{
    static const char *const known[] = {"type",  "label", "domain",
                                        "noise", "start", NULL};
    e->problem = lab_realloc(e->problem, e->problems + 1, sizeof *e->problem);
    struct lab_problem_entry *p = &e->problem[e->problems++];
    *p = (struct lab_problem_entry){
        .type = entry->name,
        .problem = (const struct lab_problem *)entry->plugin,
        .label = label_of(entry->kind, entry->name, group, suffix, mistakes),
        .where = strdup(group->where),
        .self = lab_defaults(entry->plugin),
    };
    read_options(entry->plugin, p->self, group, known, mistakes);
    read_one(lab_start_params, p, group, mistakes);
    lab_domain_read(&p->domain, lab_node_get(group, "domain"), mistakes);
    lab_noise_read(&p->noise, lab_node_get(group, "noise"), mistakes);
}

static void read_optimizer(struct lab_experiment *e, const struct lab_entry *entry,
                           const struct lab_node *group, const struct lab_suffix *suffix,
                           struct lab_mistakes *mistakes)
{
    static const char *const known[] = {"type", "label", NULL};
    e->optimizer = lab_realloc(e->optimizer, e->optimizers + 1, sizeof *e->optimizer);
    struct lab_optimizer_entry *o = &e->optimizer[e->optimizers++];
    *o = (struct lab_optimizer_entry){
        .type = entry->name,
        .optimizer = (const struct lab_optimizer *)entry->plugin,
        .label = label_of(entry->kind, entry->name, group, suffix, mistakes),
        .where = strdup(group->where),
        .self = lab_defaults(entry->plugin),
    };
    read_options(entry->plugin, o->self, group, known, mistakes);
}

static void read_schedule(struct lab_experiment *e, const struct lab_entry *entry,
                          const struct lab_node *group, const struct lab_suffix *suffix,
                          struct lab_mistakes *mistakes)
{
    static const char *const known[] = {"type", "label", "warmup", NULL};
    e->schedule = lab_realloc(e->schedule, e->schedules + 1, sizeof *e->schedule);
    struct lab_schedule_entry *s = &e->schedule[e->schedules++];
    *s = (struct lab_schedule_entry){
        .type = entry->name,
        .schedule = (const struct lab_schedule *)entry->plugin,
        .label = label_of(entry->kind, entry->name, group, suffix, mistakes),
        .where = strdup(group->where),
        .self = lab_defaults(entry->plugin),
    };
    read_options(entry->plugin, s->self, group, known, mistakes);
    read_one(lab_warmup_params, s, group, mistakes);
    if (s->warmup && e->T && s->warmup >= e->T) {
        const struct lab_node *warmup = lab_node_get(group, "warmup");
        char *path = lab_node_path(warmup);
        lab_mistake(mistakes, warmup->where, "%s = %zu leaves none of the steps = %zu",
                    path, s->warmup, e->T);
        free(path);
    }
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
        lab_mistake(mistakes, group->where, "%s.type is missing (see `lab list %s`)",
                    path, lab_kind_plural[kind]);
    else if (type->kind != LAB_NODE_STRING)
        lab_mistake(mistakes, type->where, "%s.type is not a string", path);
    else if (!(entry = lab_find(kind, type->string, &err)))
        lab_mistake(mistakes, type->where, "%s.type: %s", path, err.text);
    free(path);
    return entry;
}

static size_t entries(const struct lab_experiment *e, enum lab_kind kind)
{
    return kind == LAB_KIND_problem     ? e->problems
           : kind == LAB_KIND_optimizer ? e->optimizers
                                        : e->schedules;
}

static char **label_at(struct lab_experiment *e, enum lab_kind kind, size_t i)
{
    return kind == LAB_KIND_problem     ? &e->problem[i].label
           : kind == LAB_KIND_optimizer ? &e->optimizer[i].label
                                        : &e->schedule[i].label;
}

static bool is_taken(struct lab_experiment *e, enum lab_kind kind, size_t before,
                     const char *label)
{
    for (size_t k = 0; k < before; k++)
        if (strcmp(*label_at(e, kind, k), label) == 0)
            return true;
    return false;
}

/* An automatic label that an earlier entry has gets a number: groups and the ends of long lists
 * are not in it. */
static void tell_apart(struct lab_experiment *e, enum lab_kind kind, size_t i)
{
    char **label = label_at(e, kind, i), *plain = lab_text("%s", *label);
    for (size_t number = 2; is_taken(e, kind, i, *label); number++) {
        free(*label);
        *label = lab_text("%s (%zu)", plain, number);
    }
    free(plain);
}

/* One entry as written, all its variants. */
static void read_entry(struct lab_experiment *e, struct lab_node *list, size_t i,
                       enum lab_kind kind, struct lab_mistakes *mistakes)
{
    static void (*const read[])(struct lab_experiment *, const struct lab_entry *,
                                const struct lab_node *, const struct lab_suffix *,
                                struct lab_mistakes *) = {read_problem, read_optimizer,
                                                          read_schedule};
    struct lab_node *written = list->child[i];
    const struct lab_entry *entry = entry_of(kind, written, mistakes);
    struct lab_variants v;
    const size_t before = mistakes->count, first = entries(e, kind);
    if (!entry)
        return;
    if (lab_variants_of(entry->plugin, written, &v))
        lab_mistake(mistakes, written->where,
                    "the sweeps of %s.[%zu] make too many arms (at most %d)",
                    lab_kind_plural[kind], i, LAB_MOST_ARMS);
    for (size_t k = 0; k < v.count; k++) {
        list->child[i] = v.node[k]; /* so that paths in messages are right */
        read[kind](e, entry, v.node[k], &v.suffix[k], mistakes);
    }
    for (size_t k = first; k < entries(e, kind); k++) {
        const bool sound = mistakes->count == before;
        if (kind == LAB_KIND_problem)
            e->problem[k].sound = sound;
        if (kind == LAB_KIND_schedule) /* one may need to know T */
            e->schedule[k].sound = sound && e->T > e->schedule[k].warmup;
        if (!lab_node_get(written, "label"))
            tell_apart(e, kind, k);
    }
    list->child[i] = written;
    lab_variants_free(&v);
}

void lab_experiment_read_entries(struct lab_experiment *e, struct lab_node *root,
                                 enum lab_kind kind, struct lab_mistakes *mistakes)
{
    struct lab_node *list = lab_node_get(root, lab_kind_plural[kind]);
    if (!list || list->kind != LAB_NODE_LIST || list->count == 0) {
        lab_mistake(mistakes, list ? list->where : root->where,
                    "%s %s: a list like ( { type = \"...\"; } ) is needed",
                    lab_kind_plural[kind], list ? "is empty or no list" : "is missing");
        return;
    }
    for (size_t i = 0; i < list->count; i++)
        read_entry(e, list, i, kind, mistakes);
}
