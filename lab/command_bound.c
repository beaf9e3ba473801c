/* lab/command_bound.c -- `lab bound`: a theorem's right-hand side from explicit inputs */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/commands.h"
#include "lab/registry.h"

/* ---- inputs as a settings tree ------------------------------------------ */

/* A number as typed: whole if it looks so and fits; NULL if it is none. */
static struct lab_node *number_node(const char *key, const char *where, const char *text,
                                    size_t length)
{
    char copy[64], *end;
    if (length == 0 || length >= sizeof copy)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (copy[strspn(copy, "+-.0123456789eE")]) /* strtod also takes hex, inf and nan */
        return NULL;
    errno = 0;
    long long whole = strtoll(copy, &end, 10);
    if (!errno && !*end)
        return lab_node_integer(key, where, whole);
    double real = strtod(copy, &end);
    return *end || !isfinite(real) ? NULL : lab_node_real(key, where, real);
}

/* "0.3,0.2,0.1" or "0.3" -> list or number; NULL after a mistake. */
static struct lab_node *value_node(const char *key, const char *text, const char *where,
                                   struct lab_mistakes *mistakes)
{
    const bool list = strchr(text, ',') != NULL;
    struct lab_node *node = list ? lab_node_new(LAB_NODE_LIST, key, where) : NULL;
    for (;;) {
        const size_t length = strcspn(text, ",");
        struct lab_node *one = number_node(list ? NULL : key, where, text, length);
        if (!one) {
            lab_mistake(mistakes, where, "%s = '%.*s' is not a finite number", key,
                        (int)(length < 40 ? length : 40), text);
            lab_node_free(node);
            return NULL;
        }
        if (!list)
            return one;
        lab_node_add(node, one);
        if (!text[length])
            return node;
        text += length + 1;
    }
}

void lab_bound_argument(struct lab_node *root, const char *argument,
                        struct lab_mistakes *mistakes)
{
    const char *equals = strchr(argument, '=');
    if (!equals || equals == argument) {
        lab_mistake(mistakes, root->where, "'%.60s' is not KEY=VALUE", argument);
        return;
    }
    char *key = lab_text("%.*s", (int)(equals - argument), argument);
    if (lab_node_get(root, key)) {
        lab_mistake(mistakes, root->where, "%s is given twice", key);
    } else {
        struct lab_node *node = value_node(key, equals + 1, root->where, mistakes);
        if (node)
            lab_node_add(root, node);
    }
    free(key);
}

static struct lab_node *json_node(const char *key, const json_t *value, const char *where,
                                  struct lab_mistakes *mistakes)
{
    if (json_is_integer(value))
        return lab_node_integer(key, where, json_integer_value(value));
    if (json_is_real(value))
        return lab_node_real(key, where, json_real_value(value));
    if (!json_is_array(value)) {
        lab_mistake(mistakes, where, "%s is neither a number nor a list of numbers",
                    key ? key : "an entry of a list");
        return NULL;
    }
    struct lab_node *list = lab_node_new(LAB_NODE_LIST, key, where);
    for (size_t i = 0; i < json_array_size(value); i++) {
        struct lab_node *one = json_node(NULL, json_array_get(value, i), where, mistakes);
        if (one)
            lab_node_add(list, one);
    }
    return list;
}

static void add_json(struct lab_node *root, const char *path,
                     struct lab_mistakes *mistakes)
{
    json_error_t why;
    const bool standard = strcmp(path, "-") == 0;
    FILE *in = standard ? stdin : fopen(path, "re");
    if (!in) {
        lab_mistake(mistakes, path, "%s", strerror(errno));
        return;
    }
    json_t *object = json_loadf(in, JSON_REJECT_DUPLICATES, &why), *value;
    const char *where = standard ? "standard input" : path, *key;
    if (!object)
        lab_mistake(mistakes, where, "line %d: %s", why.line, why.text);
    else if (!json_is_object(object))
        lab_mistake(mistakes, where, "not a JSON object");
    json_object_foreach(object, key, value)
    {
        struct lab_node *node =
            lab_node_get(root, key) ? NULL : json_node(key, value, where, mistakes);
        if (lab_node_get(root, key))
            lab_mistake(mistakes, where, "%s is given twice", key);
        if (node)
            lab_node_add(root, node);
    }
    json_decref(object);
    if (!standard)
        fclose(in);
}

/* Adds the numbers of a list, and of lists in it. */
static void gather(struct lab_node *list, const struct lab_node *node)
{
    for (size_t i = 0; node->kind == LAB_NODE_LIST && i < node->count; i++)
        gather(list, node->child[i]);
    if (node->kind == LAB_NODE_LIST)
        return;
    struct lab_node *one = lab_node_copy(node);
    free(one->key);
    one->key = NULL;
    lab_node_add(list, one);
}

/* On the command line a list of one looks like a number: vectors here are always lists.  A list
 * of lists is a matrix, its rows one after another. */
void lab_bound_lists(struct lab_node *root, const struct lab_param *params)
{
    for (const struct lab_param *p = params; p->name; p++) {
        const struct lab_node *node = lab_node_get(root, p->name);
        if (!node || p->type != LAB_VECTOR)
            continue;
        struct lab_node *list = lab_node_new(LAB_NODE_LIST, p->name, node->where);
        gather(list, node);
        lab_node_add(root, list);
    }
}

/* ---- the command ------------------------------------------------------- */

/* The formula can be had for steps that the theorem does not allow, but not unsaid. */
static void warn_of_steps(const struct lab_entry *entry, const void *inputs)
{
    const struct lab_bound *b = (const struct lab_bound *)entry->plugin;
    for (const struct lab_param *p = b->base.params; p->name; p++) {
        const struct lab_steps *eta = (const void *)((const char *)inputs + p->offset);
        for (size_t t = 1; p->type == LAB_STEPS && t < eta->T; t++)
            if (b->assumes & LAB_NONINCREASING && eta->eta[t] > eta->eta[t - 1]) {
                lab_complain(
                    "warning: %s assumes steps that never grow, but eta_%zu = %g "
                    "after %g: the number is no bound",
                    entry->name, t + 1, eta->eta[t], eta->eta[t - 1]);
                return;
            }
    }
}

static void evaluate(const struct lab_entry *entry, struct lab_node *root,
                     struct lab_mistakes *mistakes)
{
    const struct lab_bound *b = (const struct lab_bound *)entry->plugin;
    void *inputs = lab_alloc(1, b->base.size);
    struct lab_error err = {""};
    lab_bound_lists(root, b->base.params);
    const size_t before = mistakes->count;
    lab_param_fill(b->base.params, inputs, root, NULL, mistakes);
    if (mistakes->count == before && b->inputs && b->inputs(inputs, &err))
        lab_mistake(mistakes, entry->name, "%s", err.text);
    if (mistakes->count == before)
        warn_of_steps(entry, inputs);
    if (mistakes->count == before) {
        double value = b->rhs(inputs);
        if (isfinite(value))
            printf("%.17g\n", value);
        else
            lab_mistake(mistakes, entry->name,
                        "these inputs overflow: the right-hand side is %g", value);
    }
    lab_param_release(b->base.params, inputs);
    free(inputs);
}

static int bound(const char *name, char **argument, size_t count, const char *json)
{
    struct lab_error err = {""};
    struct lab_mistakes mistakes = {0};
    const struct lab_entry *entry = lab_find(LAB_KIND_bound, name, &err);
    if (!entry) {
        lab_complain("%s", err.text);
        return LAB_EXIT_USAGE;
    }
    struct lab_node *root = lab_node_new(LAB_NODE_GROUP, NULL, entry->name);
    for (size_t i = 0; i < count; i++)
        lab_bound_argument(root, argument[i], &mistakes);
    if (json)
        add_json(root, json, &mistakes);
    if (!mistakes.count)
        evaluate(entry, root, &mistakes);
    lab_node_free(root);
    int status = mistakes.count ? LAB_EXIT_USAGE : LAB_EXIT_DONE;
    lab_print_mistakes(&mistakes);
    lab_mistakes_free(&mistakes);
    return status;
}

int lab_command_bound(int argc, char **argv)
{
    enum { JSON = LAB_OPTION_OWN };
    static const struct option names[] = {
        {"json", required_argument, NULL, JSON}, LAB_COMMON_OPTIONS, {0}};
    const char *json = NULL;
    int c;
    while ((c = getopt_long(argc, argv, "h", names, NULL)) != -1)
        if (c != JSON)
            return lab_common_option("bound", c);
        else
            json = optarg;
    if (optind == argc) {
        lab_complain("no bound is named; see `lab list bounds`");
        return lab_usage("bound", false);
    }
    return bound(argv[optind], argv + optind + 1, (size_t)(argc - optind - 1), json);
}
