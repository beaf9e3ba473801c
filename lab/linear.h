/*
 * lab/linear.h -- linear models: one loss phi of a prediction, averaged over the data.
 *
 *     f(x) = (1/n) sum_i phi(<a_i, x>; b_i) + (l2/2) ‖x‖^2 + h(x),   phi(.; b) convex
 *
 * Such a problem is a small file: phi and its slope, four facts about it, and the
 * functions below as its methods.  See problems/logistic.c (smooth phi) and
 * problems/l1_regression.c (phi with a kink).
 */
#ifndef LAB_LINEAR_H
#define LAB_LINEAR_H

#include "lab/plugin.h"
#include "lab/vector.h"

/** A separable term h(x) = sum_j h(x_j) >= 0 of f, for a problem that has one. */
struct lab_linear_penalty {
    /** h(x); adds weight h'(x) to g unless NULL.  NULL: there is no such term. */
    double (*add)(const void *self, double weight, const double *x, double *g);
    const char *name;       /**< "l1 ‖x‖_1" */
    double steepest;        /**< sup |h'(x_j)| */
    double curvature;       /**< sup |h''(x_j)|, met at 0; NAN: there is a kink */
    double least_curvature; /**< inf h''(x_j); < 0: not convex */
    double l1;              /**< for the solver: h = l1 ‖x‖_1 */
};

/** What makes one linear model differ from another; filled by the plug-in's open(). */
struct lab_linear_loss {
    enum lab_labels labels;
    enum lab_planted planted; /**< of synthetic data */
    /** phi and phi' of `count` pairs, a multiple of 8; slope NULL: phi only.
     *  LAB_LINEAR_EACH() writes it.  `self` is the problem. */
    void (*each)(const void *self, size_t count, const double *z, const double *b,
                 double *loss, double *slope);
    double steepest;        /**< sup |phi'|; INFINITY: it grows with z */
    double curvature;       /**< sup phi''; NAN: phi has a kink */
    double least_curvature; /**< inf phi'' >= 0 */
    bool curved_at_0;       /**< phi'' is `curvature` at z = 0, whatever b */
    double
        concordance; /**< the c with |phi'''| <= c phi''; see lab_linear_concordance() */
    /** phi'' >= *least and <= *most for z in [low, high], where it has no bound for all z.
     *  Optional. */
    void (*curvatures)(const void *self, double low, double high, double b, double *least,
                       double *most);
    /** For the solver, no kink: phi, phi' and phi'' at one z; if phi'' jumps, those of a
     *  twice differentiable phi_s, within O(s log(1/s)) of phi (see model()). */
    double (*smooth)(const void *self, double s, double z, double b, double *slope,
                     double *curvature);
    /** For the solver, phi with a kink: phi(z; b) = middle (z - b) + half |z - b|,
     *  |middle| <= half. */
    void (*kink)(const void *self, double b, double *middle, double *half);
    /** For lab_linear_lower(), no kink: phi*(y; b) = sup_z y z - phi(z; b), after *y was
     *  moved to the nearest slope that phi has or tends to.  phi >= 0. */
    double (*conjugate)(const void *self, double b, double *y);
    /** inf_z phi(z; b); NULL: 0. */
    double (*least)(const void *self, double b);
    struct lab_linear_penalty penalty;
};

/** Always the first member of the problem's own struct. */
struct lab_linear {
    struct lab_data_spec spec;
    double l2;
    struct lab_linear_loss loss;
    const struct lab_data *set;
};

/* clang-format off */
/** The option rows that all linear models share. */
#define LAB_LINEAR_PARAMS(default_data) \
    LAB_DATA_PARAMS(default_data), \
    LAB_PARAM(struct lab_linear, l2, 0.0, "[0,inf)", "weight of (l2/2)‖x‖^2")
/* clang-format on */

/**
 * Defines `each` from two expressions in z, b and p, the problem; inner loops of eight
 * make a value independent of its place in the array, to the last bit.
 */
#define LAB_LINEAR_EACH(each, owner, loss_of_z, slope_of_z)                              \
    LAB_HOT static void each(const void *self, size_t count, const double *restrict Z,   \
                             const double *restrict B, double *restrict losses,          \
                             double *restrict slopes)                                    \
    {                                                                                    \
        const owner *p = self;                                                           \
        (void)p;                                                                         \
        for (size_t first = 0; first < count; first += 8)                                \
            _Pragma("omp simd") for (size_t i = first; i < first + 8; i++)               \
            {                                                                            \
                double z = Z[i], b = B[i];                                               \
                losses[i] = loss_of_z;                                                   \
            }                                                                            \
        for (size_t first = 0; slopes && first < count; first += 8)                      \
            _Pragma("omp simd") for (size_t i = first; i < first + 8; i++)               \
            {                                                                            \
                double z = Z[i], b = B[i];                                               \
                slopes[i] = slope_of_z;                                                  \
            }                                                                            \
    }

/** Opens the data; `self` is the problem.  0, or lab_fail(). */
int lab_linear_open(void *self, struct lab_linear_loss loss, struct lab_facts *facts,
                    struct lab_error *err);
/** z_i = <a_i, x> for rows first .. first+rows-1. */
void lab_linear_predict_rows(const void *self, size_t first, size_t rows, const double *x,
                             double *z);
/** The same for all rows. */
void lab_linear_predict(const void *self, const double *x, double *z);

/* Methods of a problem; see plugin.h. */
void lab_linear_close(void *self);
void lab_linear_constants(void *self, const struct lab_domain *C,
                          struct lab_facts *facts);
void lab_linear_gradient(const void *self, const struct lab_sample *sample,
                         size_t replicas, const double *x, double *g, double *loss);
void lab_linear_objective(const void *self, size_t count, const double *x, double *f,
                          double *g);
void lab_linear_components(const void *self, const double *x, double *loss,
                           double *grad2);
int lab_linear_sizes(const void *self, enum lab_size what, const struct lab_domain *C,
                     double *size, struct lab_error *why);
double lab_linear_model(const void *self, double smoothing, const double *x, double *g,
                        double *H);
double lab_linear_concordance(const void *self);
/** Labels -1 and +1, losses that are 0 from margin 1 on: separable data. */
bool lab_linear_attain(const void *self, double *x);
/** For a phi with a kink or a conjugate. */
double lab_linear_lower(const void *self, double smoothing, const struct lab_domain *C,
                        const double *x);

/** Of losses without a penalty of their own; see linear_infima.c. */
int lab_linear_infima(const void *self, double *low, struct lab_error *why);

/* ---- squared errors, l1 ‖x‖_1 + (l2/2) ‖x‖^2: lasso and elastic net ------ */

/**
 * Composite: h(x) = l1 ‖x‖_1 + (l2/2) ‖x‖^2 has the prox sign(x) (|x| - eta l1)_+/(1 + eta l2),
 * componentwise.  gradient() and objective() are of f, with the subgradient l1 sign(x),
 * sign(0) = 0.  The first member of the problem's own struct; linear.l2 may be 0.
 */
struct lab_elastic {
    struct lab_linear linear;
    double l1;
};

int lab_elastic_open(void *self, struct lab_facts *facts, struct lab_error *err);
double lab_elastic_penalty(const void *self, double weight, const double *x, double *g);
void lab_elastic_prox(const void *self, double eta, size_t replicas, double *x);
int lab_elastic_infima(const void *self, double *low, struct lab_error *why);

#endif
