/* lab/command_list.c -- `lab list`: everything comes from the plug-ins */
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/commands.h"
#include "lab/data.h"
#include "lab/experiment.h"
#include "lab/measure.h"
#include "lab/report.h"

enum { DATA = LAB_KINDS, DOMAINS, METRICS, SHELVES };
static const char *const shelves[] = {"problems", "optimizers", "schedules", "bounds",
                                      "data",     "domains",    "metrics",   NULL};

/* ---- one line each ------------------------------------------------------ */

/* What a listing shows of anything: collected first, printed as text or JSON. */
struct item {
    char *name, *summary;
    json_t *more;      /* further members of the JSON object */
    const char *group; /* a heading over those that share it; NULL: none */
};
struct items {
    struct item *item;
    size_t count;
};

static void add(struct items *list, const char *name, const char *summary, json_t *more)
{
    list->item = lab_realloc(list->item, list->count + 1, sizeof *list->item);
    list->item[list->count++] = (struct item){strdup(name), strdup(summary), more, NULL};
}

static json_t *default_json(const struct lab_param *p)
{
    if (p->type == LAB_TEXT)
        return p->text ? json_string(p->text) : json_null();
    if (!isfinite(p->fallback))
        return json_null();
    if (p->type == LAB_FLAG)
        return json_boolean(p->fallback != 0.0);
    return p->type == LAB_COUNT ? json_integer((json_int_t)p->fallback)
                                : json_real(p->fallback);
}

static json_t *options_json(const struct lab_param *params)
{
    static const char *const types[] = {"number", "whole number", "flag",
                                        "word",   "vector",       "list"};
    json_t *list = json_array();
    for (const struct lab_param *p = params; p && p->name; p++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:o, s:s?, s:s}", "name",
                                              p->name, "type", types[p->type], "required",
                                              p->fallback == LAB_REQUIRED, "default",
                                              default_json(p), "range", p->range, "help",
                                              p->help));
    return list;
}

static json_t *plugin_json(const struct lab_entry *e)
{
    return json_pack("{s:s, s:s, s:o}", "formula", e->plugin->formula, "reference",
                     e->plugin->reference, "options", options_json(e->plugin->params));
}

/* Problems go by groups, in the order of enum lab_group. */
static void list_problems(struct items *list)
{
    static const char *const words[LAB_GROUPS] = {
        [LAB_GROUP_SMOOTH] = "convex, smooth",
        [LAB_GROUP_NONSMOOTH] = "convex, nonsmooth",
        [LAB_GROUP_ONLINE] = "online: convex losses, one after another",
        [LAB_GROUP_NONCONVEX] = "nonconvex",
        [LAB_GROUP_USER] = "of your own"};
    for (int group = 0; group < LAB_GROUPS; group++)
        for (const struct lab_entry *e = lab_registry; e->name; e++) {
            const struct lab_problem *p = (const struct lab_problem *)e->plugin;
            if (e->kind != LAB_KIND_problem || p->group != (enum lab_group)group)
                continue;
            char *summary = p->strongly ? lab_text("%s; strongly convex: %s",
                                                   p->base.summary, p->strongly)
                                        : lab_text("%s", p->base.summary);
            add(list, e->name, summary, plugin_json(e));
            list->item[list->count - 1].group = words[group];
            free(summary);
        }
}

static void list_plugins(struct items *list, enum lab_kind kind)
{
    for (const struct lab_entry *e = lab_registry; e->name; e++)
        if (e->kind == kind)
            add(list, e->name, e->plugin->summary, plugin_json(e));
}

static void list_data(struct items *list)
{
    size_t count;
    struct lab_data_card *cards = lab_data_cards(&count);
    for (size_t i = 0; i < count; i++) {
        const struct lab_data_card *c = &cards[i];
        char *summary = lab_text("%s; %zu x %zu, %s%s", c->title, c->n, c->d, c->task,
                                 c->present ? "" : " (not installed)");
        add(list, c->name, summary,
            json_pack("{s:I, s:I, s:s, s:s, s:s, s:b}", "n", (json_int_t)c->n, "d",
                      (json_int_t)c->d, "task", c->task, "source", c->source, "licence",
                      c->licence, "present", c->present));
        free(summary);
    }
    lab_data_cards_free(cards, count);
}

static void collect(struct items *list, int shelf)
{
    if (shelf == LAB_KIND_problem)
        list_problems(list);
    else if (shelf < LAB_KINDS)
        list_plugins(list, (enum lab_kind)shelf);
    else if (shelf == DATA)
        list_data(list);
    else if (shelf == DOMAINS)
        for (const struct lab_domain_card *c = lab_domain_cards; c->name; c++)
            add(list, c->name, c->summary,
                json_pack("{s:o}", "options", options_json(c->params)));
    else
        for (enum lab_metric m = 1; m < LAB_METRICS; m++)
            add(list, lab_metric_cards[m].name, lab_metric_cards[m].definition,
                json_pack("{s:s}", "label", lab_metric_cards[m].label));
}

static void free_items(struct items *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->item[i].name), free(list->item[i].summary);
        json_decref(list->item[i].more);
    }
    free(list->item);
}

static void print_items(const struct items *list, const char *shelf, bool title)
{
    enum { NAME = 28 };
    const char *group = NULL;
    if (title)
        printf("%s\n", shelf);
    for (size_t i = 0; i < list->count; i++) {
        const struct item *item = &list->item[i];
        if (item->group && item->group != group)
            printf("%s%s%s:\n", group && !title ? "\n" : "", title ? "  " : "",
                   item->group);
        group = item->group;
        const int indent = (title ? 2 : 0) + (group ? 2 : 0);
        printf("%*s%-*s ", indent, "", NAME, item->name);
        lab_report_paragraph(stdout, item->summary, (size_t)(indent + NAME + 1));
    }
}

static json_t *items_json(const struct items *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++) {
        json_t *object = json_pack("{s:s, s:s}", "name", list->item[i].name, "summary",
                                   list->item[i].summary);
        json_object_update(object, list->item[i].more);
        if (list->item[i].group)
            json_object_set_new(object, "group", json_string(list->item[i].group));
        json_array_append_new(array, object);
    }
    return array;
}

static void list_shelves(int only, bool json)
{
    json_t *root = json_object();
    for (int s = 0; s < SHELVES; s++) {
        struct items list = {0};
        if (only >= 0 && s != only)
            continue;
        collect(&list, s);
        if (json)
            json_object_set_new(root, shelves[s], items_json(&list));
        else
            print_items(&list, shelves[s], only < 0);
        free_items(&list);
    }
    if (json) {
        json_t *shown = only >= 0 ? json_object_get(root, shelves[only]) : root;
        json_dumpf(shown, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
        putchar('\n');
    }
    json_decref(root);
}

/* Which shelf is meant; -1: all.  -2 after a complaint. */
static int shelf_named(const char *name)
{
    for (int s = 0; s < SHELVES; s++)
        if (strcmp(name, shelves[s]) == 0)
            return s;
    const char *nearest = lab_nearest(name, shelves);
    lab_complain("cannot list '%.64s'%s%s%s", name, nearest ? " (did you mean '" : "",
                 nearest ? nearest : "", nearest ? "'?)" : "; see `lab list --help`");
    return -2;
}

static int list(int only, bool json, const char *config, char **override,
                size_t overrides)
{
    if (!config && overrides > 1) {
        lab_complain("-o changes a config: it needs --for CONFIG");
        return LAB_EXIT_USAGE;
    }
    if (config && only != LAB_KIND_bound) {
        lab_complain("--for CONFIG goes with `lab list bounds`");
        return LAB_EXIT_USAGE;
    }
    if (config)
        return lab_list_claims(config, override, overrides, json);
    list_shelves(only, json);
    return LAB_EXIT_DONE;
}

int lab_command_list(int argc, char **argv)
{
    enum { JSON = LAB_OPTION_OWN, FOR };
    static const struct option names[] = {{"json", no_argument, NULL, JSON},
                                          {"for", required_argument, NULL, FOR},
                                          LAB_COMMON_OPTIONS,
                                          {0}};
    static char all[] = "bounds=(\"all\")"; /* whatever the config names */
    char **override = lab_alloc((size_t)argc + 1, sizeof *override);
    const char *config = NULL;
    size_t overrides = 0;
    override[overrides++] = all;
    bool json = false;
    int c, status = -1;
    while (status < 0 && (c = getopt_long(argc, argv, "o:h", names, NULL)) != -1)
        switch (c) {
        case JSON: json = true; break;
        case FOR: config = optarg; break;
        case 'o': override[overrides++] = optarg; break;
        default: status = lab_common_option("list", c);
        }
    if (status < 0 && argc - optind > 1) {
        lab_complain("one shelf at a time, or none for all");
        status = lab_usage("list", false);
    }
    if (status < 0) {
        const int only = optind < argc ? shelf_named(argv[optind]) : -1;
        status =
            only == -2 ? LAB_EXIT_USAGE : list(only, json, config, override, overrides);
    }
    free(override);
    return status;
}
