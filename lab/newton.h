/*
 * lab/newton.h -- Newton's method for phi = F + tau B (+ lambda ‖x - center‖^2/2 in a
 * ball): F a problem's smooth model, B the barrier of a domain.  The engine of
 * lab/minimise.c.
 */
#ifndef LAB_NEWTON_H
#define LAB_NEWTON_H

#include "lab/plugin.h"

struct lab_newton {
    const struct lab_problem *problem;
    const void *self;
    const struct lab_domain *C;
    size_t d;
    double smoothing;  /**< of the model */
    double tau;        /**< weight of the barrier; 0: none */
    double lambda;     /**< multiplier of a ball; 0: none */
    bool *fixed;       /**< coordinates that do not move */
    bool sum;          /**< sum x does not change (simplex) */
    double *x, *g, *H; /**< the point; gradient and Hessian of F there */
    double *b;         /**< gradient of B there */
    double F, value;   /**< F(x), phi(x) */
    double *p;         /**< the last step */
    double multiplier; /**< of the constraint on that step */
    size_t steps;      /**< taken so far */
    bool spectral;     /**< how the system is factored */
    double *K, *w; /**< Cholesky factor, scales; or eigenvectors (rows), eigenvalues */
    double *a, *q, *r, *from, *ones; /**< scratch; (1, ..., 1) */
};

enum lab_newton_end {
    LAB_NEWTON_CENTRED, /**< decrement below the tolerance, or step below rounding */
    LAB_NEWTON_LIMIT,   /**< out of steps */
    LAB_NEWTON_STUCK,   /**< no shorter step decreases phi: at the level of rounding */
};

void lab_newton_new(struct lab_newton *n, const struct lab_problem *problem,
                    const void *self, const struct lab_domain *C, size_t d);
void lab_newton_free(struct lab_newton *n);

/** F, B and their derivatives at n->x.  False if phi is not finite there. */
bool lab_newton_evaluate(struct lab_newton *n);
/** Factors the system matrix H + tau B'' + lambda I at n->x, fixed coordinates cut out;
 *  `spectral`: by eigenvalues even if Cholesky would do. */
void lab_newton_factor(struct lab_newton *n, bool spectral);
/** u <- (factored matrix)^+ u. */
void lab_newton_solve(struct lab_newton *n, double *u);
/** grad phi at n->x, in n->r. */
double *lab_newton_residual(struct lab_newton *n);
/** n->p <- argmin <r, p> + p'Kp/2 over the p that keep what is fixed, subject to
 *  <normal, p> = change; returns <r, p>.  NULL: (1, ..., 1) if the sum is kept, else
 *  nothing. */
double lab_newton_step(struct lab_newton *n, const double *r, const double *normal,
                       double change);
/** Minimises phi from n->x, where it was evaluated, until the squared Newton decrement is
 *  at most `tolerance`.  CENTRED leaves the system factored at n->x. */
enum lab_newton_end lab_newton_centre(struct lab_newton *n, double tolerance,
                                      size_t limit);

/** Least eigenvalue that counts as positive in a d x d matrix whose greatest is `most`.
 */
static inline double lab_newton_rank_tolerance(size_t d, double most)
{
    return (double)d * 2.3e-16 * most;
}

#endif
