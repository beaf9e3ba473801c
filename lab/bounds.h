/*
 * lab/bounds.h -- theorems and runs: which applies and why another does not, the right-hand
 * side along the rows, the verdict.
 */
#ifndef LAB_BOUNDS_H
#define LAB_BOUNDS_H

#include "lab/experiment.h"
#include "lab/measure.h"

struct lab_inputs;

enum lab_standing { LAB_CERTIFIED, LAB_ESTIMATED, LAB_NOT_APPLICABLE };
enum lab_verdict { LAB_NO_VERDICT, LAB_HOLDS, LAB_VIOLATED, LAB_UNDECIDED };

extern const char *const lab_standing_text[], *const lab_verdict_text[];

/** One theorem about one metric of one arm. */
struct lab_claim {
    size_t arm;
    const struct lab_entry *entry;
    const struct lab_limit *limit;
    enum lab_metric metric; /**< the limit's, or its thinned estimate */
    enum lab_standing status;
    char reason[320];  /**< why not applicable; how the verdict came about */
    const char *takes; /**< "R and G", "constants": it takes from the path; NULL: none */
    double final;      /**< right-hand side at T if known before a run, else NAN */
    size_t period;     /**< rows 1 + k period alone are spoken of; 0: all */
    struct lab_inputs *inputs; /**< of a theorem that watches the run, otherwise NULL */
    size_t watcher;            /**< its number in lab_measure.watcher */

    /* After lab_claim_judge(): */
    enum lab_verdict verdict;
    double tightness, lo, hi;
    bool incomplete;     /**< rows after a seed diverged could not be compared */
    size_t worst_t;      /**< 0: none */
    size_t rows, *t;     /**< the steps of which the theorem speaks */
    double *bound_value; /**< rows: the right-hand side; its mean over seeds on paths */
    double *empirical, *se, *ratio;
};

/** What a theorem may look at of an arm. */
struct lab_course lab_arm_course(const struct lab_experiment *e,
                                 const struct lab_arm *arm);

/** What one theorem says of an arm in one metric; the arm need not be of the config as it stands.
 *  lab_claims_free() frees `claim` as well. */
void lab_claim_make(struct lab_claim *claim, const struct lab_experiment *e,
                    const struct lab_arm *arm, const struct lab_entry *entry,
                    const struct lab_limit *limit);
/** The claims of every bound asked for about an arm, in registry order; *count of them;
 *  lab_claims_free() them. */
struct lab_claim *lab_claims(const struct lab_experiment *e, const struct lab_arm *arm,
                             size_t *count);
/** The watchers that these claims need, for lab_measure; *count of them. */
struct lab_watcher *lab_claims_watchers(struct lab_claim *claims, size_t count,
                                        size_t seeds, size_t rows, size_t *watchers);
void lab_claims_free(struct lab_claim *claims, size_t count);

/** Compares with what was measured; leaves a claim that does not apply, or whose metric
 *  was not measured, without a verdict and says so. */
void lab_claim_judge(struct lab_claim *claim, const struct lab_experiment *e,
                     const struct lab_arm *arm, const struct lab_measure *m);

/** The metrics that an arm has to measure: those asked for, of plots, and of claims. */
void lab_claims_want(const struct lab_experiment *e, const struct lab_arm *arm,
                     const struct lab_claim *claims, size_t count,
                     bool want[LAB_METRICS]);

#endif
