/*
 * tests/helpers.h -- what several test programs share: an experiment from a few lines of
 * config text, its run, and where to find a number in it.
 */
#ifndef LAB_HELPERS_H
#define LAB_HELPERS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/config.h"
#include "lab/runner.h"
#include "tests/lab_test.h"

/** Parts of most configs. */
#define SGD " optimizers = ( { type = 'sgd'; } ); "
#define STEP(eta) " schedules = ( { type = 'constant'; eta = " #eta "; } ); "

/** Reads and opens config text in which ' stands for "; the mistakes are the caller's. */
static inline struct lab_experiment *try_experiment(const char *text,
                                                    struct lab_mistakes *mistakes)
{
    char path[] = "/tmp/lab-test-XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    assert_non_null(file);
    for (const char *c = text; *c; c++)
        putc(*c == '\'' ? '"' : *c, file);
    assert_int_equal(fclose(file), 0);
    struct lab_node *root = lab_config_read(path, mistakes);
    unlink(path);
    struct lab_experiment *e = root ? lab_experiment_read(root, "test", mistakes) : NULL;
    lab_node_free(root);
    if (!mistakes->count)
        lab_experiment_open(e, NULL, mistakes);
    return e;
}

/** The same, printf-like, of text that has no mistake. */
__attribute__((format(printf, 1, 2))) static inline struct lab_experiment *
experiment(const char *format, ...)
{
    char text[4096];
    struct lab_mistakes mistakes = {0};
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    assert_in_range(length, 0, sizeof text - 1);
    struct lab_experiment *e = try_experiment(text, &mistakes);
    for (size_t i = 0; i < mistakes.count; i++)
        print_error("%s\n", mistakes.line[i]);
    assert_int_equal(mistakes.count, 0);
    return e;
}

/** Puts eta_1..eta_T in place of the table of schedule i. */
static inline void set_eta(struct lab_experiment *e, size_t i, const double *eta)
{
    for (size_t k = 0; k < e->schedule[i].tables; k++) {
        lab_steps_free(&e->schedule[i].eta[k]);
        e->schedule[i].eta[k] = lab_steps_new(e->T, eta);
    }
}

/** Every metric that an arm can have will be measured. */
static inline void ask_everything(struct lab_experiment *e)
{
    e->metrics_given = true;
    for (enum lab_metric m = 1; m < LAB_METRICS; m++)
        e->asked[m] = true;
}

/** Runs it; 0: as lab chooses.  lab_run_close(), then lab_experiment_free(). */
static inline struct lab_run *run_with(struct lab_experiment *e, size_t threads,
                                       size_t block)
{
    struct lab_mistakes mistakes = {0};
    struct lab_run *run = lab_run_new(e, &mistakes);
    assert_int_equal(mistakes.count, 0);
    const struct lab_run_options options = {.threads = threads, .block = block};
    assert_int_equal(lab_run_execute(run, &options), 0);
    return run;
}

static inline void close_run(struct lab_run *run)
{
    struct lab_experiment *e = run->e;
    lab_run_close(run);
    lab_experiment_free(e);
}

/** A metric's number of replica r in row k of arm i. */
static inline double measured(const struct lab_run *run, size_t i, enum lab_metric m,
                              size_t r, size_t k)
{
    const struct lab_measure *y = run->arm[i].measure;
    assert_non_null(y->value[m]);
    return y->value[m][r * y->rows + k];
}

/** The claim of that theorem about that metric; fails if there is none. */
static inline const struct lab_claim *claim_about(const struct lab_run *run, size_t i,
                                                  const char *bound, enum lab_metric m)
{
    for (size_t k = 0; k < run->arm[i].claims; k++) {
        const struct lab_claim *c = &run->arm[i].claim[k];
        if (strcmp(c->entry->name, bound) == 0 && (c->metric == m || m == LAB_NO_METRIC))
            return c;
    }
    fail_msg("no claim of %s about %s", bound, lab_metric_cards[m].name);
    return NULL;
}

/** A theorem by name. */
static inline const struct lab_bound *bound_named(const char *name)
{
    const struct lab_entry *entry = lab_find(LAB_KIND_bound, name, NULL);
    assert_non_null(entry);
    return (const struct lab_bound *)entry->plugin;
}

/** Its right-hand side from a GROUP of inputs, which is freed. */
static inline double right_hand_side(const struct lab_bound *b, struct lab_node *inputs)
{
    struct lab_mistakes mistakes = {0};
    struct lab_error err = {""};
    void *self = lab_defaults(&b->base);
    lab_param_fill(b->base.params, self, inputs, NULL, &mistakes);
    for (size_t i = 0; i < mistakes.count; i++)
        print_error("%s\n", mistakes.line[i]);
    assert_int_equal(mistakes.count, 0);
    assert_true(!b->inputs || b->inputs(self, &err) == 0);
    const double rhs = b->rhs(self);
    lab_param_release(b->base.params, self);
    lab_node_free(inputs), free(self);
    return rhs;
}

static inline double dot(size_t d, const double *x, const double *y)
{
    double sum = 0.0;
    for (size_t j = 0; j < d; j++)
        sum += x[j] * y[j];
    return sum;
}

/** ‖x - y‖^2; y = NULL means 0. */
static inline double dist2(size_t d, const double *x, const double *y)
{
    double sum = 0.0;
    for (size_t j = 0; j < d; j++)
        sum += (x[j] - (y ? y[j] : 0.0)) * (x[j] - (y ? y[j] : 0.0));
    return sum;
}

#endif
