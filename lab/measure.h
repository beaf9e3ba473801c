/*
 * lab/measure.h -- the metrics of contract.md, section 2: what each needs while the block
 * runs, and how rows come of it.
 *
 * Raw quantities are gathered per (replica, row) in the hot loop's pauses; every metric is
 * a function of them, taken afterwards.  Full losses are evaluated for many stored points
 * at once.
 */
#ifndef LAB_MEASURE_H
#define LAB_MEASURE_H

#include "lab/block.h"
#include "lab/experiment.h"
#include "lab/watching.h"

struct lab_metric_card {
    const char *name, *label; /**< "avg_regret", "average regret" */
    const char *definition;   /**< at row t, for figures and cards */
    bool needs_minimum;       /**< f_star or x_star */
    bool needs_f;             /**< evaluates f (or grad f) at iterates */
};
extern const struct lab_metric_card lab_metric_cards[LAB_METRICS + 1];

/** The metric of that name, or LAB_NO_METRIC after lab_fail() with the nearest one. */
enum lab_metric lab_metric_find(const char *name, struct lab_error *err);

/**
 * Which metrics an arm can have: NULL if `m` can be measured on problem `p`, else the
 * reason (unknown f_star, f too dear at every step); valid until the problem is freed.
 */
const char *lab_metric_refused(const struct lab_experiment *e,
                               const struct lab_problem_entry *p, enum lab_metric m);

/** Adds a mistake for every metric named in `metrics` or `plots` that no arm can have. */
void lab_measure_check(const struct lab_experiment *e, struct lab_mistakes *mistakes);

/** What one arm measures. */
struct lab_measure {
    const struct lab_experiment *e;
    const struct lab_problem_entry *problem;
    const size_t *t; /**< the steps of the rows */
    size_t rows, seeds;
    bool want[LAB_METRICS]; /**< metrics to deliver */
    double *value
        [LAB_METRICS];   /**< seeds x rows each, replica after replica; of those wanted */
    double *raw[31];     /**< seeds x rows each, see tally.h; NULL: not gathered */
    double *raw_x;       /**< seeds x rows x d; NULL unless asked */
    size_t *diverged;    /**< per replica: step, 0: no */
    size_t *evaluations; /**< per replica: gradients of single samples in all T steps */
    struct lab_watcher
        *watcher; /**< theorems that watch; set by the runner, freed here */
    size_t watchers;
};

/** Allocates for the metrics in `want`. */
struct lab_measure *lab_measure_new(const struct lab_experiment *e,
                                    const struct lab_problem_entry *p, const size_t *t,
                                    size_t rows, const bool want[LAB_METRICS]);
void lab_measure_free(struct lab_measure *m);
/** Bytes that lab_measure_new() would take. */
double lab_measure_bytes(const struct lab_experiment *e,
                         const struct lab_problem_entry *p, size_t rows,
                         const bool want[LAB_METRICS]);

/** Runs replicas first .. first+count-1 of a plan and gathers; thread safe for disjoint
 *  replicas.  `pause` is called between rows; a true return ends it early.  0, or -1 if ended. */
int lab_measure_block(struct lab_measure *m, const struct lab_plan *plan, size_t first,
                      size_t count, bool (*pause)(void *, size_t steps), void *context);

/** Raw quantities -> metrics, once all blocks are done. */
void lab_measure_finish(struct lab_measure *m);

#endif
