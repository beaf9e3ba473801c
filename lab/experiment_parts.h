/*
 * lab/experiment_parts.h -- what the files of experiment.h share; nobody else includes
 * it.
 *
 *   experiment_read.c     the top level and its lists of names
 *   experiment_entries.c  problems, optimizers, schedules: labels and options
 *   experiment_sweep.c    lists where one number is meant
 *   experiment.c          from text to numbers; arms and rows
 *   experiment_write.c    the effective config
 */
#ifndef LAB_EXPERIMENT_PARTS_H
#define LAB_EXPERIMENT_PARTS_H

#include "lab/experiment.h"

enum { LAB_MOST_ARMS = 10000 };

/** `start` of a problem; owner: struct lab_problem_entry. */
extern const struct lab_param lab_start_params[];

/** What the variants of one entry add to its label. */
struct lab_suffix {
    char *swept;  /**< " eta=0.1 noise.sigma=2" */
    char *nested; /**< " noise.sigma=2": those inside domain and noise */
};
/** One config entry with each combination of the numbers its lists offer, last list
 *  fastest. */
struct lab_variants {
    struct lab_node **node; /**< its parent is that of the entry, for paths in messages */
    struct lab_suffix *suffix;
    size_t count;
    double nodes; /**< of all trees in `node` */
};
/** The variants of an entry, itself if it has no sweep.  -1 and none if they are absurdly
 *  many. */
int lab_variants_of(const struct lab_plugin *plugin, const struct lab_node *group,
                    struct lab_variants *v);
void lab_variants_free(struct lab_variants *v);

/** A number as people write it: 20 and 0.1, not 2e+01 and 0.10000000000000001; free() it.
 */
char *lab_number_text(const struct lab_node *number);

/** Reads the list of one kind into `e`, sweeps expanded. */
void lab_experiment_read_entries(struct lab_experiment *e, struct lab_node *root,
                                 enum lab_kind kind, struct lab_mistakes *mistakes);

#endif
