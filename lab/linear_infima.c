/*
 * lab/linear_infima.c -- infima over R^d of the sampled losses of linear models.
 *
 *     l_i(x) = phi(<a_i, x>; b_i) + (l2/2) ‖x‖^2
 *
 * Of all x with <a, x> = z the shortest has ‖x‖ = |z|/‖a‖ (Cauchy-Schwarz), so for a != 0 the
 * infimum is that of psi(z) = phi(z) + (pull/2) z^2 over the line, pull = l2/‖a‖^2; for a = 0
 * it is phi(0).  Without pull it is a property of phi, see `least` in linear.h.  With it psi'
 * grows, and since phi' does, the zero of psi' lies between 0 and -phi'(0)/pull.  Halving to
 * neighbouring doubles u < v and the tangents there give a lower bound, also at a kink:
 *
 *     psi >= max(psi(u) + psi'(u) (v - u), psi(v) - psi'(v) (v - u))    on [u, v]
 *
 * Cross-entropy of K classes: x = (x_k), z_k = <a, x_k>, and the same with z in R^K.  The
 * minimiser is unique and does not change if classes other than b change places, and its
 * gradient p - e_b + pull z sums up to 0: z_b = (K-1) u/K and z_k = -u/K, whence
 *
 *     psi(u) = log(1 + (K-1) exp(-u)) + (pull/2) (K-1)/K u^2
 *
 * Squared error with l1 ‖x‖_1: by duality (Fenchel), with phi*(y; b) = y^2/2 + y b and y = -w
 * sign(b), which is a lower bound for any w and attained for the best one,
 *
 *     inf l_i = max over w >= 0 of w |b| - w^2/2 - sum_j (|a_j| w - l1)_+^2/(2 l2)
 *
 * For l2 = 0 the sum becomes the constraint |a_j| w <= l1 for all j.
 */
#include <stdlib.h>

#include "lab/multiclass.h"
#include "lab/rows.h"

static const double FAR = 1e300; /* no end of a bracket lies beyond */

/* phi and phi' of a function of one variable. */
struct line {
    double (*phi)(const struct line *l, double z, double *slope);
    const struct lab_linear *p;
    double b; /* label; of classes, how many others there are */
};

static double of_model(const struct line *l, double z, double *slope)
{
    double Z[8], B[8], loss[8], slopes[8];
    for (size_t k = 0; k < 8; k++)
        Z[k] = z, B[k] = l->b;
    l->p->loss.each(l->p, 8, Z, B, loss, slopes);
    *slope = slopes[0];
    return loss[0];
}

static double of_classes(const struct line *l, double u, double *slope)
{
    const double e = l->b * exp(-u);
    *slope = -e / (1.0 + e);
    return log1p(e);
}

/* psi >= this on the side where it falls, which ends `width` from z. */
static double tangent(const struct line *l, double pull, double z, double width)
{
    double slope;
    const double value = l->phi(l, z, &slope) + 0.5 * pull * z * z;
    return value - fabs(slope + pull * z) * width;
}

/* A lower bound of psi, to rounding its infimum; pull > 0. */
static double lowest(const struct line *l, double pull)
{
    double slope, at_0 = l->phi(l, 0.0, &slope);
    const double end = -fmin(fmax(slope / pull, -FAR), FAR);
    double u = fmin(end, 0.0), v = fmax(end, 0.0);
    if (u == v)
        return at_0;
    for (double z; z = u + 0.5 * (v - u), z > u && z < v;) {
        l->phi(l, z, &slope);
        if (slope + pull * z < 0.0)
            u = z;
        else
            v = z;
    }
    return fmax(tangent(l, pull, u, v - u), tangent(l, pull, v, v - u));
}

/* max_j |a_ij| */
static double greatest(const struct lab_data *set, size_t i)
{
    const struct lab_row row = lab_row_at(set, i);
    double most = 0.0;
    for (size_t k = 0; k < row.count; k++)
        most = fmax(most, fabs(row.value[k]));
    return most;
}

/* l2/‖a_i‖^2, infinite for a = 0, also without l2. */
static double pull_of(const struct lab_linear *p, size_t i)
{
    return greatest(p->set, i) == 0.0 ? INFINITY
           : p->l2 == 0.0             ? 0.0
                                      : p->l2 / lab_row_norm2(p->set, i);
}

int lab_linear_infima(const void *self, double *low, struct lab_error *why)
{
    const struct lab_linear *p = self;
    (void)why;
    for (size_t i = 0; i < p->set->n; i++) {
        const struct line l = {of_model, p, p->set->b[i]};
        const double pull = pull_of(p, i);
        const double least = p->loss.least ? p->loss.least(p, l.b) : 0.0;
        low[i] = pull > 0.0 ? fmax(least, lowest(&l, pull)) : least;
    }
    return 0;
}

int lab_multiclass_infima(const void *self, double *low, struct lab_error *why)
{
    const struct lab_linear *p = self;
    const double K = (double)p->set->classes;
    const struct line l = {of_classes, p, K - 1.0};
    (void)why;
    for (size_t i = 0; i < p->set->n; i++) {
        const double pull = pull_of(p, i) * (K - 1.0) / K;
        low[i] = pull > 0.0 ? fmax(0.0, lowest(&l, pull)) : 0.0;
    }
    return 0;
}

/* ---- squared errors and l1 ‖x‖_1 ---------------------------------------- */

/* The dual function at w for one row; its slope. */
static double dual(const struct lab_elastic *p, struct lab_row row, double b, double w,
                   double *slope)
{
    const double l2 = p->linear.l2;
    double paid = 0.0;
    *slope = b - w;
    for (size_t k = 0; k < row.count; k++) {
        const double a = fabs(row.value[k]), over = fmax(a * w - p->l1, 0.0);
        paid += over > 0.0 ? over * (over / l2) : 0.0;
        *slope -= over > 0.0 ? a * (over / l2) : 0.0;
    }
    return w * b - 0.5 * w * w - 0.5 * paid;
}

/* Its greatest value. */
static double greatest_dual(const struct lab_elastic *p, struct lab_row row, double b)
{
    double u = 0.0, v = b, slope;
    for (double w; w = u + 0.5 * (v - u), w > u && w < v;) {
        dual(p, row, b, w, &slope);
        if (slope > 0.0)
            u = w;
        else
            v = w;
    }
    return fmax(dual(p, row, b, u, &slope), dual(p, row, b, v, &slope));
}

int lab_elastic_infima(const void *self, double *low, struct lab_error *why)
{
    const struct lab_elastic *p = self;
    const struct lab_data *set = p->linear.set;
    (void)why;
    for (size_t i = 0; i < set->n; i++) {
        const double b = fabs(set->b[i]), w = fmin(b, p->l1 / greatest(set, i));
        low[i] = p->linear.l2 > 0.0 ? greatest_dual(p, lab_row_at(set, i), b)
                                    : w * (b - 0.5 * w);
    }
    return 0;
}
