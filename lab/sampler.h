/*
 * lab/sampler.h -- which data points a replica sees: one stream of indices per replica.
 *
 *   iid                  each index uniform, independent of all others
 *   reshuffle            a permutation of all n, then a fresh one, and so on
 *   shuffle_once         one permutation, again and again
 *   cyclic               0, 1, ..., n-1, again and again: nothing is random
 *   without_replacement  each mini-batch a fresh uniform subset of `batch` <= n points
 *   importance           each index independent of all others, i with probability p_i
 *
 * A mini-batch takes the next `batch` indices of the stream, also across the end of a
 * permutation; so every n indices of a permuting scheme hold each point exactly once.
 */
#ifndef LAB_SAMPLER_H
#define LAB_SAMPLER_H

#include <gsl/gsl_randist.h>

#include "lab/random.h"

enum lab_sampling {
    LAB_IID,
    LAB_RESHUFFLE,
    LAB_SHUFFLE_ONCE,
    LAB_CYCLIC,
    LAB_WITHOUT_REPLACEMENT,
    LAB_IMPORTANCE
};

/** "iid|reshuffle|...", the order of the enum. */
#define LAB_SAMPLINGS "iid|reshuffle|shuffle_once|cyclic|without_replacement|importance"
/** The one a word of that list names. */
enum lab_sampling lab_sampling_named(const char *word);

/**
 * Importance sampling: data point i is drawn with probability p_i, and its loss l_i counts
 * w_i = 1/(n p_i) times, so that the mean of w_i l_i + rest is f.  Points with p_i = 0 are
 * never drawn: their losses are constant, and `rest` makes up for them.
 */
struct lab_odds {
    size_t n;
    double *p, *weight;        /**< sum p_i = 1; w_i, 0 where p_i = 0 */
    double rest;               /**< (1/n) sum of the l_i with p_i = 0 */
    gsl_ran_discrete_t *table; /**< read only: shared by all samplers */
};

/** From n probabilities, which are copied; rest = 0. */
struct lab_odds *lab_odds_new(size_t n, const double *p);
void lab_odds_free(struct lab_odds *odds);

struct lab_sampler;

/** For n data points in batches of `batch`; takes over `rng`.  `odds`: borrowed, of importance
 *  sampling only. */
struct lab_sampler *lab_sampler_new(enum lab_sampling sampling, gsl_rng *rng, size_t n,
                                    size_t batch, const struct lab_odds *odds);
void lab_sampler_free(struct lab_sampler *s);
/** The next `batches` mini-batches: batches x batch indices. */
void lab_sampler_draw(struct lab_sampler *s, size_t batches, uint32_t *index);

#endif
