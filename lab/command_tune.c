/* lab/command_tune.c -- `lab tune`: the learning rate that minimises a theorem's right-hand side */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/command_config.h"
#include "lab/command_tune.h"
#include "lab/commands.h"

/* ---- arms of a config ------------------------------------------------------ */

/* The limits of a theorem, where they fare alike in the words of one. */
static void tune_limits(struct lab_tune_block *block, const struct lab_experiment *e,
                        const struct lab_arm *arm, const struct lab_entry *bound)
{
    const struct lab_bound *b = (const struct lab_bound *)bound->plugin;
    for (size_t k = 0; k < sizeof b->limits / sizeof *b->limits && b->limits[k].metric;
         k++) {
        struct lab_tune_line *line = &block->line[block->lines];
        const struct lab_tuned *first = &block->line[0].tuned;
        line->metric = lab_metric_cards[b->limits[k].metric].name;
        lab_tune_arm(e, arm, bound, &b->limits[k], &line->tuned);
        if (!block->lines || line->tuned.how != LAB_TUNED_NOT ||
            strcmp(line->tuned.reason, first->reason) != 0)
            block->lines++;
    }
}

/* The steps prescribed for an arm, T of them; NULL with the reason. */
static double *prescribed(const struct lab_experiment *e, const struct lab_arm *arm,
                          const struct lab_entry *bound, struct lab_error *why)
{
    const struct lab_course c = lab_arm_course(e, arm);
    double *eta = lab_alloc(e->T, sizeof *eta);
    if (!lab_prescribed(bound->name, &c, eta, why))
        return eta;
    free(eta);
    return NULL;
}

static void tune_arm(struct lab_tune_report *r, const struct lab_experiment *e,
                     const struct lab_arm *arm)
{
    const struct lab_bound *b = (const struct lab_bound *)r->bound->plugin;
    struct lab_tune_block *block = lab_tune_add(r, lab_arm_label(e, arm));
    lab_tune_rate(block, arm->schedule);
    tune_limits(block, e, arm, r->bound);
    double *eta = b->prescription.formula ? prescribed(e, arm, r->bound, NULL) : NULL;
    for (size_t k = 0; eta && isnan(block->prescribed) &&
                       k < sizeof b->limits / sizeof *b->limits && b->limits[k].metric;
         k++)
        block->prescribed = lab_tune_value(e, arm, r->bound, &b->limits[k], eta, NULL);
    free(eta);
}

/* Why it can be tuned nowhere, and what can. */
static void refuse(const struct lab_tune_report *r, const struct lab_experiment *e,
                   struct lab_mistakes *mistakes)
{
    const struct lab_arm arm = lab_experiment_arm(e, 0);
    lab_mistake(mistakes, NULL, "%s cannot be tuned on any arm:", r->bound->name);
    for (size_t i = 0; i < r->blocks; i++)
        for (size_t k = 0; k < r->block[i].lines; k++)
            lab_mistake(mistakes, NULL, "  arm %zu, %s: %s", i + 1,
                        r->block[i].line[k].metric, r->block[i].line[k].tuned.reason);
    char *others = lab_tune_others(e, &arm);
    if (*others)
        lab_mistake(mistakes, NULL, "  known before a run of arm 1: %s", others);
    free(others);
}

static void tune_config(struct lab_tune_report *r, const char *path, char **override,
                        size_t overrides, bool wants_table, struct lab_mistakes *mistakes)
{
    struct lab_experiment *e = lab_command_config(path, override, overrides, mistakes);
    if (!e)
        return;
    r->T = e->T;
    const size_t arms = lab_experiment_arms(e);
    for (size_t i = 0; i < arms; i++) {
        const struct lab_arm arm = lab_experiment_arm(e, i);
        tune_arm(r, e, &arm);
    }
    if (!lab_tune_any(r))
        refuse(r, e, mistakes);
    if (!mistakes->count && wants_table) {
        const struct lab_arm arm = lab_experiment_arm(e, 0);
        struct lab_error why = {""};
        if (e->problems > 1)
            lab_mistake(mistakes, path,
                        "one table, but %zu problems with constants of "
                        "their own",
                        e->problems);
        else if (!(r->table = prescribed(e, &arm, r->bound, &why)))
            lab_mistake(mistakes, path, "%s", why.text);
    }
    lab_experiment_free(e);
}

/* ---- the command ------------------------------------------------------- */

struct request {
    const char *bound, *table, *config;
    char **override, **given;
    size_t overrides, givens;
    bool json;
};

/* Reports, or says what is wrong: an exit status. */
static int finish(const struct request *q, const struct lab_tune_report *r,
                  struct lab_mistakes *mistakes)
{
    struct lab_error err = {""};
    if (mistakes->count) {
        lab_print_mistakes(mistakes);
        return LAB_EXIT_USAGE;
    }
    if (q->table && lab_tune_write(r, q->table, &err)) {
        lab_complain("%s", err.text);
        return LAB_EXIT_FAILED;
    }
    if (q->json)
        lab_tune_json(r);
    else
        lab_tune_print(r);
    return LAB_EXIT_DONE;
}

static int tune(const struct request *q)
{
    struct lab_error err = {""};
    struct lab_mistakes mistakes = {0};
    struct lab_tune_report r = {.bound = lab_find(LAB_KIND_bound, q->bound, &err)};
    if (!r.bound || (q->table && lab_prescribes(q->bound, &err))) {
        lab_complain("%s", err.text);
        return LAB_EXIT_USAGE;
    }
    if (q->config)
        tune_config(&r, q->config, q->override, q->overrides, q->table != NULL,
                    &mistakes);
    else
        lab_tune_given(&r, q->given, q->givens, q->table != NULL, &mistakes);
    if (!q->config && !mistakes.count && !lab_tune_any(&r))
        lab_mistake(&mistakes, r.bound->name, "%s", r.block[0].line[0].tuned.reason);
    const int status = finish(q, &r, &mistakes);
    lab_tune_free(&r);
    lab_mistakes_free(&mistakes);
    return status;
}

/* Operands: one CONFIG, or else nothing but KEY=VALUE.  0, or -1 after a complaint. */
static int read_operands(struct request *q, char **operand, size_t count)
{
    if (!q->bound) {
        lab_complain("no theorem is named: --bound NAME; see `lab list bounds`");
        return -1;
    }
    if (count && !strchr(operand[0], '=')) {
        q->config = operand[0];
        if (count == 1)
            return 0;
        lab_complain(
            "one config, and then no '%.60s': -o KEY=VALUE overrides its settings",
            operand[1]);
        return -1;
    }
    q->given = operand, q->givens = count;
    if (count && !q->overrides)
        return 0;
    lab_complain(count ? "-o changes a config, and none is named"
                       : "no config is named, and no inputs are given");
    return -1;
}

int lab_command_tune(int argc, char **argv)
{
    enum { JSON = LAB_OPTION_OWN, BOUND };
    static const struct option names[] = {{"bound", required_argument, NULL, BOUND},
                                          {"json", no_argument, NULL, JSON},
                                          LAB_COMMON_OPTIONS,
                                          {0}};
    struct request q = {.override = lab_alloc((size_t)argc, sizeof *q.override)};
    int c, status = -1;
    while (status < 0 && (c = getopt_long(argc, argv, "o:O:h", names, NULL)) != -1)
        switch (c) {
        case BOUND: q.bound = optarg; break;
        case 'O': q.table = optarg; break;
        case JSON: q.json = true; break;
        case 'o': q.override[q.overrides++] = optarg; break;
        default: status = lab_common_option("tune", c);
        }
    if (status < 0 && read_operands(&q, argv + optind, (size_t)(argc - optind)))
        status = lab_usage("tune", false);
    if (status < 0)
        status = tune(&q);
    free(q.override);
    return status;
}
