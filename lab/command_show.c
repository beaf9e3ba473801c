/* lab/command_show.c -- `lab show`: cards, all from the plug-ins */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/commands.h"
#include "lab/data.h"
#include "lab/experiment.h"
#include "lab/facts.h"
#include "lab/measure.h"
#include "lab/report.h"

/* ---- cards ------------------------------------------------------------- */

static char *default_text(const struct lab_param *p)
{
    if (p->type == LAB_TEXT && p->text)
        return lab_text("default \"%s\"", p->text);
    if (p->fallback == LAB_REQUIRED)
        return lab_text("required");
    if (p->type == LAB_TEXT || isnan(p->fallback))
        return lab_text("not set");
    if (p->type == LAB_FLAG)
        return lab_text("default %s", p->fallback != 0.0 ? "true" : "false");
    return lab_text("default %.10g", p->fallback);
}

static const char *kind_text(const struct lab_param *p)
{
    switch (p->type) {
    case LAB_REAL: return "number in ";
    case LAB_COUNT: return "whole number in ";
    case LAB_FLAG: return "true or false";
    case LAB_TEXT: return p->range ? "" : "text";
    case LAB_VECTOR: return "number or list in ";
    case LAB_STEPS: return "list in ";
    }
    LAB_BUG("type %d", (int)p->type);
}

static void print_options(const char *title, const struct lab_param *params)
{
    if (params && params->name)
        printf("\n%s\n", title);
    for (const struct lab_param *p = params; p && p->name; p++) {
        char *fallback = default_text(p);
        char *text = lab_text("%s%s, %s", kind_text(p),
                              p->range && p->type != LAB_FLAG ? p->range : "", fallback);
        printf("  %-16s ", p->name);
        lab_report_paragraph(stdout, text, 19);
        printf("%19s", "");
        lab_report_paragraph(stdout, p->help, 19);
        free(text), free(fallback);
    }
}

static void print_assumptions(const struct lab_bound *b)
{
    static const char *const words[] = {"every sampled loss is convex",
                                        "eta_t >= eta_{t+1}",
                                        "eta_t is constant",
                                        "projection on a bounded convex set",
                                        "no projection",
                                        "f is strongly convex",
                                        "gradients are exact",
                                        "eta_t is made for T: speaks of row T alone",
                                        "eta_T may be anything: it leads beyond x_T",
                                        "data points, and no noise added",
                                        "nothing is random but additive noise"};
    static const char *const modes[] = {"on every path",
                                        "in expectation",
                                        "in expectation, exactly",
                                        "on a share of 1 - delta of the paths",
                                        "on every path, from below",
                                        "in expectation, from below"};
    printf("\nbounds\n");
    for (size_t i = 0; i < sizeof b->limits / sizeof *b->limits && b->limits[i].metric;
         i++)
        printf("  %s %s%s\n", lab_metric_cards[b->limits[i].metric].name,
               modes[b->limits[i].mode],
               b->limits[i].realised ? ", with the constants met on it" : "");
    if (b->watch.quantity) {
        printf("  own: ");
        lab_report_paragraph(stdout, b->watch.quantity, 7);
    }
    if (b->lag)
        printf("  row t is the formula at T = t - %zu\n", b->lag);
    printf("\nassumes\n  optimizer %s\n  eta_t > 0\n", b->method);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (b->assumes & 1u << i)
            printf("  %s\n", words[i]);
    if (b->prescription.formula) {
        printf("\nprescribes (schedule theory)\n  ");
        lab_report_paragraph(stdout, b->prescription.formula, 2);
    }
}

/* The constants of a problem as it is without options. */
static void print_facts(const struct lab_entry *e)
{
    struct lab_mistakes mistakes = {0};
    struct lab_problem_entry p = {.type = e->name,
                                  .problem = (const struct lab_problem *)e->plugin,
                                  .label = strdup(e->name),
                                  .start = {.fill = NAN},
                                  .self = lab_defaults(e->plugin)};
    lab_facts_establish(&p, 1, LAB_IID, NULL, NULL, &mistakes);
    printf("\nfacts with the default options, over R^d, batch 1, no noise\n");
    if (mistakes.count == 0)
        lab_report_problem(stdout, &p.facts);
    for (size_t i = 0; i < mistakes.count; i++) {
        fputs("  none: ", stdout);
        lab_report_paragraph(stdout, mistakes.line[i], 8);
    }
    lab_mistakes_free(&mistakes);
    lab_problem_entry_free(&p);
}

static void print_plugin(const struct lab_entry *e)
{
    printf("%s (%s)\n  ", e->name, lab_kind_name[e->kind]);
    lab_report_paragraph(stdout, e->plugin->summary, 2);
    printf("\nformula\n");
    for (const char *line = e->plugin->formula; *line; line += strspn(line, "\n")) {
        printf("  %.*s\n", (int)strcspn(line, "\n"), line);
        line += strcspn(line, "\n");
    }
    if (e->kind == LAB_KIND_bound) {
        const struct lab_bound *b = (const struct lab_bound *)e->plugin;
        printf("\nstatement\n  ");
        lab_report_paragraph(stdout, b->statement, 2);
        print_assumptions(b);
    }
    print_options(e->kind == LAB_KIND_bound ? "inputs" : "options", e->plugin->params);
    if (e->kind == LAB_KIND_problem) {
        printf(
            "\n  also start (list, or a number for every coordinate), domain (see `lab "
            "list\n  domains`), noise (see `lab show noise`), label\n");
        print_facts(e);
    }
    if (e->kind == LAB_KIND_schedule) {
        print_options("in front of any schedule", lab_warmup_params);
        lab_show_default_rates(e);
    }
    printf("\nsource\n  ");
    lab_report_paragraph(stdout, e->plugin->reference, 2);
}

/* Those of that kind, or LAB_KINDS: all. */
static bool show_plugins(const char *name, size_t kind, const char **names, size_t *count)
{
    bool found = false;
    for (const struct lab_entry *e = lab_registry; e->name; e++) {
        if (kind != LAB_KINDS && e->kind != kind)
            continue;
        names[(*count)++] = e->name;
        if (strcmp(e->name, name) == 0) {
            if (found)
                putchar('\n');
            print_plugin(e);
            found = true;
        }
    }
    return found;
}

static bool show_domain(const char *name, const char **names, size_t *count)
{
    for (const struct lab_domain_card *c = lab_domain_cards; c->name; c++) {
        names[(*count)++] = c->name;
        if (strcmp(c->name, name) == 0) {
            printf("%s (domain)\n  %s\n", c->name, c->summary);
            print_options("options", c->params);
            return true;
        }
    }
    return false;
}

static bool show_metric(const char *name, const char **names, size_t *count)
{
    for (enum lab_metric m = 1; m < LAB_METRICS; m++) {
        names[(*count)++] = lab_metric_cards[m].name;
        if (strcmp(lab_metric_cards[m].name, name) == 0) {
            printf("%s (metric)\n  %s\n\nrow t\n  ", name, lab_metric_cards[m].label);
            lab_report_paragraph(stdout, lab_metric_cards[m].definition, 2);
            return true;
        }
    }
    return false;
}

static bool show_data(const char *name)
{
    size_t count;
    bool found = false;
    struct lab_data_card *cards = lab_data_cards(&count);
    for (size_t i = 0; i < count; i++) {
        const struct lab_data_card *c = &cards[i];
        if (strcmp(c->name, name))
            continue;
        printf("%s (data set)\n  %s\n  %zu rows, %zu features, %s\n\nsource\n  ", c->name,
               c->title, c->n, c->d, c->task);
        lab_report_paragraph(stdout, c->source, 2);
        printf("\nterms\n  ");
        lab_report_paragraph(stdout, c->licence, 2);
        printf("\nfile\n  %s%s\n", c->where, c->present ? "" : " (not installed)");
        found = true;
    }
    lab_data_cards_free(cards, count);
    return found;
}

/* The laws of noise. */
static void show_noise(void)
{
    printf("noise = { type = \"NAME\"; OPTIONS }, in a problem: added to its gradient\n");
    for (const struct lab_noise_card *c = lab_noise_cards; c->name; c++) {
        char *title = lab_text("%s: %s", c->name, c->summary);
        if (c->params->name)
            print_options(title, c->params);
        else
            printf("\n%s\n", title);
        free(title);
    }
}

/* What stands at the top level of a config. */
static bool show_config(const char *name, const char **names, size_t *count)
{
    static const char *const lists[][2] = {
        {"problems", "( { type = \"NAME\"; OPTIONS }, ... )"},
        {"optimizers", "the same"},
        {"schedules", "the same"},
        {"bounds", "( \"NAME\", ... ) or ( \"all\" ); all unless given"},
        {"metrics", "( \"NAME\", ... ); what bounds and plots need unless given"},
        {"plots",
         "( { metric = \"NAME\"; x = \"log\"; y = \"log\"; }, ... ); one per bounded "
         "metric unless given"},
        {"expect", "( { arm = 1; bound = \"NAME\"; verdict = \"holds\"; }, ... )"}};
    names[(*count)++] = "config";
    names[(*count)++] = "noise";
    if (strcmp(name, "noise") == 0) {
        show_noise();
        return true;
    }
    if (strcmp(name, "config") != 0)
        return false;
    printf("config (the top level of a file for `lab run`)\n\nlists\n");
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        printf("  %-16s ", lists[i][0]);
        lab_report_paragraph(stdout, lists[i][1], 19);
    }
    print_options("options", lab_experiment_params);
    return true;
}

/* What a word before the name says it is: a kind of plug-in, or one of these. */
enum { DOMAIN = LAB_KINDS, METRIC, DATA, ANYTHING };

static size_t kind_of(const char *word)
{
    static const char *const others[] = {"domain", "metric", "data"};
    for (size_t k = 0; k < ANYTHING; k++)
        if (strcmp(word, k < LAB_KINDS ? lab_kind_name[k] : others[k - LAB_KINDS]) == 0)
            return k;
    return ANYTHING;
}

static int show(const char *name, size_t kind)
{
    const char *names[1024] = {NULL};
    size_t count = 0;
    const bool any = kind == ANYTHING;
    if ((any && show_config(name, names, &count)) ||
        ((any || kind < LAB_KINDS) &&
         show_plugins(name, any ? LAB_KINDS : kind, names, &count)) ||
        ((any || kind == DOMAIN) && show_domain(name, names, &count)) ||
        ((any || kind == METRIC) && show_metric(name, names, &count)) ||
        ((any || kind == DATA) && show_data(name)))
        return LAB_EXIT_DONE;
    const char *nearest = lab_nearest(name, names);
    if (nearest)
        lab_complain("nothing is called '%.64s' (did you mean '%s'?)", name, nearest);
    else
        lab_complain("nothing is called '%.64s'; see `lab list`", name);
    return LAB_EXIT_USAGE;
}

/* NAME KEY=VALUE...: options are for schedules. */
static int show_with_options(const char *name, size_t kind, char **argument, size_t count)
{
    struct lab_error err = {""};
    const struct lab_entry *schedule = NULL;
    if (kind == LAB_KIND_schedule || kind == ANYTHING)
        schedule = lab_find(LAB_KIND_schedule, name, &err);
    else
        lab_fail(&err, "only a schedule takes options here, as in `lab show schedule "
                       "inv_t eta=1 steps=100`");
    if (schedule)
        return lab_show_rates(schedule, argument, count);
    lab_complain("%s", err.text);
    return LAB_EXIT_USAGE;
}

int lab_command_show(int argc, char **argv)
{
    static const struct option names[] = {LAB_COMMON_OPTIONS, {0}};
    int c;
    if ((c = getopt_long(argc, argv, "h", names, NULL)) != -1)
        return lab_common_option("show", c);
    const size_t kind = optind < argc ? kind_of(argv[optind]) : ANYTHING;
    const int name = optind + (kind != ANYTHING), options = argc - name - 1;
    if (options < 0) {
        lab_complain("nothing is named; see `lab list`");
        return lab_usage("show", false);
    }
    if (options > 0 && !strchr(argv[name + 1], '=')) {
        lab_complain("one name at a time");
        return lab_usage("show", false);
    }
    return options ? show_with_options(argv[name], kind, argv + name + 1, (size_t)options)
                   : show(argv[name], kind);
}
