/*
 * lab/noise.h -- random noise that the core adds to the gradient of any problem.
 *
 *   gaussian        g + z          z_j ~ N(0, sigma^2)
 *   rademacher      g + z          z_j = -sigma or sigma, each with probability 1/2
 *   student_t       g + z          z_j = scale times Student's t, `index` degrees of freedom
 *   pareto          g + z          |z_j| = scale U^(-1/index), U uniform on (0,1], random sign
 *   multiplicative  (1 + z) g      z = -sigma or sigma, sigma <= 1: one factor a step
 *
 * All have mean 0; P(|z_j| > u) falls like u^(-index) in the heavy-tailed laws, so that their
 * variance is infinite for index <= 2.  Additive noise gives the sampled loss the term
 * <z, x>, the factor multiplies it: what was convex stays convex, since 1 + z >= 0.
 * In a mini-batch every sample has additive noise of its own, averaged; the factor is one for
 * the whole batch.
 */
#ifndef LAB_NOISE_H
#define LAB_NOISE_H

#include "lab/param.h"
#include "lab/random.h"

enum lab_noise_law {
    LAB_NO_NOISE,
    LAB_GAUSSIAN,
    LAB_RADEMACHER,
    LAB_STUDENT_T,
    LAB_PARETO,
    LAB_MULTIPLICATIVE
};

/** All zero: no noise. */
struct lab_noise {
    enum lab_noise_law law;
    double sigma;        /**< of gaussian, rademacher, multiplicative */
    double scale, index; /**< of student_t, pareto */
};

/** Reads `noise = { type = ...; ... }` (NULL: none). */
void lab_noise_read(struct lab_noise *noise, const struct lab_node *group,
                    struct lab_mistakes *mistakes);
/** The config group it came from, or NULL without noise. */
struct lab_node *lab_noise_write(const struct lab_noise *noise);
/** "gaussian noise, sigma = 0.3", or "none"; free() it. */
char *lab_noise_text(const struct lab_noise *noise);

/** Names and option tables, for `lab show`; ends with a NULL name. */
struct lab_noise_card {
    const char *name, *summary;
    const struct lab_param *params;
};
extern const struct lab_noise_card lab_noise_cards[];

/** True if it adds to the gradient, false if it multiplies it or there is none. */
static inline bool lab_noise_adds(const struct lab_noise *noise)
{
    return noise->law != LAB_NO_NOISE && noise->law != LAB_MULTIPLICATIVE;
}

/** E z_j^2 of one sample; INFINITY if the law has none. */
double lab_noise_variance(const struct lab_noise *noise);
/** Greatest |z_j|; INFINITY if there is none. */
double lab_noise_most(const struct lab_noise *noise);
/** z of an additive law for one step: d numbers, the mean over `batch` samples. */
void lab_noise_draw(const struct lab_noise *noise, gsl_rng *rng, size_t batch, size_t d,
                    double *z);
/** 1 + z of the multiplicative law. */
double lab_noise_factor(const struct lab_noise *noise, gsl_rng *rng);

#endif
