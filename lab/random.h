/*
 * lab/random.h -- independent random streams, one per (seed, replica, purpose).
 *
 * A stream is a sequence of 64-bit words.  gsl_rng_get(), gsl_rng_uniform(), an index and
 * a Gaussian take one word each (an index another one when it is redrawn, which happens
 * with probability below n/2^64), so what is drawn never depends on how the drawing is
 * split into calls: 3 + 5 numbers are the same as 8.  Two words are one Philox block and
 * give one pair of Gaussians; going over from Gaussians to anything else, or back, starts
 * at a fresh block, so that no block serves both.
 */
#ifndef LAB_RANDOM_H
#define LAB_RANDOM_H

#include <gsl/gsl_rng.h>
#include <stdint.h>

/** What a stream is for: arms share each (common random numbers), and none disturbs
 *  another. */
enum lab_purpose {
    LAB_FOR_SAMPLES = 1, /**< data indices */
    LAB_FOR_NOISE,       /**< noise added to gradients */
    LAB_FOR_THINNING,    /**< which step of an interval is looked at */
    LAB_FOR_DATA,        /**< synthetic data; replica 0, seed = data_seed */
    LAB_FOR_ROTATION,    /**< random rotations of a problem */
    LAB_FOR_BOOTSTRAP,   /**< resampling of seeds */
    LAB_FOR_TESTS,
    LAB_FOR_START,     /**< random starts of a problem; replica 0, seed = init_seed */
    LAB_FOR_OPTIMIZER, /**< what an update rule draws itself */
};

/**
 * A generator fit for every gsl_ran_ function: Philox4x32-10 (Salmon et al. 2011), whose
 * key is the seed and whose counter holds replica, purpose and position.  Different
 * (seed, replica, purpose) never overlap: 2^64 blocks of four 32-bit words each.
 * replica < 2^56.  gsl_rng_uniform() has 53 bits.  Its state: about a kilobyte.
 */
gsl_rng *lab_rng_new(uint64_t seed, uint64_t replica, enum lab_purpose purpose);

/** `count` independent uniform indices in 0..n-1, exactly uniform (Lemire 2019);
 *  1 <= n <= 2^32. */
void lab_draw_indices(gsl_rng *rng, uint64_t n, size_t count, uint32_t *index);
/** `count` independent N(0, sigma^2) numbers, by Box & Muller (1958) from 53-bit
 *  uniforms; |number| <= 8.6 sigma. */
void lab_draw_gaussian(gsl_rng *rng, double sigma, size_t count, double *out);

/** A random start: `count` independent N(0, sigma^2) numbers of a stream of its own. */
void lab_draw_start(uint64_t init_seed, double sigma, size_t count, double *x);

/** The block cipher itself, for known answers in tests. */
void lab_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

#endif
