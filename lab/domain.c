/*
 * lab/domain.c -- the geometry of a domain: projections, extents; see domain.h.
 *
 *   ball     {‖x - center‖ <= radius}    P(x) = c + (x - c) min(1, radius/‖x - c‖)
 *   box      {lower <= x <= upper}       P(x)_i = x_i, cut at the nearer bound
 *   simplex  {x >= 0, sum x = 1}         P(x)_i = max(x_i - theta, 0)
 *
 * The theta of the simplex by sorting: Held, Wolfe, Crowder (1974), "Validation of
 * subgradient optimization"; Duchi, Shalev-Shwartz, Singer, Chandra (2008), fig. 1.
 * What is not a number stays so: a diverged run must not look like one on the border.
 */
#include "lab/domain.h"

#include <float.h>
#include <gsl/gsl_cblas.h>
#include <gsl/gsl_sort.h>
#include <stdlib.h>
#include <string.h>

#include "lab/plugin.h" /* LAB_HOT */

/* ---- projections --------------------------------------------------------- */

/* ‖x - c‖.  Eight sums in a fixed order, so that a row's result does not depend on where
 * it lies in memory; in a second pass if squares over- or underflow. */
static inline double distance(size_t d, const double *x, const double *c)
{
    double sum[8] = {0}, most = 0.0, scaled = 0.0;
    size_t whole = d - d % 8;
    for (size_t i = 0; i < whole; i += 8)
        for (size_t k = 0; k < 8; k++)
            sum[k] += (x[i + k] - c[i + k]) * (x[i + k] - c[i + k]);
    for (size_t i = whole; i < d; i++)
        sum[i - whole] += (x[i] - c[i]) * (x[i] - c[i]);
    double square =
        ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
    if ((square > DBL_MIN / DBL_EPSILON && square <= DBL_MAX) || isnan(square))
        return sqrt(square);

    for (size_t i = 0; i < d; i++)
        most = fmax(most, fabs(x[i] - c[i]));
    if (most == 0.0 || isinf(most))
        return most;
    for (size_t i = 0; i < d; i++)
        scaled += (x[i] - c[i]) / most * ((x[i] - c[i]) / most);
    return most * sqrt(scaled);
}

LAB_HOT static void project_ball(const struct lab_domain *c, size_t replicas, double *x)
{
    const double *restrict center = c->center;
    for (size_t r = 0; r < replicas; r++, x += c->d) {
        double far = distance(c->d, x, center);
        if (!(far > c->radius))
            continue; /* inside: not a bit changes */
        double shrink = c->radius / far;
        for (size_t i = 0; i < c->d; i++)
            x[i] = center[i] + (x[i] - center[i]) * shrink;
    }
}

LAB_HOT static void project_box(const struct lab_domain *c, size_t replicas,
                                double *restrict x)
{
    const double *restrict lower = c->lower, *restrict upper = c->upper;
    for (size_t r = 0; r < replicas; r++, x += c->d)
        for (size_t i = 0; i < c->d; i++) /* fmin and fmax would swallow a NaN */
            x[i] = x[i] < lower[i] ? lower[i] : x[i] > upper[i] ? upper[i] : x[i];
}

/* Taking the greatest coordinate off first changes nothing but the rounding: what counts
 * then lies in (-1, 0]. */
static void project_simplex(size_t d, double *x, double *sorted)
{
    double top = x[0], sum = 0.0, theta = -1.0;
    for (size_t i = 0; i < d; i++)
        top = x[i] > top ? x[i] : top;
    for (size_t i = 0; i < d; i++)
        sorted[i] = top - x[i];
    gsl_sort(sorted, 1, d); /* from the greatest coordinate to the least */
    for (size_t k = 0; k < d; k++) {
        sum -= sorted[k];
        double shift = (sum - 1.0) / (double)(k + 1);
        if (!(-sorted[k] > shift))
            break;
        theta = shift;
    }
    for (size_t i = 0; i < d; i++) {
        double left = (x[i] - top) - theta;
        x[i] = left <= 0.0 ? 0.0 : left; /* NaN stays */
    }
}

void lab_domain_project(const struct lab_domain *c, size_t replicas, double *x)
{
    switch (c->kind) {
    case LAB_NO_DOMAIN: return;
    case LAB_BALL: project_ball(c, replicas, x); return;
    case LAB_BOX: project_box(c, replicas, x); return;
    case LAB_SIMPLEX: break;
    }
    double *sorted = lab_alloc(c->d, sizeof *sorted);
    for (size_t r = 0; r < replicas; r++)
        project_simplex(c->d, x + r * c->d, sorted);
    free(sorted);
}

/* ---- what theorems and solvers ask --------------------------------------- */

bool lab_domain_contains(const struct lab_domain *c, const double *x, double tolerance)
{
    double sum = 0.0, size;
    switch (c->kind) {
    case LAB_BALL:
        size = fmax(c->radius, cblas_dnrm2((int)c->d, c->center, 1));
        return distance(c->d, x, c->center) <= c->radius + tolerance * size;
    case LAB_BOX:
        for (size_t i = 0; i < c->d; i++) {
            size = tolerance * fmax(fabs(c->lower[i]), fabs(c->upper[i]));
            if (!(x[i] >= c->lower[i] - size && x[i] <= c->upper[i] + size))
                return false;
        }
        return true;
    case LAB_SIMPLEX:
        for (size_t i = 0; i < c->d; sum += x[i++])
            if (!(x[i] >= -tolerance))
                return false;
        return fabs(sum - 1.0) <= tolerance;
    case LAB_NO_DOMAIN: break;
    }
    for (size_t i = 0; i < c->d; i++)
        if (isnan(x[i]))
            return false;
    return true;
}

void lab_domain_extent(const struct lab_domain *c, const double *a, double *least,
                       double *greatest)
{
    double norm = cblas_dnrm2((int)c->d, a, 1), low = 0.0, high = 0.0;
    switch (c->kind) {
    case LAB_NO_DOMAIN: low = norm == 0.0 ? 0.0 : -INFINITY, high = -low; break;
    case LAB_BALL:
        low = high = cblas_ddot((int)c->d, a, 1, c->center, 1);
        low -= c->radius * norm, high += c->radius * norm;
        break;
    case LAB_BOX:
        for (size_t i = 0; i < c->d; i++) {
            low += a[i] * (a[i] > 0.0 ? c->lower[i] : c->upper[i]);
            high += a[i] * (a[i] > 0.0 ? c->upper[i] : c->lower[i]);
        }
        break;
    case LAB_SIMPLEX:
        low = high = a[0];
        for (size_t i = 1; i < c->d; i++)
            low = fmin(low, a[i]), high = fmax(high, a[i]);
        break;
    }
    *least = low, *greatest = high;
}

void lab_domain_extent_sparse(const struct lab_domain *c, size_t count,
                              const uint32_t *column, const double *a, double *least,
                              double *greatest)
{
    const double norm = cblas_dnrm2((int)count, a, 1);
    double low = 0.0, high = 0.0;
    if (c->kind == LAB_NO_DOMAIN)
        low = norm == 0.0 ? 0.0 : -INFINITY, high = -low;
    if (c->kind == LAB_SIMPLEX && count == c->d)
        low = INFINITY, high = -INFINITY;
    for (size_t k = 0; k < count; k++) {
        const size_t i = column[k];
        switch (c->kind) {
        case LAB_NO_DOMAIN: break;
        case LAB_BALL: low += a[k] * c->center[i], high = low; break;
        case LAB_BOX:
            low += a[k] * (a[k] > 0.0 ? c->lower[i] : c->upper[i]);
            high += a[k] * (a[k] > 0.0 ? c->upper[i] : c->lower[i]);
            break;
        case LAB_SIMPLEX: low = fmin(low, a[k]), high = fmax(high, a[k]); break;
        }
    }
    if (c->kind == LAB_BALL)
        low -= c->radius * norm, high += c->radius * norm;
    *least = low, *greatest = high;
}

void lab_domain_box(const struct lab_domain *c, double *lower, double *upper)
{
    for (size_t i = 0; i < c->d; i++)
        switch (c->kind) {
        case LAB_NO_DOMAIN: lower[i] = -INFINITY, upper[i] = INFINITY; break;
        case LAB_BALL:
            lower[i] = nextafter(c->center[i] - c->radius, -INFINITY);
            upper[i] = nextafter(c->center[i] + c->radius, INFINITY);
            break;
        case LAB_BOX: lower[i] = c->lower[i], upper[i] = c->upper[i]; break;
        case LAB_SIMPLEX: lower[i] = 0.0, upper[i] = 1.0; break;
        }
}

void lab_domain_minimise_linear(const struct lab_domain *c, const double *g, double *s)
{
    double norm = cblas_dnrm2((int)c->d, g, 1);
    size_t least = 0;
    switch (c->kind) {
    case LAB_NO_DOMAIN: LAB_BUG("a linear function has no minimum over R^d");
    case LAB_BALL:
        for (size_t i = 0; i < c->d; i++)
            s[i] = c->center[i] - (norm > 0.0 ? c->radius * (g[i] / norm) : 0.0);
        return;
    case LAB_BOX:
        for (size_t i = 0; i < c->d; i++)
            s[i] = g[i] > 0.0 ? c->lower[i] : c->upper[i];
        return;
    case LAB_SIMPLEX:
        for (size_t i = 0; i < c->d; s[i++] = 0.0)
            if (g[i] < g[least])
                least = i;
        s[least] = 1.0;
    }
}

double lab_domain_diameter(const struct lab_domain *c)
{
    switch (c->kind) {
    case LAB_BALL: return 2.0 * c->radius;
    case LAB_BOX: return distance(c->d, c->upper, c->lower);
    case LAB_SIMPLEX: return c->d > 1 ? sqrt(2.0) : 0.0;
    case LAB_NO_DOMAIN: break;
    }
    return INFINITY;
}

double lab_domain_farthest(const struct lab_domain *c, const double *p)
{
    double *far = lab_alloc(2 * c->d, sizeof *far), *from = far + c->d, most = INFINITY;
    if (p)
        memcpy(from, p, c->d * sizeof *p);
    switch (c->kind) {
    case LAB_NO_DOMAIN: break;
    case LAB_BALL: most = distance(c->d, from, c->center) + c->radius; break;
    case LAB_BOX:
        for (size_t i = 0; i < c->d; i++)
            far[i] =
                from[i] - c->lower[i] > c->upper[i] - from[i] ? c->lower[i] : c->upper[i];
        most = distance(c->d, far, from);
        break;
    case LAB_SIMPLEX: /* a convex function is greatest at a vertex: where p is least */
        lab_domain_minimise_linear(c, from, far);
        most = distance(c->d, far, from);
        break;
    }
    free(far);
    return most;
}

void lab_domain_reach(const struct lab_domain *c, double *reach)
{
    double *lower = lab_alloc(c->d, sizeof *lower);
    lab_domain_box(c, lower, reach);
    for (size_t i = 0; i < c->d; i++)
        reach[i] = fmax(reach[i], -lower[i]);
    free(lower);
}
