/*
 * lab/tune.h -- the learning rate that minimises the right-hand side of a theorem.
 *
 * All of a schedule's eta_t, warm-up included, are multiplied by one factor: it is linear in its
 * base rate.
 */
#ifndef LAB_TUNE_H
#define LAB_TUNE_H

#include "lab/bounds.h"

/** A right-hand side as a function of the factor; NAN after lab_fail() where the theorem does not
 *  apply.  `at` is called with `context`. */
struct lab_rhs {
    double (*at)(void *context, double factor, struct lab_error *why);
    void *context;
};

enum lab_tuning {
    LAB_TUNED_NOT, /**< no factor was found with which the theorem applies: see `reason` */
    LAB_TUNED_CLOSED, /**< rhs = a/factor + b factor + c: the minimum is at sqrt(a/b) */
    LAB_TUNED_SEARCH, /**< a minimum between two powers of 2, by Brent's method */
    LAB_TUNED_EDGE, /**< the rhs is least at the edge of what the theorem allows: `reason` */
    LAB_TUNED_ONE,    /**< the theorem allows this factor alone */
    LAB_TUNED_FLAT,   /**< the rhs does not depend on the factor, which is NAN */
    LAB_TUNED_ENDLESS /**< the rhs falls as far as one looks: there is no minimum */
};
/** "closed form", "search", ... */
extern const char *const lab_tuning_text[];

struct lab_tuned {
    enum lab_tuning how;
    double factor,
        value;    /**< where the rhs is least, and what it is there; NAN: there is none */
    double given; /**< the rhs at factor 1; NAN: the theorem does not apply there */
    bool estimated;   /**< of an arm: a constant is measured, or the metric an estimate */
    char reason[320]; /**< why not; at an edge, what is said on the other side of it */
    char refused[320]; /**< why the theorem does not apply at factor 1 */
};

/** Looks for the best factor: powers of 2 first, then around the best of them.  `hint`: a factor
 *  that may be the only one allowed; NAN: there is none. */
void lab_tune(const struct lab_rhs *rhs, double hint, struct lab_tuned *best);

/** The same for what a theorem says of an arm in one metric. */
void lab_tune_arm(const struct lab_experiment *e, const struct lab_arm *arm,
                  const struct lab_entry *bound, const struct lab_limit *limit,
                  struct lab_tuned *best);
/** The right-hand side of the arm with eta_1..eta_T instead of its own learning rates. */
double lab_tune_value(const struct lab_experiment *e, const struct lab_arm *arm,
                      const struct lab_entry *bound, const struct lab_limit *limit,
                      const double *eta, struct lab_error *why);
/** The theorems that have a right-hand side of this arm before a run, "a, b, c"; "": none.
 *  free() it. */
char *lab_tune_others(const struct lab_experiment *e, const struct lab_arm *arm);

#endif
