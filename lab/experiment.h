/*
 * lab/experiment.h -- a config as plain structs: problems x optimizers x schedules =
 * arms.
 *
 * Two stages: lab_experiment_read() checks everything the text can tell (names, ranges,
 * sweeps), lab_experiment_open() loads data, tabulates schedules and establishes facts.
 */
#ifndef LAB_EXPERIMENT_H
#define LAB_EXPERIMENT_H

#include "lab/registry.h"
#include "lab/sampler.h"

/** One problem of the cross product: a sweep makes several of one config entry. */
struct lab_problem_entry {
    char *label, *where;
    const char *type;
    const struct lab_problem *problem;
    void *self; /**< its options and, once open, its data */
    struct lab_domain domain;
    struct lab_noise noise;
    struct lab_vector start; /**< x_1; not set: the problem's own */
    struct lab_facts facts;  /**< once open */
    struct lab_odds *odds;   /**< once open, with importance sampling; NULL: uniform */
    double *loss_star;  /**< once open: n sampled losses at x*; NULL: none or unknown */
    double *loss_low;   /**< their infima, where an optimizer needs them; NULL: unknown */
    bool sound, opened; /**< no mistake so far; open */
};

struct lab_optimizer_entry {
    char *label, *where;
    const char *type;
    const struct lab_optimizer *optimizer;
    void *self;
};

struct lab_schedule_entry {
    char *label, *where;
    const char *type;
    const struct lab_schedule *schedule;
    void *self;
    size_t warmup;
    bool sound, opened;    /**< read without a mistake; open */
    struct lab_steps *eta; /**< once open: the table, or one per problem */
    size_t tables;
};

struct lab_plot {
    enum lab_metric metric;
    enum lab_metric against; /**< the horizontal axis; LAB_NO_METRIC: t */
    const char *x, *y;       /**< "log" or "linear" */
};

struct lab_experiment {
    /* Filled by its option table: the top level of a config. */
    const char *name, *title, *about, *sampling, *importance;
    size_t T, seeds, seed, batch; /**< batch = 0: the whole sum, "full" in a config */
    size_t checkpoints, every;    /**< every = 0: checkpoints */
    double importance_uniform, average_alpha, average_beta;
    struct lab_vector probabilities;
    bool raw, raw_x, slack;

    struct lab_problem_entry *problem;
    struct lab_optimizer_entry *optimizer;
    struct lab_schedule_entry *schedule;
    size_t problems, optimizers, schedules;
    const struct lab_entry **bound; /**< those asked for */
    size_t bounds;
    bool bounds_all;         /**< `bounds = ("all")` */
    bool asked[LAB_METRICS]; /**< listed in `metrics` */
    bool metrics_given;
    struct lab_plot *plot;
    size_t plots;
    struct lab_node *expect; /**< checked, kept as written; NULL: none */
};

/** An arm: one cell of the cross product, numbered from 1 with schedules fastest. */
struct lab_arm {
    size_t number;
    struct lab_problem_entry *problem;
    struct lab_optimizer_entry *optimizer;
    struct lab_schedule_entry *schedule;
    const struct lab_steps *eta; /**< the schedule's on this problem; NULL: not open */
};

/** Reads a settings tree.  `fallback_name` serves when the config has no `name`.
 *  Always returns an experiment to free; usable only if no mistake was added. */
struct lab_experiment *lab_experiment_read(struct lab_node *root,
                                           const char *fallback_name,
                                           struct lab_mistakes *mistakes);
/** Opens problems, solves for their minima, tabulates schedules.  Minima may take minutes:
 *  `announce`, unless NULL, is called with the label of such a problem. */
void lab_experiment_open(struct lab_experiment *e, void (*announce)(const char *label),
                         struct lab_mistakes *mistakes);
/** The part of opening that takes no time, of what was read well: with mistakes elsewhere
 *  it says in the same go that a data set is missing or a formula wrong.  Then only free() it. */
void lab_experiment_probe(struct lab_experiment *e, struct lab_mistakes *mistakes);
void lab_experiment_free(struct lab_experiment *e);
/** An experiment of nothing but schedules, tabulated for T steps, of a tree that has the list
 *  `schedules`.  One that looks at facts has no table. */
struct lab_experiment *lab_experiment_schedules(struct lab_node *root, size_t T,
                                                struct lab_mistakes *mistakes);
/** Closes a problem and frees what its entry owns, not the entry. */
void lab_problem_entry_free(struct lab_problem_entry *p);

size_t lab_experiment_arms(const struct lab_experiment *e);
/** Arm i = 0.. (its number is i + 1). */
struct lab_arm lab_experiment_arm(const struct lab_experiment *e, size_t i);
/** "PROBLEM · OPTIMIZER · SCHEDULE", only the parts in which arms differ; free() it. */
char *lab_arm_label(const struct lab_experiment *e, const struct lab_arm *arm);

/** The effective config: every default and override written out, sweeps expanded. Reading
 *  it again gives the same experiment. */
struct lab_node *lab_experiment_write(const struct lab_experiment *e);

/** The top-level options and those of every schedule, for cards. */
extern const struct lab_param lab_experiment_params[], lab_warmup_params[],
    lab_plot_params[];

/** Steps at which rows are written, ascending, with 1, T and schedule kinks; *rows of
 *  them; free() it. */
size_t lab_distinct(size_t *t,
                    size_t count); /**< sorts, removes doubles: how many stay */
size_t *lab_experiment_rows(const struct lab_experiment *e, size_t *rows);

enum { LAB_MOST_KINKS = 64 }; /**< of a schedule: stairs may be as many as steps */
/** Steps to be seen on a schedule, warm-up included, at most LAB_MOST_KINKS of them; their
 *  number. */
size_t lab_schedule_kinks(const struct lab_schedule_entry *s, size_t T, size_t *t);

#endif
