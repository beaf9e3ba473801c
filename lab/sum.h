/*
 * lab/sum.h -- finite sums of losses that are no linear models: one function of one sample
 * makes the three methods of a problem.
 *
 *     f(x) = (1/n) sum_i l_i(x) + (l2/2) ‖x‖^2
 *
 * See problems/phase_retrieval.c.
 */
#ifndef LAB_SUM_H
#define LAB_SUM_H

#include "lab/plugin.h"

/** What the methods work on: l_i(x), and `weight` times its gradient added to g unless NULL. */
struct lab_sum {
    size_t n, d;
    double (*one)(const void *self, size_t i, double weight, const double *x, double *g);
    double l2;
};

/* Methods of a problem for that sum; see plugin.h. */
void lab_sum_gradient(const struct lab_sum *sum, const void *self,
                      const struct lab_sample *sample, size_t replicas, const double *x,
                      double *g, double *loss);
void lab_sum_objective(const struct lab_sum *sum, const void *self, size_t count,
                       const double *x, double *f, double *g);
void lab_sum_components(const struct lab_sum *sum, const void *self, const double *x,
                        double *loss, double *grad2);

/** What limits sampled Hessians and gradients over a domain: mean and maximum of the first,
 *  maximum and mean square of the second. */
struct lab_sum_bound {
    double L, L_max, G, G2;
};

/** Takes in one more sample of n. */
static inline void lab_sum_widen(struct lab_sum_bound *b, size_t n, double curvature,
                                 double slope)
{
    b->L += curvature / (double)n, b->L_max = fmax(b->L_max, curvature);
    b->G2 += slope * slope / (double)n, b->G = fmax(b->G, slope);
}

/** L, L_max, G, G2 and sigma2 <= G2, all "at most", if finite; `how`: "by ‖a_i‖ and max ‖x‖". */
void lab_sum_know(const struct lab_sum_bound *b, const char *how,
                  struct lab_facts *facts);

/** L, L_max, G, G2 and sigma2 are not known, for one reason; nor is mu: f is not convex. */
void lab_sum_unknown(struct lab_facts *facts, const char *why);

/**
 * Defines gradient(), objective() and components() of a plug-in from its function `one` and
 * two expressions in p, its own struct: how many losses, how many dimensions.
 */
#define LAB_SUM(owner, one, losses, dimensions)                                          \
    LAB_SUM_RIDGE(owner, one, losses, dimensions, 0.0)
/** The same with a third expression, l2. */
#define LAB_SUM_RIDGE(owner, one, losses, dimensions, l2)                                \
    LAB_SUM_BUT_COMPONENTS(owner, one, losses, dimensions, l2)                           \
    static void components(const void *self, const double *x, double *loss,              \
                           double *grad2)                                                \
    {                                                                                    \
        const struct lab_sum sum = sum_of(self);                                         \
        lab_sum_components(&sum, self, x, loss, grad2);                                  \
    }
/** The first two only, for a problem whose sampled gradients have few entries. */
#define LAB_SUM_BUT_COMPONENTS(owner, one, losses, dimensions, l2)                       \
    static struct lab_sum sum_of(const owner *p)                                         \
    {                                                                                    \
        (void)p;                                                                         \
        return (struct lab_sum){losses, dimensions, one, l2};                            \
    }                                                                                    \
    static void gradient(const void *self, const struct lab_sample *sample,              \
                         size_t replicas, const double *x, double *g, double *loss)      \
    {                                                                                    \
        const struct lab_sum sum = sum_of(self);                                         \
        lab_sum_gradient(&sum, self, sample, replicas, x, g, loss);                      \
    }                                                                                    \
    static void objective(const void *self, size_t count, const double *x, double *f,    \
                          double *g)                                                     \
    {                                                                                    \
        const struct lab_sum sum = sum_of(self);                                         \
        lab_sum_objective(&sum, self, count, x, f, g);                                   \
    }

#endif
