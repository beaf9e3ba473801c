/*
 * lab/sum.h -- finite sums of losses that are no linear models: one function of one sample
 * makes the three methods of a problem.
 *
 *     f(x) = (1/n) sum_i l_i(x)
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
};

/* Methods of a problem for that sum; see plugin.h. */
void lab_sum_gradient(const struct lab_sum *sum, const void *self,
                      const struct lab_sample *sample, size_t replicas, const double *x,
                      double *g, double *loss);
void lab_sum_objective(const struct lab_sum *sum, const void *self, size_t count,
                       const double *x, double *f, double *g);
void lab_sum_components(const struct lab_sum *sum, const void *self, const double *x,
                        double *loss, double *grad2);

/** L, L_max, G, G2 and sigma2 are not known, for one reason; nor is mu: f is not convex. */
void lab_sum_unknown(struct lab_facts *facts, const char *why);

/**
 * Defines gradient(), objective() and components() of a plug-in from its function `one` and
 * two expressions in p, its own struct: how many losses, how many dimensions.
 */
#define LAB_SUM(owner, one, losses, dimensions)                                          \
    static struct lab_sum sum_of(const owner *p)                                         \
    {                                                                                    \
        (void)p;                                                                         \
        return (struct lab_sum){losses, dimensions, one};                                \
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
    }                                                                                    \
    static void components(const void *self, const double *x, double *loss,              \
                           double *grad2)                                                \
    {                                                                                    \
        const struct lab_sum sum = sum_of(self);                                         \
        lab_sum_components(&sum, self, x, loss, grad2);                                  \
    }

#endif
