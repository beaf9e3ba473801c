/* lab/command_show.c -- `lab show`: cards, all from the plug-ins */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/commands.h"
#include "lab/data.h"
#include "lab/experiment.h"
#include "lab/expect.h"
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

/* "a|b" as "a, b" */
static void print_methods(const char *methods)
{
    char *words = lab_alloc(2 * strlen(methods) + 1, 1), *to = words;
    for (const char *from = methods; *from; from++) {
        *to++ = *from == '|' ? ',' : *from;
        if (*from == '|')
            *to++ = ' ';
    }
    lab_report_paragraph(stdout, words, 12);
    free(words);
}

/* Where G is that of a mean, sqrt(G2) will do; inputs.c takes the first limit that knows it. */
static void print_prescription(const struct lab_bound *b)
{
    bool G = false, mean = false;
    for (size_t i = 0; i < 4 && b->prescription.facts[i]; i++)
        G |= strcmp(b->prescription.facts[i], "G") == 0;
    for (size_t i = 0; i < 4 && b->limits[i].metric; i++)
        if (!b->limits[i].realised) {
            mean = b->limits[i].mode != LAB_PATH;
            break;
        }
    printf("\nprescribes (schedule theory)\n  ");
    lab_report_paragraph(stdout, b->prescription.formula, 2);
    if (G)
        printf("  G: the fact %s\n", mean ? "sqrt(G2), as means are bounded; `lab check` "
                                            "prints the rates"
                                          : "G, else sqrt(G2)");
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
                                        "nothing is random but additive noise",
                                        "points one by one, in random permutations",
                                        "every sampled loss is strongly convex",
                                        "all data points are drawn alike"};
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
    if (b->watch.rhs)
        printf("  the formula takes what it needs of the path\n");
    if (b->lag)
        printf("  row t is the formula at T = t - %zu\n", b->lag);
    printf("\nassumes\n  optimizer ");
    print_methods(b->method ? b->method : "any");
    printf("  eta_t > 0\n");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (b->assumes & 1u << i)
            printf("  %s\n", words[i]);
    if (b->prescription.formula)
        print_prescription(b);
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

static void print_demand(bool made, const char *text)
{
    if (!made)
        return;
    fputs("  ", stdout);
    lab_report_paragraph(stdout, text, 4);
}

/* What an optimizer asks of a problem, as far as it is known by its fields. */
static void print_demands(const struct lab_optimizer *o)
{
    const bool data = o->check == lab_needs_data || o->check == lab_needs_smooth_data,
               smooth = o->check == lab_needs_smooth || o->check == lab_needs_smooth_data,
               points = o->table || o->check == lab_needs_points,
               simplex = o->check == lab_needs_simplex;
    if (!o->check && !o->table && !o->prox && !o->infima)
        return;
    printf("\nneeds\n");
    print_demand(data, "data points: a finite sum");
    print_demand(points, "data points, batch = 1, sampling other than importance");
    print_demand(o->table,
                 "memory: d numbers for every data point and every seed at work, in "
                 "all at most a quarter of the machine's");
    print_demand(smooth, "a smooth f: problems with a part h that has kinks (lasso) are "
                         "refused");
    print_demand(o->prox,
                 "where f = s + h: no domain or a box; gradients are those of s, h goes "
                 "by its prox");
    print_demand(o->infima,
                 "the infimum of every sampled loss, where that is known; no noise; "
                 "mini-batches only if one x minimises all losses");
    print_demand(simplex, "domain = { type = \"simplex\"; }, a start inside");
    print_demand(o->check && !data && !points && !smooth && !simplex,
                 "more, which `lab check CONFIG` says where it is not met");
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
    if (e->kind == LAB_KIND_optimizer)
        print_demands((const struct lab_optimizer *)e->plugin);
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
        {"metrics",
         "( \"NAME\", ... ); unless given what bounds and plots of any arm need, "
         "in every arm"},
        {"plots",
         "( { metric = \"NAME\"; x = \"log\"; y = \"log\"; }, ... ); one per bounded "
         "metric unless given"},
        {"expect", "( { arm = 1; bound = \"NAME\"; verdict = \"holds\"; }, ... )"}};
    names[(*count)++] = "config";
    names[(*count)++] = "noise";
    names[(*count)++] = "plots";
    names[(*count)++] = "expect";
    if (strcmp(name, "noise") == 0) {
        show_noise();
        return true;
    }
    if (strcmp(name, "plots") == 0 || strcmp(name, "expect") == 0) {
        printf("%s (a list at the top level of a config)\n", name);
        print_options("of an entry", *name == 'p' ? lab_plot_params : lab_expect_params);
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
    print_options("of an entry of plots", lab_plot_params);
    print_options("of an entry of expect", lab_expect_params);
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
    for (const struct lab_entry *e = lab_registry; kind == ANYTHING && e->name; e++)
        if (strcmp(e->name, name) == 0)
            lab_fail(&err, "%s is a %s: only a schedule takes options here", name,
                     lab_kind_name[e->kind]);
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
