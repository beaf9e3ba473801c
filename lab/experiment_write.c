/* lab/experiment_write.c -- struct lab_experiment -> the effective config; see
 * experiment.h
 */
#include <stdlib.h>
#include <string.h>

#include "lab/experiment_parts.h"
#include "lab/measure.h"

static struct lab_node *new_entry(struct lab_node *list, const char *type,
                                  const char *label)
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
    lab_param_write(lab_start_params, p, group);
    struct lab_node *domain = lab_domain_write(&p->domain);
    if (domain)
        lab_node_add(group, domain);
    struct lab_node *noise = lab_noise_write(&p->noise);
    if (noise)
        lab_node_add(group, noise);
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
        const enum lab_metric against = e->plot[i].against;
        lab_node_add(group, lab_node_string("metric", NULL, metric));
        lab_node_add(group,
                     lab_node_string("against", NULL,
                                     against ? lab_metric_cards[against].name : "t"));
        lab_node_add(group, lab_node_string("x", NULL, e->plot[i].x));
        lab_node_add(group, lab_node_string("y", NULL, e->plot[i].y));
    }
    if (e->expect)
        lab_node_add(root, lab_node_copy(e->expect));
}

/* Options that say nothing here: of the two ways to space rows one, of the two sources of
 * probabilities one, none of them unless they are used. */
static bool is_idle(const struct lab_experiment *e, const char *key)
{
    const bool on = lab_sampling_named(e->sampling) == LAB_IMPORTANCE;
    const struct lab_vector *given = &e->probabilities;
    if (strcmp(key, "importance") == 0)
        return !on || given->n || !isnan(given->fill);
    if (strcmp(key, "importance_uniform") == 0)
        return !on;
    return strcmp(key, e->every ? "checkpoints" : "every") == 0;
}

struct lab_node *lab_experiment_write(const struct lab_experiment *e)
{
    struct lab_node *root = lab_node_new(LAB_NODE_GROUP, NULL, "effective config");
    lab_param_write(lab_experiment_params, e, root);
    for (size_t i = 0; i < root->count; i++) {
        struct lab_node *c = root->child[i];
        if (e->batch == 0 && strcmp(c->key, "batch") == 0) {
            root->child[i] = lab_node_string("batch", NULL, "full");
            root->child[i]->parent = root;
            c->parent = NULL;
            lab_node_free(c);
        } else if (is_idle(e, c->key)) {
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
