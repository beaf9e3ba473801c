/*
 * lab/block.h -- replicas of one arm, advanced together.
 *
 * The unit of work and of parallelism: a thread owns a block and takes it from step 1 to
 * T without talking to anyone.  A replica gets the same random numbers and the same
 * arithmetic whatever block it falls into, so results depend neither on the block size
 * nor on the number of threads.
 */
#ifndef LAB_BLOCK_H
#define LAB_BLOCK_H

#include "lab/plugin.h"
#include "lab/sampler.h"

struct lab_block;

/** What is run; borrowed by blocks. */
struct lab_plan {
    const struct lab_problem *problem;
    const void *problem_self;
    const struct lab_facts *facts;
    const struct lab_domain *domain;
    const double *loss_star; /**< n sampled losses at x*, weighted; NULL: not known */
    const double *loss_low;  /**< infima of those losses; NULL: not needed */
    const struct lab_noise *noise;
    const struct lab_optimizer *optimizer;
    const void *optimizer_self;
    const double *eta; /**< eta[t-1] is eta_t, t = 1..T */
    size_t T, batch;   /**< batch 0: the whole sum, nothing is sampled */
    enum lab_sampling sampling;
    const struct lab_odds *odds; /**< of importance sampling; NULL: all weights are 1 */
    uint64_t seed;
};

/** Called once a step, after g_t is known and before x changes. */
struct lab_observer {
    void (*see)(void *self, const struct lab_moment *m);
    void *self;
    bool losses; /**< it looks at m->loss */
};

/** Replicas first .. first+count-1 at x_1. */
struct lab_block *lab_block_new(const struct lab_plan *plan, size_t first, size_t count,
                                const struct lab_observer *observers, size_t observed);
void lab_block_free(struct lab_block *block);

/** Runs steps until the block stands at x_t (so t - 1 steps are done), t <= T + 1. */
void lab_block_advance(struct lab_block *block, size_t t);

/** The iterates x_t the block stands at: count x d. */
const double *lab_block_x(const struct lab_block *block);

/** Gradients of single samples that replica r has taken so far: a mini-batch counts `batch`, a
 *  full gradient n, a gradient of an f without samples 1. */
size_t lab_block_evaluations(const struct lab_block *block, size_t r);

/** The step whose update made replica r of the block non-finite or ‖x‖ > 1e150; 0: none. */
size_t lab_block_diverged(const struct lab_block *block, size_t r);

#endif
