/*
 * lab/sampler.h -- which data points a replica sees: one stream of indices per replica.
 *
 *   iid                  each index uniform, independent of all others
 *   reshuffle            a permutation of all n, then a fresh one, and so on
 *   shuffle_once         one permutation, again and again
 *   cyclic               0, 1, ..., n-1, again and again: nothing is random
 *   without_replacement  each mini-batch a fresh uniform subset of `batch` <= n points
 *
 * A mini-batch takes the next `batch` indices of the stream, also across the end of a
 * permutation; so every n indices of a permuting scheme hold each point exactly once.
 */
#ifndef LAB_SAMPLER_H
#define LAB_SAMPLER_H

#include "lab/random.h"

enum lab_sampling {
    LAB_IID,
    LAB_RESHUFFLE,
    LAB_SHUFFLE_ONCE,
    LAB_CYCLIC,
    LAB_WITHOUT_REPLACEMENT
};

/** "iid|reshuffle|...", the order of the enum. */
#define LAB_SAMPLINGS "iid|reshuffle|shuffle_once|cyclic|without_replacement"
/** The one a word of that list names. */
enum lab_sampling lab_sampling_named(const char *word);

struct lab_sampler;

/** For n data points in batches of `batch`; takes over `rng`. */
struct lab_sampler *lab_sampler_new(enum lab_sampling sampling, gsl_rng *rng, size_t n,
                                    size_t batch);
void lab_sampler_free(struct lab_sampler *s);
/** The next `batches` mini-batches: batches x batch indices. */
void lab_sampler_draw(struct lab_sampler *s, size_t batches, uint32_t *index);

#endif
