/* lab/override.c -- "-o KEY=VALUE" on a tree; see config.h */
#include <stdlib.h>
#include <string.h>

#include "lab/config.h"
#include "lab/scan.h"
#include "lab/source.h"

enum { MOST_STEPS = 32, MOST_WHERE = 80 };

/* One step of a path: a key, or an index of a list. */
struct step {
    char *key; /* NULL: index */
    size_t index;
};

struct path {
    size_t count;
    struct step step[MOST_STEPS];
};

static void path_free(struct path *path)
{
    for (size_t i = 0; i < path->count; i++)
        free(path->step[i].key);
}

/* Reads one step at `text` into `step`; its length, or 0. */
static size_t read_step(const char *text, struct step *step)
{
    size_t length = lab_key_length(text);
    *step = (struct step){0};
    if (length) {
        step->key = lab_text("%.*s", (int)length, text);
        return length;
    }
    size_t digits = text[0] == '[' ? strspn(text + 1, "0123456789") : 0;
    if (!digits || text[digits + 1] != ']')
        return 0;
    step->index = strtoull(text + 1, NULL, 10); /* too large a one saturates */
    return digits + 2;
}

/* "schedules.[0].eta" or "schedules[0].eta".  0, or -1: no path. */
static int path_read(const char *text, struct path *path)
{
    for (path->count = 0; path->count < MOST_STEPS;) {
        size_t length = read_step(text, &path->step[path->count]);
        if (!length)
            return -1;
        path->count++;
        text += length;
        if (*text == '\0')
            return path->step[0].key ? 0 : -1; /* the root is a group */
        if (*text == '.')
            text++;
        else if (*text != '[')
            return -1;
    }
    return -1;
}

/* Says that `key` does not exist in `group`, with the nearest one that does. */
static void no_such_key(const struct lab_node *group, const char *key, const char *where,
                        struct lab_mistakes *mistakes)
{
    const char **names = lab_alloc(group->count + 1, sizeof *names);
    for (size_t i = 0; i < group->count; i++)
        names[i] = group->child[i]->key;
    const char *nearest = lab_nearest(key, names);
    lab_mistake(mistakes, where, "unknown key '%.64s'%s%s%s", key,
                nearest ? " (did you mean '" : "", nearest ? nearest : "",
                nearest ? "'?)" : "");
    free(names);
}

/* Says why `step` cannot be taken from `node`. */
static void cannot_step(const struct lab_node *node, const struct step *step,
                        const char *where, struct lab_mistakes *mistakes)
{
    char *path = lab_node_path(node), *value = lab_node_value(node, 40);
    if (node->kind == LAB_NODE_LIST && step->key)
        lab_mistake(mistakes, where, "%s is a list: its entries are %s.[0], ...", path,
                    path);
    else if (node->kind == LAB_NODE_LIST)
        lab_mistake(mistakes, where,
                    "%s.[%zu] does not exist: %s has %zu entr%s, from [0]", path,
                    step->index, path, node->count, node->count == 1 ? "y" : "ies");
    else if (node->kind == LAB_NODE_GROUP)
        lab_mistake(mistakes, where, "%s is a group, not a list", path);
    else
        lab_mistake(mistakes, where, "%s = %s is not a %s", path, value,
                    step->key ? "group" : "list");
    free(path), free(value);
}

/* The child a step leads to.  NULL: none, and *missing says that one can be added. */
static struct lab_node *follow(const struct lab_node *node, const struct step *step,
                               bool *missing)
{
    *missing = false;
    if (step->key && node->kind == LAB_NODE_GROUP) {
        struct lab_node *child = lab_node_get(node, step->key);
        *missing = !child;
        return child;
    }
    bool there = !step->key && node->kind == LAB_NODE_LIST && step->index < node->count;
    return there ? node->child[step->index] : NULL;
}

static void replace_element(struct lab_node *list, size_t index, struct lab_node *value)
{
    lab_node_free(list->child[index]);
    list->child[index] = value;
    value->parent = list;
}

/* Puts `value` (taken over) at the end of `path`.  Nothing changes after a mistake. */
static int put(struct lab_node *root, const struct path *path, struct lab_node *value,
               const char *where, struct lab_mistakes *mistakes)
{
    struct lab_node *node = root, *next = NULL;
    size_t i = 0, last = path->count - 1;
    bool missing = false;
    for (; i < last && (next = follow(node, &path->step[i], &missing)); i++)
        node = next;
    if (!missing)
        next = follow(node, &path->step[i], &missing);
    if (!next && !missing) {
        cannot_step(node, &path->step[i], where, mistakes);
        return -1;
    }
    for (size_t k = i; k < last; k++)
        if (!path->step[k + 1].key) { /* a list is not made up */
            no_such_key(node, path->step[i].key, where, mistakes);
            return -1;
        }
    for (; i < last; i++)
        node = lab_node_add(node, lab_node_new(LAB_NODE_GROUP, path->step[i].key, where));
    if (path->step[last].key)
        lab_node_add(node, value);
    else
        replace_element(node, path->step[last].index, value);
    return 0;
}

/* "-o steps=5", cut, without control characters; free() it. */
static char *where_of(const char *assignment)
{
    char *where = lab_text("-o %.*s", MOST_WHERE, assignment);
    size_t length = strlen(where);
    if (length > MOST_WHERE) {
        size_t cut = MOST_WHERE - 3;
        while (((unsigned char)where[cut] & 0xC0) == 0x80)
            cut--;
        strcpy(where + cut, "...");
    }
    bool text = lab_utf8_prefix(where, strlen(where)) == strlen(where);
    for (unsigned char *c = (unsigned char *)where; *c; c++)
        if (*c < 0x20 || *c == 0x7F || (*c >= 0x80 && !text))
            *c = '?';
    return where;
}

int lab_config_override(struct lab_node *root, const char *assignment,
                        struct lab_mistakes *mistakes)
{
    char *where = where_of(assignment);
    const char *equals = strchr(assignment, '=');
    if (!equals) {
        lab_mistake(mistakes, where, "KEY=VALUE is meant");
        free(where);
        return -1;
    }
    const char *begin = assignment + strspn(assignment, " \t"), *end = equals;
    while (end > begin && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    char *text = lab_text("%.*s", (int)(end - begin), begin);
    struct path path;
    struct lab_node *value = NULL;
    int status = path_read(text, &path);
    if (status < 0)
        lab_mistake(mistakes, where, "not a key like steps or schedules.[0].eta");
    else
        value =
            lab_config_value(path.step[path.count - 1].key, equals + 1, where, mistakes);
    if (status == 0)
        status = value ? put(root, &path, value, where, mistakes) : -1;
    if (status < 0)
        lab_node_free(value);
    path_free(&path);
    free(text), free(where);
    return status;
}
