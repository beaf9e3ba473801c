/*
 * lab/expression.h -- a formula that the user wrote, as a small program.
 *
 *     x^2 + 3*sin(x)^2          sum(i, 0, 8, 100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2)
 *
 * numbers      1  .5  1e-3, the constants pi and e
 * variables    the scalars that the caller names, and one array: x[0], x[17]; a bare x means
 *              x[0], and only if no other coordinate is named
 * operators    + - * / ^ (also **), from left to right but ^ from right to left, ^ before the sign
 *              before it: -x^2 = -(x^2), 2^3^2 = 2^9, 2^-1 = 0.5
 * functions    sin cos tan asin acos atan sinh cosh tanh exp log log2 log10 log1p expm1 sqrt
 *              cbrt abs sign softplus(a) = log(1 + e^a), sigmoid(a) = 1/(1 + e^-a), pow(a, b),
 *              hypot(a, b), min(a, b, ...), max(a, b, ...)
 * sums         sum(i, FIRST, LAST, TERM): written out when read; i is a number in TERM
 *
 * Whole powers are products.  Where f has a kink a subgradient is taken: 0 of abs at 0, of sign
 * and of hypot at (0, 0); of min and max that of the first of equal arguments.  In a derivative
 * the product of 0 and an infinite factor is 0: what does not reach f does not count.  A value
 * that is not finite has the gradient NAN.
 *
 * An expression is read-only after parsing and may be shared between threads.
 */
#ifndef LAB_EXPRESSION_H
#define LAB_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "lab/error.h"

enum {
    LAB_EXPRESSION_BYTES = 1 << 16,      /**< most of a text */
    LAB_EXPRESSION_COORDINATES = 10000,  /**< most of an array */
    LAB_EXPRESSION_OPERATIONS = 1 << 18, /**< most, of value and gradient together */
    LAB_EXPRESSION_DEPTH = 200, /**< most brackets, signs and powers in each other */
};

struct lab_expression;

/**
 * Reads a formula.  `scalars`: names of the scalar variables, ends with NULL (or NULL: none);
 * `array`: name of the array (NULL: none).  NULL with a message that begins with the column, in
 * characters from 1: "column 7: unknown function 'sine' (did you mean 'sin'?)".
 */
struct lab_expression *lab_expression_parse(const char *text, const char *const *scalars,
                                            const char *array, struct lab_error *err);
void lab_expression_free(struct lab_expression *e);

/** One more than the highest index of the array; 0: it is not used. */
size_t lab_expression_dimension(const struct lab_expression *e);

/**
 * f at `count` points, and the gradient with respect to the array unless g is NULL.  Point k
 * is x[k*d .. k*d+d-1] with d >= the dimension, its gradient likewise.  `scalar` has the values of
 * the scalars, the same for all points.  A point's result does not depend on the others.
 */
void lab_expression_evaluate(const struct lab_expression *e, const double *scalar,
                             size_t d, size_t count, const double *x, double *f,
                             double *g);
/** The same for one value; scalar and x may be NULL if there are none. */
double lab_expression_value(const struct lab_expression *e, const double *scalar,
                            const double *x);

/**
 * f with its Hessian where the gradient would be: d*d numbers, row after row, d >= the
 * dimension.  Evaluate it one point at a time, with d*d for d.  NULL if it is too long.
 */
struct lab_expression *lab_expression_hessian(const struct lab_expression *e, size_t d);

/**
 * True only if f is proved to be convex in the array, where it is defined, by the rules of
 * disciplined convex programming (Grant, Boyd & Ye 2006): curvature from operation to operation.
 */
bool lab_expression_is_convex(const struct lab_expression *e);

/**
 * Upper bound of sup ‖grad f‖ over the box lower <= x <= upper (d numbers each, which may be
 * infinite), by interval arithmetic rounded outward.  0; or -1 with the reason if it finds none.
 */
int lab_expression_steepest(const struct lab_expression *e, size_t d, const double *lower,
                            const double *upper, double *most, struct lab_error *why);
/**
 * Bounds of all eigenvalues of the Hessian over the box, perhaps infinite: interval arithmetic,
 * then Gershgorin's circles.  0; or -1 with the reason, as where f has a kink.
 */
int lab_expression_curvature(const struct lab_expression *e, size_t d,
                             const double *lower, const double *upper, double *least,
                             double *greatest, struct lab_error *why);

struct lab_facts;
struct lab_domain;
/** G, G2, L, L_max and mu of f over a domain, or why they are not known. */
void lab_expression_constants(const struct lab_expression *e, const struct lab_domain *C,
                              struct lab_facts *facts);

#endif
