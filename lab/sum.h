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

/** L_i, ‖a_i‖ and G_i of sample i, in the order of enum lab_size; NAN: there is none. */
struct lab_sum_sizes {
    size_t n;
    void (*of)(const void *self, const struct lab_domain *C, size_t i, double size[3]);
};

/** L, L_max, G, G2 and sigma2 <= G2, all "at most", if C is bounded and they are finite; `how`:
 *  "by ‖a_i‖ and max ‖x‖". */
void lab_sum_know(const struct lab_sum_sizes *sizes, const void *self,
                  const struct lab_domain *C, const char *how, struct lab_facts *facts);
/** What sizes() of a problem returns; see plugin.h. */
int lab_sum_size(const struct lab_sum_sizes *sizes, const void *self, enum lab_size what,
                 const struct lab_domain *C, double *size, struct lab_error *why);

/** L, L_max, G, G2 and sigma2 are not known, for one reason; nor is mu: f is not convex. */
void lab_sum_unknown(struct lab_facts *facts, const char *why);

/** Defines sizes() of a plug-in, and know_sizes(), which is lab_sum_know(), from its function `of`
 *  and an expression in p, how many losses. */
#define LAB_SUM_SIZES(owner, of, losses)                                                 \
    static struct lab_sum_sizes sizes_of(const owner *p)                                 \
    {                                                                                    \
        return (struct lab_sum_sizes){losses, of};                                       \
    }                                                                                    \
    static void know_sizes(const owner *p, const struct lab_domain *C, const char *how,  \
                           struct lab_facts *facts)                                      \
    {                                                                                    \
        const struct lab_sum_sizes all = sizes_of(p);                                    \
        lab_sum_know(&all, p, C, how, facts);                                            \
    }                                                                                    \
    static int sizes(const void *self, enum lab_size what, const struct lab_domain *C,   \
                     double *size, struct lab_error *why)                                \
    {                                                                                    \
        const struct lab_sum_sizes all = sizes_of(self);                                 \
        return lab_sum_size(&all, self, what, C, size, why);                             \
    }

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
