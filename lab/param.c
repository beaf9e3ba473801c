/* lab/param.c -- reading options, and what is wrong with them; see param.h */
#include "lab/param.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 60 /* bytes of a value in a message */ };

/* The largest integer up to which every whole number is a double. */
static const double most_exact = 9007199254740992.0; /* 2^53 */

static void *field(const struct lab_param *p, void *self)
{
    return (char *)self + p->offset;
}

static void set_text(const char **text, const char *value)
{
    free((char *)(uintptr_t)*text);
    *text = value ? lab_text("%s", value) : NULL;
}

/* The place of `word` among the choices "iid|reshuffle", or NULL. */
static const char *find_choice(const char *choices, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = choices; length; at++) {
        size_t here = strcspn(at, "|");
        if (here == length && memcmp(at, word, length) == 0)
            return at;
        at += here;
        if (!*at)
            break;
    }
    return NULL;
}

/* ---- reading one value ---------------------------------------------- */

/* "PATH = VALUE" + what is wrong with it. */
__attribute__((format(printf, 3, 4))) static void refuse(const struct lab_node *node,
                                                         struct lab_mistakes *mistakes,
                                                         const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    char *path = lab_node_path(node), *value = lab_node_value(node, SHOWN);
    lab_mistake(mistakes, node->where, "%s = %s %s", path, value, text);
    free(path), free(value);
}

/* A list where one `kind` is meant.  True if it is one, after a mistake. */
static bool is_list(const struct lab_node *node, const char *kind,
                    struct lab_mistakes *mistakes)
{
    if (node->kind != LAB_NODE_LIST)
        return false;
    char *path = lab_node_path(node);
    lab_mistake(mistakes, node->where, "%s is a list, but one %s is meant%s", path, kind,
                strcmp(kind, "string") == 0 ? "; for several, write several entries"
                                            : "");
    free(path);
    return true;
}

/* 0 with a finite number in range, or -1 after a mistake. */
static int read_real(const struct lab_param *p, const struct lab_node *node,
                     double *value, struct lab_mistakes *mistakes)
{
    if (node->kind == LAB_NODE_UNUSABLE || is_list(node, "number", mistakes))
        return -1;
    if (!lab_node_is_number(node) || !isfinite(node->real))
        refuse(node, mistakes, "is not a number");
    else if (!lab_in_range(p->range, node->real))
        refuse(node, mistakes, "is not in %s", p->range);
    else {
        *value = node->real;
        return 0;
    }
    return -1;
}

static int read_count(const struct lab_param *p, const struct lab_node *node,
                      size_t *value, struct lab_mistakes *mistakes)
{
    const char *range = p->range ? p->range : "[0,inf)";
    bool integer = node->kind == LAB_NODE_INTEGER;
    if (is_list(node, "whole number", mistakes))
        return -1;
    if (!lab_node_is_number(node) || !isfinite(node->real) ||
        floor(node->real) != node->real)
        refuse(node, mistakes, "is not a whole number");
    else if (!lab_in_range(range, node->real) || node->real < 0)
        refuse(node, mistakes, "is not in %s", range);
    else if (!integer && node->real > most_exact)
        refuse(node, mistakes, "is beyond 2^53, where it may mean several whole numbers");
    else {
        *value = integer ? (size_t)node->integer : (size_t)node->real;
        return 0;
    }
    return -1;
}

static void refuse_choice(const struct lab_param *p, const struct lab_node *node,
                          struct lab_mistakes *mistakes)
{
    char *words = lab_text("%s", p->range), *list = lab_text("%s", ""), *save = NULL;
    const char **names = lab_alloc(strlen(words) + 2, sizeof *names);
    size_t count = 0;
    for (char *w = strtok_r(words, "|", &save); w; w = strtok_r(NULL, "|", &save)) {
        char *longer = lab_text("%s%s%s", list, count ? ", " : "", w);
        free(list);
        list = longer;
        names[count++] = w;
    }
    const char *nearest = lab_nearest(node->string, names);
    refuse(node, mistakes, "is not one of %s%s%s%s", list,
           nearest ? " (did you mean \"" : "", nearest ? nearest : "",
           nearest ? "\"?)" : "");
    free(words), free(list), free(names);
}

static void read_text(const struct lab_param *p, const struct lab_node *node,
                      const char **value, struct lab_mistakes *mistakes)
{
    if (is_list(node, "string", mistakes))
        return;
    if (node->kind != LAB_NODE_STRING)
        refuse(node, mistakes, "is not a string");
    else if (p->range && !find_choice(p->range, node->string))
        refuse_choice(p, node, mistakes);
    else
        set_text(value, node->string);
}

/* The numbers of a list, each in range, in new memory.  NULL after a mistake: the first
 * wrong element, as the others are likely to be wrong in the same way. */
static double *read_list(const struct lab_param *p, const struct lab_node *list,
                         struct lab_mistakes *mistakes)
{
    if (list->count == 0) {
        refuse(list, mistakes, "is empty");
        return NULL;
    }
    double *value = lab_alloc(list->count, sizeof *value);
    for (size_t i = 0; i < list->count; i++)
        if (read_real(p, list->child[i], &value[i], mistakes) < 0) {
            free(value);
            return NULL;
        }
    return value;
}

static void read_vector(const struct lab_param *p, const struct lab_node *node,
                        struct lab_vector *vector, struct lab_mistakes *mistakes)
{
    bool zero = node->kind == LAB_NODE_STRING && strcmp(node->string, "zero") == 0;
    if (node->kind == LAB_NODE_LIST) {
        double *value = read_list(p, node, mistakes);
        if (value)
            *vector = (struct lab_vector){.n = node->count, .value = value, .fill = NAN};
    } else if (zero && lab_in_range(p->range, 0)) {
        vector->fill = 0;
    } else if (zero) {
        refuse(node, mistakes, "is not in %s", p->range);
    } else if (!lab_node_is_number(node)) {
        refuse(node, mistakes, "is not a number, a list of numbers or \"zero\"");
    } else {
        read_real(p, node, &vector->fill, mistakes);
    }
}

static void read_steps(const struct lab_param *p, const struct lab_node *node,
                       struct lab_steps *steps, struct lab_mistakes *mistakes)
{
    double one, *value = NULL;
    if (node->kind == LAB_NODE_LIST)
        value = read_list(p, node, mistakes);
    else if (read_real(p, node, &one, mistakes) == 0)
        *steps = lab_steps_new(1, &one);
    if (value)
        *steps = lab_steps_new(node->count, value);
    free(value);
}

static void read_value(const struct lab_param *p, const struct lab_node *node, void *at,
                       struct lab_mistakes *mistakes)
{
    switch (p->type) {
    case LAB_REAL: read_real(p, node, at, mistakes); break;
    case LAB_COUNT: read_count(p, node, at, mistakes); break;
    case LAB_FLAG:
        if (is_list(node, "flag", mistakes))
            break;
        if (node->kind == LAB_NODE_FLAG)
            *(bool *)at = node->integer != 0;
        else
            refuse(node, mistakes, "is not true or false");
        break;
    case LAB_TEXT: read_text(p, node, at, mistakes); break;
    case LAB_VECTOR: read_vector(p, node, at, mistakes); break;
    case LAB_STEPS: read_steps(p, node, at, mistakes); break;
    }
}

/* ---- reading a group ------------------------------------------------ */

static const struct lab_param *find_param(const struct lab_param *params,
                                          const char *name)
{
    for (const struct lab_param *p = params; p->name; p++)
        if (strcmp(p->name, name) == 0)
            return p;
    return NULL;
}

static bool is_known(const char *const *known, const char *name)
{
    for (; known && *known; known++)
        if (strcmp(*known, name) == 0)
            return true;
    return false;
}

static void refuse_key(const struct lab_param *params, const char *const *known,
                       const struct lab_node *node, struct lab_mistakes *mistakes)
{
    size_t count = 0, most = 1;
    for (const struct lab_param *p = params; p->name; p++)
        most++;
    for (const char *const *k = known; k && *k; k++)
        most++;
    const char **names = lab_alloc(most, sizeof *names);
    for (const struct lab_param *p = params; p->name; p++)
        names[count++] = p->name;
    for (const char *const *k = known; k && *k; k++)
        names[count++] = *k;
    const char *nearest = lab_nearest(node->key, names);
    char *path = lab_node_path(node);
    lab_mistake(mistakes, node->where, "unknown key '%s'%s%s%s", path,
                nearest ? " (did you mean '" : "", nearest ? nearest : "",
                nearest ? "'?)" : "");
    free(path), free(names);
}

static void refuse_missing(const struct lab_param *p, const struct lab_node *group,
                           struct lab_mistakes *mistakes)
{
    static const char *const meant[] = {
        [LAB_REAL] = "a number",      [LAB_COUNT] = "a whole number",
        [LAB_FLAG] = "true or false", [LAB_TEXT] = "a string",
        [LAB_VECTOR] = "number(s)",   [LAB_STEPS] = "a list of numbers",
    };
    char *path = lab_node_path(group);
    lab_mistake(mistakes, group->where, "%s%s%s is missing (%s%s%s)", path,
                path[0] ? "." : "", p->name, meant[p->type], p->range ? " in " : "",
                p->range ? p->range : "");
    free(path);
}

void lab_param_fill(const struct lab_param *params, void *self,
                    const struct lab_node *group, const char *const *known,
                    struct lab_mistakes *mistakes)
{
    lab_param_release(params, self); /* it may hold the defaults already */
    lab_param_defaults(params, self);
    if (group->kind != LAB_NODE_GROUP) {
        refuse(group, mistakes, "is not a group like { key = value; }");
        return;
    }
    for (size_t i = 0; i < group->count; i++) {
        const struct lab_node *child = group->child[i];
        const struct lab_param *p = find_param(params, child->key);
        if (is_known(known, child->key) || (p && child->kind == LAB_NODE_UNUSABLE))
            continue;
        if (p)
            read_value(p, child, field(p, self), mistakes);
        else
            refuse_key(params, known, child, mistakes);
    }
    for (const struct lab_param *p = params; p->name; p++)
        if (isinf(p->fallback) && p->fallback < 0 && !is_known(known, p->name) &&
            !lab_node_get(group, p->name))
            refuse_missing(p, group, mistakes);
}

int lab_param_kind(const struct lab_node *group, const char *const *kinds,
                   struct lab_mistakes *mistakes)
{
    const struct lab_node *type =
        group->kind == LAB_NODE_GROUP ? lab_node_get(group, "type") : NULL;
    char *path = lab_node_path(group), *value = NULL, *list = lab_text("%s", kinds[0]);
    int found = -1;
    for (int k = 1; kinds[k]; k++) {
        char *longer = lab_text("%s, %s", list, kinds[k]);
        free(list);
        list = longer;
    }
    const bool named = type && type->kind == LAB_NODE_STRING;
    for (int k = 0; named && kinds[k]; k++)
        if (strcmp(kinds[k], type->string) == 0)
            found = k;
    const char *near = named ? lab_nearest(type->string, kinds) : NULL;
    if (group->kind != LAB_NODE_GROUP)
        lab_mistake(mistakes, group->where, "%s = %s is not a group { type = ...; }",
                    path, value = lab_node_value(group, SHOWN));
    else if (!type)
        lab_mistake(mistakes, group->where, "%s.type is missing: one of %s", path, list);
    else if (found < 0)
        lab_mistake(mistakes, type->where, "%s.type = %s is not one of %s%s%s%s", path,
                    value = lab_node_value(type, SHOWN), list,
                    near ? " (did you mean \"" : "", near ? near : "",
                    near ? "\"?)" : "");
    free(path), free(value), free(list);
    return found;
}
