/*
 * lab/importance.h -- importance sampling: which data points are drawn more often than
 * others, and what that makes of the constants of a problem.
 *
 *   p_i ~ L_i      smoothness of sampled loss i: L_max becomes the mean (Needell, Srebro & Ward
 *                  2014; for least squares ‖a_i‖^2, Strohmer & Vershynin 2009)
 *   p_i ~ ‖a_i‖    what gradients are proportional to: least variance for a given norm
 *                  (Zhao & Zhang 2015)
 *   p_i            as given
 *
 * each mixed with the uniform distribution, p_i <- (1 - s) p_i + s/n, which keeps all weights
 * w_i = 1/(n p_i) below 1/s (Needell, Srebro & Ward 2014).
 */
#ifndef LAB_IMPORTANCE_H
#define LAB_IMPORTANCE_H

#include "lab/experiment.h"

/** What the sum of probabilities that are given may differ from 1: they may have been written
 *  with a few digits. */
#define LAB_ODDS_SLACK 1e-6

/** What probabilities are made of. */
struct lab_importance {
    enum lab_size by;
    const struct lab_vector *given; /**< rules over `by`; NULL: not given */
    double uniform;                 /**< s */
};

/** As the top level of a config says. */
struct lab_importance lab_importance_of(const struct lab_experiment *e);

/** Sets the odds of an open problem whose domain and x_1 are known.  0, or lab_fail(). */
int lab_importance_open(struct lab_problem_entry *p, const struct lab_importance *how,
                        struct lab_error *err);

/** -1 with the reason if a data point that is never drawn has grad2[i] = ‖grad l_i‖^2 > 0
 *  somewhere: its gradient would be missing. */
int lab_importance_misses(const struct lab_problem_entry *p, const double *grad2,
                          struct lab_error *err);

/** L_max, G, G2 and sigma2 of the losses w_i l_i, from those of l_i. */
void lab_importance_weigh(struct lab_problem_entry *p);

/** "p_i from 0.01 to 0.2, weights up to 5"; free() it. */
char *lab_importance_text(const struct lab_odds *odds);

#endif
