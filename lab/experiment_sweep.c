/* lab/experiment_sweep.c -- a list where one number is meant: one entry becomes several;
 * see experiment_parts.h */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/experiment_parts.h"

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
        for (const struct lab_noise_card *c = lab_noise_cards; c->name && !row; c++)
            row = find_param(c->params, key);
    else if (!(row = find_param(plugin->params, key)))
        row = find_param(lab_warmup_params, key);
    return row;
}

enum { MOST_NODES = 4000000 };

/* The first list that stands where one number is meant, or NULL. */
static struct lab_node *find_sweep(const struct lab_plugin *plugin,
                                   struct lab_node *group)
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

char *lab_number_text(const struct lab_node *number)
{
    char text[40];
    if (number->kind == LAB_NODE_INTEGER)
        return lab_text("%lld", number->integer);
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number->real);
        if (lab_number(text, NULL) == number->real)
            break;
    }
    return lab_text("%s", text);
}

/* `suffix` with one more swept option. */
static struct lab_suffix longer_suffix(const struct lab_suffix *suffix,
                                       const struct lab_node *list,
                                       const struct lab_node *value, bool nested)
{
    char *text =
        lab_node_is_number(value) ? lab_number_text(value) : lab_node_value(value, 24);
    char *more = nested ? lab_text(" %s.%s=%s", list->parent->key, list->key, text)
                        : lab_text(" %s=%s", list->key, text);
    struct lab_suffix longer = {
        .swept = lab_text("%s%s", suffix->swept, more),
        .nested = lab_text("%s%s", suffix->nested, nested ? more : ""),
    };
    free(text), free(more);
    return longer;
}

/* A copy of `group` in which `value` stands for the list it is from. */
static struct lab_node *copy_with(struct lab_node *group, struct lab_node *list,
                                  const struct lab_node *value)
{
    struct lab_node *home = list->parent, *one = lab_node_copy(value);
    size_t i = 0;
    while (home->child[i] != list)
        i++;
    one->key = strdup(list->key);
    one->parent = home;
    home->child[i] = one; /* not copied first and replaced then: lists can be long */
    struct lab_node *copy = lab_node_copy(group);
    home->child[i] = list;
    copy->parent = group->parent; /* for paths in messages */
    one->parent = NULL;
    lab_node_free(one);
    return copy;
}

static double count_nodes(const struct lab_node *node)
{
    double count = 1.0;
    for (size_t i = 0; i < node->count; i++)
        count += count_nodes(node->child[i]);
    return count;
}

static bool too_many(const struct lab_variants *v)
{
    return v->count > LAB_MOST_ARMS || v->nodes > MOST_NODES;
}

/* Takes over `group` and `suffix`. */
static void expand(const struct lab_plugin *plugin, struct lab_node *group,
                   struct lab_suffix suffix, struct lab_variants *out)
{
    struct lab_node *list = find_sweep(plugin, group);
    if (!list) {
        out->node = lab_realloc(out->node, out->count + 1, sizeof *out->node);
        out->suffix = lab_realloc(out->suffix, out->count + 1, sizeof *out->suffix);
        out->node[out->count] = group;
        out->suffix[out->count++] = suffix;
        out->nodes += count_nodes(group);
        return;
    }
    for (size_t i = 0; i < list->count && !too_many(out); i++) {
        struct lab_node *copy = copy_with(group, list, list->child[i]);
        expand(plugin, copy,
               longer_suffix(&suffix, list, list->child[i], list->parent != group), out);
    }
    free(suffix.swept), free(suffix.nested);
    group->parent = NULL;
    lab_node_free(group);
}

void lab_variants_free(struct lab_variants *v)
{
    for (size_t i = 0; i < v->count; i++) {
        v->node[i]->parent = NULL;
        lab_node_free(v->node[i]);
        free(v->suffix[i].swept), free(v->suffix[i].nested);
    }
    free(v->node), free(v->suffix);
    *v = (struct lab_variants){0};
}

int lab_variants_of(const struct lab_plugin *plugin, const struct lab_node *group,
                    struct lab_variants *v)
{
    struct lab_node *copy = lab_node_copy(group);
    copy->parent = group->parent;
    *v = (struct lab_variants){0};
    expand(plugin, copy, (struct lab_suffix){lab_text("%s", ""), lab_text("%s", "")}, v);
    if (!too_many(v))
        return 0;
    lab_variants_free(v);
    return -1;
}
