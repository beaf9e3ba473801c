/*
 * lab/runner.h -- arms x blocks of seeds x threads.
 */
#ifndef LAB_RUNNER_H
#define LAB_RUNNER_H

#include <signal.h>
#include <time.h>

#include "lab/bounds.h"
#include "lab/rate.h"

struct lab_arm_run {
    struct lab_arm arm;
    struct lab_claim *claim;
    size_t claims;
    struct lab_measure *measure;
    struct lab_rate rate[LAB_METRICS]; /**< once run: of the metrics measured */
};

struct lab_run {
    struct lab_experiment *e; /**< borrowed; opened */
    size_t *t, rows;          /**< the steps that have a row */
    struct lab_arm_run *arm;
    size_t arms;
    time_t started;
    double wall_seconds;
    size_t threads;
};

struct lab_run_options {
    size_t threads; /**< 0: as many as this process may use */
    size_t block;   /**< replicas in a block; 0: chosen */
    bool progress;  /**< a bar on stderr */
};

/** Set by a signal handler: the run ends soon, with -1. */
extern volatile sig_atomic_t lab_interrupted;
/** Set while configs are read and problems solved, before anything is written: a signal
 *  ends the process at once. */
extern volatile sig_atomic_t lab_preparing;

/** Decides what every arm measures and claims.  A mistake if that needs more than the
 *  machine's memory. */
struct lab_run *lab_run_new(struct lab_experiment *e, struct lab_mistakes *mistakes);
/** Runs everything and judges the claims.  0, or -1 if interrupted. */
int lab_run_execute(struct lab_run *run, const struct lab_run_options *options);
void lab_run_close(struct lab_run *run);

/** The rate of a metric that the arm has measured, on rows from <= t <= to (0: as
 *  lab_rate() says). */
struct lab_rate lab_run_rate(const struct lab_run *run, const struct lab_arm_run *a,
                             enum lab_metric metric, size_t from, size_t to);
/** That of a theorem's right-hand side over the window of a rate; NAN: none. */
double lab_claim_slope(const struct lab_claim *claim, const struct lab_rate *rate);

/** Seeds of an arm that diverged, and the first step at which one did (0: none). */
size_t lab_run_diverged(const struct lab_arm_run *arm, size_t *first);

#endif
