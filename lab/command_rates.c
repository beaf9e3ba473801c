/* lab/command_rates.c -- `lab show schedule NAME KEY=VALUE...`: learning rates without a run */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/commands.h"
#include "lab/config.h"
#include "lab/gnuplot.h"
#include "lab/report.h"

struct horizon {
    size_t steps;
};

static const struct lab_param horizon_params[] = {
    LAB_PARAM(struct horizon, steps, 1000, "[1,inf)", "T"),
    LAB_PARAM_END,
};

static const struct lab_param *option(const struct lab_plugin *plugin, const char *key)
{
    for (const struct lab_param *p = plugin->params; p && p->name; p++)
        if (strcmp(p->name, key) == 0)
            return p;
    return NULL;
}

/* The key that means T: `steps`, unless that is an option of the schedule. */
static const char *horizon_key(const struct lab_plugin *plugin)
{
    return option(plugin, "steps") ? "T" : "steps";
}

/* A value as `-o` takes it; a text needs no quotes, a list no brackets. */
static struct lab_node *value_node(const struct lab_plugin *plugin, const char *key,
                                   const char *text, const char *where,
                                   struct lab_mistakes *mistakes)
{
    const struct lab_param *p = option(plugin, key);
    if (p && p->type == LAB_TEXT && *text != '"')
        return lab_node_string(key, where, text);
    if (!strchr(text, ',') || text[strspn(text, "0123456789.,eE+-")])
        return lab_config_value(key, text, where, mistakes);
    char *list = lab_text("[%s]", text);
    struct lab_node *node = lab_config_value(key, list, where, mistakes);
    free(list);
    return node;
}

/* KEY=VALUE into the group of the schedule, or that of the horizon. */
static void add_argument(const struct lab_plugin *plugin, struct lab_node *options,
                         struct lab_node *horizon, const char *argument,
                         struct lab_mistakes *mistakes)
{
    const char *equals = strchr(argument, '=');
    char *where = lab_text_clean(argument, 60);
    char *key = lab_text("%.*s", equals ? (int)(equals - argument) : 0, argument);
    const bool is_horizon = strcmp(key, horizon_key(plugin)) == 0;
    struct lab_node *group = is_horizon ? horizon : options, *node;
    const char *name = is_horizon ? "steps" : key;
    if (!*key)
        lab_mistake(mistakes, NULL, "'%s' is not KEY=VALUE", where);
    else if (lab_node_get(group, name))
        lab_mistake(mistakes, where, "%s is given twice", key);
    else if ((node = value_node(plugin, name, equals + 1, where, mistakes)))
        lab_node_add(group, node);
    free(key), free(where);
}

struct lab_experiment *lab_rates(const struct lab_entry *schedule, char **argument,
                                 size_t count, struct lab_mistakes *mistakes)
{
    struct horizon horizon = {0};
    struct lab_node *root = lab_node_new(LAB_NODE_GROUP, NULL, NULL),
                    *steps = lab_node_new(LAB_NODE_GROUP, NULL, NULL),
                    *list = lab_node_add(root,
                                         lab_node_new(LAB_NODE_LIST, "schedules", NULL)),
                    *group = lab_node_add(
                        list, lab_node_new(LAB_NODE_GROUP, NULL, schedule->name));
    lab_node_add(group, lab_node_string("type", schedule->name, schedule->name));
    for (size_t i = 0; i < count; i++)
        add_argument(schedule->plugin, group, steps, argument[i], mistakes);
    lab_param_fill(horizon_params, &horizon, steps, NULL, mistakes);
    struct lab_experiment *e =
        mistakes->count ? NULL : lab_experiment_schedules(root, horizon.steps, mistakes);
    lab_node_free(root), lab_node_free(steps);
    return e;
}

static void print(const struct lab_experiment *e)
{
    printf("learning rates, T = %zu\n", e->T);
    for (size_t i = 0; i < e->schedules; i++)
        lab_report_schedule(stdout, e, i);
}

static const char on_problems[] = "depend on the problem: `lab check CONFIG` prints them";

int lab_show_rates(const struct lab_entry *schedule, char **argument, size_t count)
{
    struct lab_mistakes mistakes = {0};
    struct lab_experiment *e = lab_rates(schedule, argument, count, &mistakes);
    const int status = mistakes.count ? LAB_EXIT_USAGE : LAB_EXIT_DONE;
    if (!mistakes.count && !e->schedule->tables)
        printf("learning rates\n  %s\n", on_problems);
    else if (!mistakes.count)
        print(e);
    lab_print_mistakes(&mistakes);
    lab_mistakes_free(&mistakes);
    lab_experiment_free(e);
    return status;
}

void lab_show_default_rates(const struct lab_entry *schedule)
{
    const struct lab_schedule *s = (const struct lab_schedule *)schedule->plugin;
    static char base[] = "eta=1";
    char *argument[] = {base};
    struct lab_mistakes mistakes = {0};
    struct lab_experiment *e = lab_rates(schedule, argument, 1, &mistakes);
    putchar('\n');
    if (!mistakes.count && e->schedule->tables)
        print(e);
    else if (s->tabulate)
        printf("learning rates\n  %s\n", on_problems);
    else
        printf("learning rates\n  `lab show schedule %s KEY=VALUE... %s=N` prints them\n",
               schedule->name, horizon_key(schedule->plugin));
    lab_mistakes_free(&mistakes);
    lab_experiment_free(e);
}
